namespace Sequence.Numerics.Tests.Support;

[TestClass]
public sealed class ErrorAssertionsTests
{
    [TestMethod]
    [DataRow(1.0, 1.0)]
    [DataRow(1.0, -2.0)]
    [DataRow(0.0, 0.0)]
    public void IsWithin_OfNumberWithinBound_Passes(double bound, double value) => Assert.That.IsWithin(bound, value);

    [TestMethod]
    [DataRow(1.0, 1.001)]
    [DataRow(1.0, double.NaN)]
    [DataRow(1.0, double.PositiveInfinity)]
    [DataRow(double.NaN, 0.0)]
    [DataRow(double.PositiveInfinity, 0.0)]
    public void IsWithin_OfAnythingElse_Fails(double bound, double value) =>
        Assert.ThrowsExactly<AssertFailedException>(() => Assert.That.IsWithin(bound, value));
}
