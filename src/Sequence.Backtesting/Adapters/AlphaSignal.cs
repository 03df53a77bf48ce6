namespace Sequence.Backtesting;

/// <summary>
/// An expectation about one asset in the terms of other engines: everything an alpha model of QuantConnect LEAN puts into an
/// Insight, in types of the base library only.
/// </summary>
/// <param name="Symbol">Symbol of the asset, as the forecast names its series.</param>
/// <param name="Direction">Where the price goes.</param>
/// <param name="Magnitude">Expected simple return over the period, a signed fraction: 0.02 is two per cent up.</param>
/// <param name="Confidence">Probability of what the direction claims, in [0, 1]; null where the forecast has no intervals.</param>
/// <param name="Period">From the generated time to the time forecast, in calendar time.</param>
/// <param name="Steps">The same in bars, from 1.</param>
/// <param name="Weight">Share of the portfolio, not negative; null leaves it to the engine.</param>
/// <param name="GeneratedTimeUtc">Time of the last observation the forecast used, UTC.</param>
/// <param name="SourceModel">Name of the model; null without.</param>
public sealed record AlphaSignal(
    string Symbol,
    AlphaDirection Direction,
    double Magnitude,
    double? Confidence,
    TimeSpan Period,
    int Steps,
    double? Weight,
    DateTime GeneratedTimeUtc,
    string? SourceModel)
{
    /// <summary>The time forecast, UTC.</summary>
    public DateTime CloseTimeUtc => GeneratedTimeUtc + Period;
}
