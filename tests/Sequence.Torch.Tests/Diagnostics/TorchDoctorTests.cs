namespace Sequence.Torch.Tests.Diagnostics;

[TestClass]
public sealed class TorchDoctorTests
{
    [TestMethod]
    public void Examine_TestHost_HasNoFailureAndNoConcurrentCollector()
    {
        var findings = TorchDoctor.Examine(Path.GetTempPath());

        Assert.IsEmpty(findings.Where(finding => finding.Verdict == DoctorVerdict.Failure));
        Assert.AreEqual(DoctorVerdict.Ok, findings.Single(finding => finding.Name.Equals("garbage collector", StringComparison.Ordinal)).Verdict);
        StringAssert.StartsWith(
            findings.Single(finding => finding.Name.Equals("libtorch", StringComparison.Ordinal)).Found,
            LibtorchBootstrap.LibtorchVersion,
            StringComparison.Ordinal);
        Assert.IsEmpty(findings.Where(finding => finding.Found.StartsWith("could not be checked", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Examine_MissingFolder_FailsThatCheckAndSaysWhatToDo()
    {
        var missing = Path.Combine(Path.GetTempPath(), $"missing-{Guid.NewGuid():n}");

        var disk = TorchDoctor.Examine(missing).Single(finding => finding.Name.Equals("disk", StringComparison.Ordinal));

        Assert.AreEqual(DoctorVerdict.Failure, disk.Verdict);
        StringAssert.Contains(disk.Found, missing, StringComparison.Ordinal);
        Assert.IsNotNull(disk.Remedy);
    }

    [TestMethod]
    public void Examine_EveryWarningAndFailure_HasARemedy()
    {
        foreach (var finding in TorchDoctor.Examine("/nowhere at all").Where(finding => finding.Verdict != DoctorVerdict.Ok))
        {
            Assert.IsFalse(string.IsNullOrEmpty(finding.Remedy), finding.Name);
        }
    }
}
