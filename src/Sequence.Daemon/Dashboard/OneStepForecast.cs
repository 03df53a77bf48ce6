using Sequence.Forecasting;

namespace Sequence.Daemon.Dashboard;

/// <summary>What was forecast one step ahead, and what came.</summary>
/// <param name="Time">The time forecast.</param>
/// <param name="Mean">The point forecast.</param>
/// <param name="Outcome">The latest value of that time.</param>
/// <param name="Intervals">The intervals of the whole forecast; their first step is of this time.</param>
internal sealed record OneStepForecast(DateTimeOffset Time, double Mean, double Outcome, IReadOnlyList<PredictionInterval> Intervals)
{
    public double Error => Math.Abs(Outcome - Mean);

    /// <summary>Whether the interval of a level covered the outcome; null when there was none.</summary>
    public bool? Covered(double level) =>
        Intervals.FirstOrDefault(one => one.Level == level) is { } interval ? Outcome >= interval.Lower[0] && Outcome <= interval.Upper[0] : null;
}
