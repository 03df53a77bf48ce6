using Sequence.Daemon.Watching;
using Sequence.Data;

namespace Sequence.Daemon.Tests.Watching;

[TestClass]
public sealed class WatchedOriginsTests
{
    [TestMethod]
    [DataRow("S")]
    [DataRow("15min")]
    [DataRow("H")]
    [DataRow("D")]
    [DataRow("3D")]
    [DataRow("B")]
    [DataRow("2B")]
    [DataRow("W")]
    [DataRow("M")]
    [DataRow("Q")]
    [DataRow("Y")]
    public void Includes_OfAnyGrid_IsOneOfEachStretch(string code)
    {
        var frequency = Frequency.Parse(code);
        var first = frequency.Unit == FrequencyUnit.BusinessDay ? new DateTimeOffset(2020, 1, 1, 9, 0, 0, TimeSpan.Zero) : Days.First.AddMinutes(17);
        foreach (var horizon in (int[])[1, 16, 17, 24, 48, 100, 384, 1000])
        {
            var origins = new WatchedOrigins(frequency, horizon);
            var stretch = (horizon + 15) / 16;
            const int Rows = 1200;
            var watched = Enumerable.Range(0, Rows).Count(row => origins.Includes(frequency.Add(first, row)));
            Assert.AreEqual((double)Rows / stretch, watched, 2, $"horizon {horizon}");
        }
    }

    [TestMethod]
    [DataRow("H", 384)]
    [DataRow("D", 112)]
    public void Includes_OfASeriesThatPauses_IsNoAlwaysPassedOverOrigin(string code, int horizon)
    {
        // One row in 24, or in 7, is there; the stretch is 24 rows, or 7.
        var (frequency, stretch) = (Frequency.Parse(code), horizon / 16);
        var origins = new WatchedOrigins(frequency, horizon);
        for (var place = 0; place < stretch; place++)
        {
            var watched = Enumerable.Range(0, 500).Count(turn => origins.Includes(frequency.Add(Days.First, (turn * stretch) + place)));
            Assert.AreEqual(500.0 / stretch, watched, 500.0 / stretch / 2);
        }
    }
}
