using Sequence.Backtesting;
using Sequence.Cli.Commands;
using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Cli.Backtests;

/// <summary>The forecasts of a configuration over its market: walked forward, or read.</summary>
internal sealed class MarketWalk
{
    private readonly ForecastPlan _plan;
    private readonly Market _market;
    private readonly Frequency? _frequency;
    private readonly IForecaster? _forecaster;
    private readonly RollingOriginOptions _options;

    /// <exception cref="ConfigurationException">An option cannot be used on this market.</exception>
    /// <exception cref="DataFormatException">The market leaves no row before or after the first origin.</exception>
    public MarketWalk(BacktestConfig config, Market market)
    {
        (_plan, _market, _options) = (config.Forecast!, market, config.Forecast!.Walk);
        if (_plan.Table is not null)
        {
            return;
        }

        _frequency = config.Data.FrequencyOf(market);
        var panel = market.ToPanel(_frequency);
        Requirements.NotConstant(panel);
        var first = _options.FirstOrigin.Locate(market.Times.Span);
        if (first < _plan.RowsSeen() + _options.Gap + _options.Horizon)
        {
            throw new DataFormatException(
                $"The first training part has {first} of {market.Length} rows; {_plan.Forecaster} with a look-back of {_plan.RowsSeen()}, a gap of " +
                $"{_options.Gap} and a horizon of {_options.Horizon} takes at least {_plan.RowsSeen() + _options.Gap + _options.Horizon}. Give more bars, a " +
                "later forecast.firstOrigin or a shorter look-back.");
        }

        // A share would move with the market when the look-ahead guard cuts it short.
        _options = _options with { FirstOrigin = FirstOrigin.AfterRows(first) };
        Folds = RollingOriginFolds.Create(market.Length + _options.Gap + _options.Horizon, first, _options with { AllowPartialFold = false }).Count;
        _forecaster = _plan.Create(_frequency, panel);
    }

    /// <summary>Number of folds; 0 for a table that is read.</summary>
    public int Folds { get; }

    /// <summary>Whether the forecasts come from a file, whose making nobody sees.</summary>
    public bool IsRead => _plan.Table is not null;

    /// <summary>Name of the forecaster, or the file.</summary>
    public string Name => _forecaster?.Name ?? Path.GetFileName(_plan.Table!);

    /// <summary>Makes the forecasts, or reads them.</summary>
    /// <param name="folder">Folder that keeps every finished fold; null keeps none.</param>
    /// <param name="progress">Told the share of forecasts made.</param>
    /// <param name="cancellationToken">Stops between folds.</param>
    public async Task<ForecastTable> MakeAsync(string? folder, IProgress<double> progress, CancellationToken cancellationToken)
    {
        if (_plan.Table is { } file)
        {
            var table = file.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)
                ? await ForecastTable.ReadParquetAsync(file, cancellationToken)
                : ForecastTable.ReadCsv(file);
            RequireUse(table, file);
            return table;
        }

        var counted = new CountedForecaster(_forecaster!, Folds * _market.Assets.Count, progress);
        return MarketForecasts.WalkForward(_market, counted, _frequency!, _options with { Folder = folder }, cancellationToken);
    }

    /// <summary>
    /// The source for the look-ahead guard: on the whole market the table that is there, on one cut short the forecasts made
    /// again from it.
    /// </summary>
    public ForecastSource Guarded(StrategyPlan strategy, ForecastTable table, Action walked, CancellationToken cancellationToken) => IsRead
        ? strategy.Source(table)
        : ForecastSource.FromMarket(
            market =>
            {
                walked();
                return ReferenceEquals(market, _market)
                    ? table
                    : MarketForecasts.WalkForward(market, _forecaster!, _frequency!, _options, cancellationToken);
            },
            strategy.StepsAhead,
            strategy.MaximumAge);

    /// <summary>The market from the first origin of the forecasts on: before it there is nothing to trade on, and nothing to compare.</summary>
    /// <exception cref="DataFormatException">No forecast lies within the market.</exception>
    public static Market From(Market market, ForecastTable table)
    {
        var first = table.Rows.Count == 0 ? DateTimeOffset.MaxValue : table.Rows.Min(row => row.Origin);
        if (first > market.Times.Span[^1])
        {
            throw new DataFormatException("No forecast has its origin within the bars; give bars and forecasts of the same time.");
        }

        return new Market(
            [.. market.Assets.Select(series =>
            {
                var start = series.Times.Span.BinarySearch(first);
                start = start < 0 ? ~start : start;
                return series.Slice(start, series.Length - start);
            })],
            [.. market.Splits.Where(split => split.Time >= first)],
            [.. market.Dividends.Where(dividend => dividend.Time >= first)]);
    }

    private void RequireUse(ForecastTable table, string file)
    {
        string[] known = [.. table.Rows.Select(row => row.SeriesId).Distinct(StringComparer.Ordinal)];
        if (_market.Assets.All(series => !known.Contains(series.Asset, StringComparer.Ordinal)))
        {
            throw new DataFormatException(
                $"No series of the forecast table is called like an asset of the bars ({string.Join(", ", _market.Assets.Take(5).Select(series => series.Asset))}); it has " +
                $"{string.Join(", ", known.Take(5))}.",
                file);
        }
    }
}
