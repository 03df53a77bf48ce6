using Sequence.Daemon.Storage;
using Sequence.Forecasting;

namespace Sequence.Daemon.Engine;

/// <summary>Whether a series can run on a checkpoint.</summary>
internal static class CheckpointFit
{
    /// <summary>What keeps it from that; null when nothing does.</summary>
    /// <param name="definition">The series.</param>
    /// <param name="frequency">Of the series the checkpoint was trained on.</param>
    /// <param name="horizon">Steps it forecasts.</param>
    /// <param name="calibration">Gives the calibration of the series, null where there is none, or throws when it does not know the series.</param>
    public static string? FaultFor(SeriesDefinition definition, string frequency, int horizon, Func<IntervalCalibration?> calibration)
    {
        List<string> faults = [];
        if (definition.Horizon > horizon)
        {
            faults.Add($"The horizon is {definition.Horizon}; model '{definition.Model}' forecasts {horizon} steps.");
        }

        if (!string.Equals(frequency, definition.Frequency.ToString(), StringComparison.Ordinal))
        {
            faults.Add($"The frequency is {definition.Frequency}; model '{definition.Model}' was trained on {frequency}.");
        }

        try
        {
            if (calibration() is { } found && definition.Levels.Length > 0 && definition.Horizon <= horizon)
            {
                foreach (var step in Enumerable.Range(1, definition.Horizon))
                {
                    found.Quantile(definition.Levels.Max(), step);
                }
            }
        }
        catch (SequenceException error)
        {
            faults.Add(error.Message);
        }

        return faults.Count == 0 ? null : string.Join(' ', faults);
    }
}
