namespace Sequence.Daemon.Engine;

/// <summary>A forecast from the last observation of a series.</summary>
[GenerateSerializer]
[Immutable]
internal sealed record CurrentForecast(
    string ModelVersion,
    string StateHash,
    DateTimeOffset Origin,
    DateTimeOffset[] Timestamps,
    double[] Mean,
    ForecastInterval[] Intervals);
