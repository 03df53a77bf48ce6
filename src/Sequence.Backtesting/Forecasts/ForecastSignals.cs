using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Backtesting;

/// <summary>
/// The forecasts of a table by asset and time: at a moment the newest forecast whose origin is not later. A lookup is a binary
/// search and allocates nothing. Series and assets are matched by their names.
/// </summary>
/// <remarks>
/// A row counts as known from its <see cref="ForecastRow.Origin"/> on, so that must be the last moment anything in the forecast
/// comes from, the fitting of the model included. Of several rows of one series and origin that of the earliest fold counts.
/// </remarks>
public sealed class ForecastSignals
{
    private readonly Dictionary<string, ForecastSignal[]> _byAsset = new(StringComparer.Ordinal);

    /// <summary>Sorts a table's forecasts of one number of steps ahead.</summary>
    /// <param name="table">The forecasts, of prices.</param>
    /// <param name="step">Steps ahead, from 1.</param>
    /// <exception cref="DataFormatException">The table has rows, but none so many steps ahead, or a price at an origin is not positive.</exception>
    public ForecastSignals(ForecastTable table, int step = 1)
    {
        ArgumentNullException.ThrowIfNull(table);
        var rows = table.Rows.Where(row => row.Step == step).ToArray();
        if (rows.Length == 0 && table.Rows.Count > 0)
        {
            throw new DataFormatException(
                $"The forecast table has no forecasts of {step} steps ahead; it has {table.Rows.Min(row => row.Step)} to " +
                $"{table.Rows.Max(row => row.Step)}.");
        }

        HasProbabilities = table.Levels.Count > 0;
        foreach (var series in rows.GroupBy(row => row.SeriesId, StringComparer.Ordinal))
        {
            _byAsset.Add(series.Key, series
                .OrderBy(row => row.Origin)
                .ThenBy(row => row.Fold)
                .DistinctBy(row => row.Origin)
                .Select(Signal)
                .ToArray());
        }
    }

    /// <summary>Assets that have forecasts.</summary>
    public IReadOnlyCollection<string> Assets => _byAsset.Keys;

    /// <summary>Whether the forecasts have intervals, from which probabilities come.</summary>
    public bool HasProbabilities { get; }

    /// <summary>The newest forecast known at a moment.</summary>
    /// <param name="asset">Symbol of the asset.</param>
    /// <param name="time">The moment.</param>
    /// <param name="signal">The forecast.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(string asset, DateTimeOffset time, out ForecastSignal signal)
    {
        ArgumentNullException.ThrowIfNull(asset);
        if (_byAsset.TryGetValue(asset, out var signals))
        {
            var (low, high) = (0, signals.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (signals[middle].Origin <= time)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            if (low > 0)
            {
                signal = signals[low - 1];
                return true;
            }
        }

        signal = default;
        return false;
    }

    private static ForecastSignal Signal(ForecastRow row)
    {
        if (row.AtOrigin is not (> 0 and < double.PositiveInfinity))
        {
            throw new DataFormatException(
                $"The forecast of '{row.SeriesId}' from {row.Origin:u} has the value {row.AtOrigin} at its origin; signals need forecasts of prices, " +
                "which are positive.");
        }

        var probability = row.Intervals.Count == 0 ? double.NaN : ProbabilityOfRise(row);
        return new ForecastSignal(row.Origin, row.Timestamp, row.Mean, row.AtOrigin, (row.Mean / row.AtOrigin) - 1, probability);
    }

    private static double ProbabilityOfRise(ForecastRow row)
    {
        var widest = row.Intervals[^1];
        var sigma = (widest.Upper - widest.Lower) / (2 * NormalDistribution.Quantile((1 + (widest.Level / 100)) / 2));
        var rise = row.Mean - row.AtOrigin;
        return sigma > 0 ? NormalDistribution.Cumulative(rise / sigma) : (Math.Sign(rise) + 1) / 2.0;
    }
}
