using System.Text.Json;
using Sequence.Daemon.Jobs;

namespace Sequence.Daemon.Tests.Jobs;

[TestClass]
public sealed class JobArgumentsTests
{
    [TestMethod]
    public void Options_ThatAreKnown_BecomeArguments()
    {
        var arguments = JobArguments.Read(JobKind.Train, Options("""{"model":"lstm-20","lookBack":20,"learningRate":1e-3,"calibrationFraction":0.25}"""));
        CollectionAssert.AreEqual(new[] { "--model=lstm-20", "--look-back=20", "--learning-rate=0.001", "--calibration-fraction=0.25" }, arguments);
        arguments = JobArguments.Read(JobKind.WalkForward, Options("""{"models":"theta,ar-3","levels":"80,95","firstOrigin":"2021-12-31","refitEvery":0}"""));
        CollectionAssert.AreEqual(new[] { "--models=theta,ar-3", "--levels=80,95", "--first-origin=2021-12-31", "--refit-every=0" }, arguments);
    }

    [TestMethod]
    [DataRow("""{"out":"/etc"}""")]
    [DataRow("""{"data":"x"}""")]
    [DataRow("""{"look-back":20}""")]
    [DataRow("""{"LookBack":20}""")]
    [DataRow("""{"model":"--out=/etc"}""")]
    [DataRow("""{"model":"lstm --out=/etc"}""")]
    [DataRow("""{"model":"lstm\n"}""")]
    [DataRow("""{"model":"../lstm"}""")]
    [DataRow("""{"model":""}""")]
    [DataRow("""{"model":5}""")]
    [DataRow("""{"model":["lstm"]}""")]
    [DataRow("""{"model":"$(reboot)"}""")]
    [DataRow("""{"epochs":"5"}""")]
    [DataRow("""{"epochs":0}""")]
    [DataRow("""{"epochs":1e99}""")]
    [DataRow("""{"epochs":1.5}""")]
    [DataRow("""{"learningRate":-1}""")]
    [DataRow("""{"epochs":null}""")]
    [DataRow("""{"models":"theta"}""")]
    public void Options_OfAnythingElse_AreRefused(string json) => Assert.AreEqual(
        DaemonFault.Invalid, Assert.ThrowsExactly<DaemonException>(() => JobArguments.Read(JobKind.Train, Options(json))).Fault);

    [TestMethod]
    public void Options_OfManyFaults_NameThemAll()
    {
        var error = Assert.ThrowsExactly<DaemonException>(() => JobArguments.Read(JobKind.Train, Options("""{"nonsense":1,"epochs":0,"scaler":"A B"}""")));
        foreach (var name in (string[])["nonsense", "epochs", "scaler"])
        {
            Assert.Contains($"'{name}'", error.Message);
        }
    }

    private static Dictionary<string, JsonElement> Options(string json) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
}
