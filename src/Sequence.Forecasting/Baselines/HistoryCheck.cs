using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>Refuses histories that no baseline can compute on, with a message that names the row.</summary>
internal static class HistoryCheck
{
    internal static void Require(TimeSeries history, int minimumRows, string who, string purpose)
    {
        if (history.Length < minimumRows)
        {
            throw new DataFormatException(
                $"Series '{history.Id}' has {history.Length} rows, but {who} needs at least {minimumRows} to {purpose}. " +
                "Give it a longer history, or choose a simpler forecaster.");
        }

        RequireFinite(history, 0);
    }

    internal static void RequireFinite(TimeSeries history, int start)
    {
        var values = history.Values.Span;
        for (var row = start; row < values.Length; row++)
        {
            if (!double.IsFinite(values[row]))
            {
                throw new DataFormatException(
                    $"Series '{history.Id}' has the value {values[row]} in row {row} " +
                    $"({history.Timestamps.Span[row]:u}); resolve missing values and infinities first.");
            }
        }
    }

    internal static void RequirePositive(TimeSeries history, string who)
    {
        var values = history.Values.Span;
        for (var row = 0; row < values.Length; row++)
        {
            if (values[row] <= 0)
            {
                throw new DataFormatException(
                    $"Series '{history.Id}' has the value {values[row]} in row {row} " +
                    $"({history.Timestamps.Span[row]:u}), but {who} has a multiplicative season, which needs positive " +
                    "values. Use an additive season.");
            }
        }
    }
}
