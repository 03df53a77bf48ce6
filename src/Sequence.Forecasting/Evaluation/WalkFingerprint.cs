using System.Globalization;
using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>What decides the result of a walk, by name: two walks that agree in all of it have the same result.</summary>
internal static class WalkFingerprint
{
    public static SortedDictionary<string, string> Of(
        IForecaster forecaster, Panel panel, int firstTrainRows, RollingOriginOptions options)
    {
        return new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["Format"] = "1",
            ["Forecaster"] = forecaster.Fingerprint,
            ["Data"] = DataFingerprint.Compute(panel),
            [nameof(options.FirstOrigin)] = Text(firstTrainRows),
            [nameof(options.Horizon)] = Text(options.Horizon),
            [nameof(options.Step)] = Text(options.Step ?? options.Horizon),
            [nameof(options.Gap)] = Text(options.Gap),
            [nameof(options.Embargo)] = Text(options.Embargo),
            [nameof(options.MinimumRows)] = Text(options.MinimumRows),
            [nameof(options.Window)] = options.Window.ToString(),
            [nameof(options.WindowRows)] = Text(options.WindowRows),
            [nameof(options.Refit)] = options.Refit.ToString(),
            [nameof(options.RefitStart)] = options.RefitStart.ToString(),
            [nameof(options.Validation)] = options.Validation?.ToString() ?? "none",
            [nameof(options.Seed)] = Text(options.Seed),
            [nameof(options.Levels)] = string.Join(' ', options.Levels.Select(level => Text(level))),
            [nameof(options.AllowPartialFold)] = options.AllowPartialFold.ToString(),
            [nameof(options.SeasonLength)] = Text(options.SeasonLength),
        };

        static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "none";
    }
}
