using Sequence.Daemon.Engine;

namespace Sequence.Daemon.Registry;

/// <summary>
/// What a version says of a fixed series, stored when it is registered and computed again before it serves: on a machine that
/// computes otherwise, or from files that are not those registered, the numbers differ. With m the largest magnitude stored for
/// a series, each number may differ by 1e-6 m.
/// </summary>
internal static class SelfCheck
{
    private const int MostSeries = 8;
    private const double Tolerance = 1e-6;

    /// <summary>Runs the version along the probe, which also warms it.</summary>
    /// <returns>Its forecasts by series, the first 8 in ordinal order.</returns>
    /// <exception cref="SequenceException">It cannot run.</exception>
    public static Dictionary<string, double[]> Compute(LoadedCheckpoint checkpoint) =>
        checkpoint.Series.Order(StringComparer.Ordinal).Take(MostSeries).ToDictionary(series => series, checkpoint.Probe, StringComparer.Ordinal);

    /// <summary>What differs from what is stored; null when nothing does.</summary>
    public static string? Fault(IReadOnlyDictionary<string, double[]> stored, IReadOnlyDictionary<string, double[]> computed)
    {
        foreach (var (series, expected) in stored)
        {
            if (!computed.TryGetValue(series, out var actual) || actual.Length != expected.Length)
            {
                return $"it has no {expected.Length} outputs for series '{series}'";
            }

            var scale = expected.Length == 0 ? 0 : expected.Max(Math.Abs);
            for (var index = 0; index < expected.Length; index++)
            {
                // Not greater: a NaN differs from everything.
                if (!(Math.Abs(actual[index] - expected[index]) <= Tolerance * scale))
                {
                    return $"output {index} for series '{series}' is {actual[index]:R}, and was {expected[index]:R} when it was registered";
                }
            }
        }

        return null;
    }
}
