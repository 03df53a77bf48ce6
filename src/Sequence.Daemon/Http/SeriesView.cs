using Sequence.Daemon.Engine;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Http;

/// <summary>A series as it is answered; the state only where one series was asked for.</summary>
internal sealed record SeriesView(
    string Id, string Frequency, string Model, int Horizon, double[] Levels, TimeSpan? ForecastEvery, SeriesStatus? State)
{
    public static SeriesView Of(SeriesDefinition series, SeriesStatus? state) =>
        new(series.Id, series.Frequency.ToString(), series.Model, series.Horizon, series.Levels, series.ForecastEvery > TimeSpan.Zero ? series.ForecastEvery : null, state);
}
