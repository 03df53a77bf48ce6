using Sequence.Daemon.Watching;
using Sequence.Forecasting;
using Sequence.Numerics;

namespace Sequence.Daemon.Tests.Watching;

[TestClass]
public sealed class ErrorDriftTests
{
    private static readonly PageHinkley Test = new() { Tolerance = 0.1, Threshold = 50 };

    [TestMethod]
    [DataRow(0, double.MaxValue)]
    [DataRow(0, double.PositiveInfinity)]
    [DataRow(20, double.MaxValue)]
    [DataRow(29, 1e300)]
    [DataRow(100, double.MaxValue)]
    [DataRow(100, double.NaN)]
    public void Observe_AfterAFreakError_StaysFiniteAndStillFindsARise(int at, double freak)
    {
        var (drift, random) = (new ErrorDrift(Test), new CounterRandom(7));
        Run(0, 600, 1, freak);
        Assert.IsFalse(Run(600, 1200, 1, null));
        Assert.IsTrue(Run(1200, 1400, 4, null));

        bool Run(int from, int to, double size, double? with)
        {
            var found = false;
            for (var index = from; index < to; index++)
            {
                found |= drift.Observe(index == at && with is { } one ? one : size * random.NextGaussian()) is not null;
                Assert.IsTrue(double.IsFinite(drift.Excess));
            }

            return found;
        }
    }

    [TestMethod]
    public void Observe_OfAFreakErrorLater_FindsItOnce()
    {
        var (drift, random) = (new ErrorDrift(Test), new CounterRandom(8));
        List<double> found = [];
        for (var index = 0; index < 400; index++)
        {
            if (drift.Observe(index == 200 ? double.MaxValue : random.NextGaussian()) is { } excess)
            {
                found.Add(excess);
            }
        }

        Assert.IsTrue(double.IsFinite(Assert.ContainsSingle(found)));
    }
}
