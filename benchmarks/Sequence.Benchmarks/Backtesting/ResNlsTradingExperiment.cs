using Sequence.Backtesting;
using Sequence.Data;
using Sequence.Data.Scalers;
using Sequence.Datasets;
using Sequence.Forecasting;
using Sequence.Training;

namespace Sequence.Benchmarks.Backtesting;

/// <summary>
/// ResNLS-5 as a trader, on the Shanghai composite in 2022 and ten stocks of the S&amp;P 500: walked forward with refits, five
/// seeds, against buy-and-hold, persistence, the last return again, and random entries with the same turnover. Forecasts are
/// kept in a folder, so that a stopped run goes on. Prints Markdown.
/// </summary>
internal static class ResNlsTradingExperiment
{
    internal const int Seeds = 5;
    private const int RefitEvery = 63;

    internal static int Run(string[] arguments)
    {
        if (Environment.GetEnvironmentVariable(DatasetFetcher.MirrorVariable) is not { } mirror)
        {
            Console.Error.WriteLine($"Set {DatasetFetcher.MirrorVariable} to the folder of the data sets.");
            return 2;
        }

        var folder = arguments.Length > 0 ? arguments[0] : "runs/resnls-trading";
        var markets = TradingStudyData.Read(mirror);
        var jobs =
            from market in markets
            from target in new[] { ScalerKind.LogReturn, ScalerKind.MinMax }
            from seed in Enumerable.Range(1, Seeds)
            select (market.Bars, market.TrainBars, target, seed);
        var tables = new Dictionary<(string Asset, ScalerKind Target), List<ForecastTable>>();
        foreach (var (bars, trainBars, target, seed) in jobs)
        {
            var table = Walk(bars, trainBars, target, seed, folder);
            if (!tables.TryGetValue((bars.Asset, target), out var list))
            {
                tables[(bars.Asset, target)] = list = [];
            }

            list.Add(table);
            Console.Error.WriteLine($"{bars.Asset} {target} seed {seed}: {table.Rows.Count} forecasts");
        }

        TradingStudyReport.Write(markets, tables);
        return 0;
    }

    private static ForecastTable Walk(BarSeries bars, int trainBars, ScalerKind target, int seed, string folder)
    {
        var file = Path.Combine(folder, $"{bars.Asset}-{target}-{seed}.csv");
        if (File.Exists(file))
        {
            return ForecastTable.ReadCsv(file);
        }

        var study = new ResNlsStudyOptions();
        var architecture = NeuralCatalogue.Create("resnls", horizon: 1, lookBack: 5);
        var forecaster = new NeuralForecaster(new NeuralForecasterOptions
        {
            Name = NeuralCatalogue.FullName("resnls", architecture),
            Architecture = architecture,
            Scaler = target,
            ValidationFraction = study.ValidationFraction,
            Training = study.Training with { Seed = (ulong)seed },
        });

        // The first origin is the last bar before the test part; the last bar's forecast has no outcome and is not traded.
        var table = MarketForecasts.WalkForward(
            new Market(bars),
            forecaster,
            new Frequency(FrequencyUnit.BusinessDay),
            new RollingOriginOptions
            {
                Horizon = 1,
                Step = 1,
                FirstOrigin = FirstOrigin.AfterRows(trainBars),
                Refit = RefitCadence.EveryFolds(RefitEvery),
            });
        Directory.CreateDirectory(folder);
        table.WriteCsv(file);
        return table;
    }
}
