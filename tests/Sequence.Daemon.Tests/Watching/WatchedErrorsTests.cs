using Sequence.Daemon.Watching;

namespace Sequence.Daemon.Tests.Watching;

[TestClass]
public sealed class WatchedErrorsTests
{
    [TestMethod]
    public void Measure_OfErrorsWhoseSquaresAreBeyondASingle_IsTheirRoot()
    {
        var measures = WatchedErrors.Measure([WatchedErrors.Of(3e25), WatchedErrors.Of(-4e25)], 1e25);
        Assert.AreEqual(3.5e25, measures.MeanAbsoluteError!.Value, 1e19);
        Assert.AreEqual(Math.Sqrt(12.5) * 1e25, measures.RootMeanSquaredError!.Value, 1e19);
        Assert.AreEqual(-0.5e25, measures.Bias!.Value, 1e19);
        Assert.AreEqual(3.5, measures.MeanAbsoluteScaledError!.Value, 1e-6);
    }

    [TestMethod]
    public void Measure_OfErrorsThatCannotBeSaid_IsNull()
    {
        var measures = WatchedErrors.Measure([WatchedErrors.Of(double.MaxValue), WatchedErrors.Of(-double.MaxValue)], 1);
        Assert.AreEqual(new ErrorMeasures(2, null, null, null, null), measures);
        Assert.IsNull(WatchedErrors.Measure([WatchedErrors.Of(1)], double.PositiveInfinity).MeanAbsoluteScaledError);
    }
}
