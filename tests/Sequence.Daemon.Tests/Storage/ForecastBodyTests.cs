using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Tests.Storage;

[TestClass]
public sealed class ForecastBodyTests
{
    [TestMethod]
    public void Read_OfABodyWithoutEffectiveLevels_HasNone()
    {
        const string Old =
            """
            {"SeriesId":"a","Origin":"2026-01-01T00:00:00+00:00","Timestamps":["2026-01-02T00:00:00+00:00"],"Mean":[0.3333333333333333],
            "Intervals":[{"Level":80,"Lower":[0],"Upper":[1]}],"Horizon":1}
            """;
        var issued = ForecastBody.Read("m", "h", Old);
        Assert.AreEqual("a", issued.Forecast.SeriesId);
        Assert.AreEqual(1 / 3.0, issued.Forecast.Mean.Single());
        Assert.AreEqual(80, issued.Forecast.Intervals.Single().Level);
        Assert.IsEmpty(issued.EffectiveLevels);
    }
}
