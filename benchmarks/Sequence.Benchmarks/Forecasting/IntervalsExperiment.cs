using System.Globalization;
using Sequence.Data;
using Sequence.Data.Csv;
using Sequence.Datasets;
using Sequence.Forecasting;

namespace Sequence.Benchmarks.Forecasting;

/// <summary>
/// Split-conformal intervals of the same width everywhere against intervals scaled by recent volatility, for several
/// spans: coverage, width and score over the last fifth of every series, fitted and calibrated once on what lies before.
/// The series other than the shipped sample come from a mirror of the data sets. Prints Markdown tables.
/// </summary>
internal static class IntervalsExperiment
{
    private const int Horizon = 5;

    private static readonly int?[] Spans = [null, 10, 20, 30, 60, 120];

    private static readonly string[] Baselines = ["persistence", "ar-5", "theta", "ets"];

    // The score is the better resolved the more levels there are; 80 and 95 are reported by themselves.
    private static readonly double[] Levels = [20, 40, 60, 80, 95];

    internal static int Run(string[] arguments)
    {
        var mirror = arguments.Length > 0 ? arguments[0] : Environment.GetEnvironmentVariable(DatasetFetcher.MirrorVariable);
        if (mirror is null)
        {
            Console.Error.WriteLine($"Give the folder of the data sets, or set {DatasetFetcher.MirrorVariable}.");
            return 2;
        }

        List<(string Name, TimeSeries Series)> cases =
        [
            ("daily-index (shipped sample)", CsvSeriesReader.ReadSingle(Samples.DailyIndexPath)),
            ("Shanghai composite, close", Read("stocks/SSE_000001.SS_1997-07_2024-07.csv", "Close")),
            ("S&P 500, close", Read("stocks/sp500.csv.gz", "Close")),
            ("airline passengers", Read("jbrownlee/airline-passengers.csv", "Passengers")),
            ("ETTh1 OT, first 3,000 rows", Read("ett/ETTh1.csv.gz", "OT").Slice(0, 3000)),
            ("daily minimum temperatures", Read("jbrownlee/daily-min-temperatures.csv", "Temp", MissingValuePolicy.ForwardFill)),
        ];
        var sums = Spans.Select(_ => new Totals()).ToArray();
        foreach (var (name, series) in cases)
        {
            Console.WriteLine($"## {name}");
            Console.WriteLine();
            Console.WriteLine("| model | scale | 80 %: coverage | width | 95 %: coverage | width | CRPS | CRPS to constant |");
            Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|");
            foreach (var baseline in Baselines)
            {
                var constant = 0.0;
                for (var index = 0; index < Spans.Length; index++)
                {
                    var accuracy = Evaluate(series, baseline, Spans[index]);
                    var score = accuracy.ContinuousRankedProbabilityScore!.Value;
                    constant = index == 0 ? score : constant;
                    var (eighty, ninetyFive) = (accuracy.Intervals[3], accuracy.Intervals[4]);
                    sums[index].Add(eighty.Coverage, ninetyFive.Coverage, score / constant);
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {baseline} | {Name(Spans[index])} | {eighty.Coverage:F1} | {eighty.MeanWidth:G4} | {ninetyFive.Coverage:F1} | {ninetyFive.MeanWidth:G4} | {score:G4} | {score / constant:F3} |"));
                }
            }

            Console.WriteLine();
        }

        Console.WriteLine($"## All {cases.Count} series and {Baselines.Length} models");
        Console.WriteLine();
        Console.WriteLine("| scale | mean distance from 80 % | worst | mean distance from 95 % | worst | CRPS to constant, geometric mean | worst |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        for (var index = 0; index < Spans.Length; index++)
        {
            Console.WriteLine($"| {Name(Spans[index])} | {sums[index]} |");
        }

        return 0;

        TimeSeries Read(string file, string target, MissingValuePolicy missing = MissingValuePolicy.Drop) =>
            CsvSeriesReader.ReadSingle(
                Path.Combine(mirror, file), new CsvSeriesOptions { Target = target, MissingValues = missing });
    }

    private static AccuracyReport Evaluate(TimeSeries series, string baseline, int? span)
    {
        var forecaster = new ConformalForecaster(
            BaselineCatalogue.Create(baseline, series.Frequency),
            new ConformalOptions { Horizon = Horizon, ScaleSpan = span, Refit = false });
        var options = new RollingOriginOptions
        {
            Horizon = Horizon,
            FirstOrigin = FirstOrigin.AfterFraction(0.8),
            Step = 1,
            Refit = RefitCadence.Once,
            Levels = Levels,
        };
        return RollingOrigin.Evaluate(forecaster, series, options).Accuracy;
    }

    private static string Name(int? span) => span is { } rows ? $"span {rows}" : "constant";

    private sealed class Totals
    {
        private readonly List<double> _eighty = [];
        private readonly List<double> _ninetyFive = [];
        private readonly List<double> _ratios = [];

        public void Add(double eighty, double ninetyFive, double ratio)
        {
            _eighty.Add(Math.Abs(eighty - 80));
            _ninetyFive.Add(Math.Abs(ninetyFive - 95));
            _ratios.Add(ratio);
        }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{_eighty.Average():F1} | {_eighty.Max():F1} | {_ninetyFive.Average():F1} | {_ninetyFive.Max():F1} | {Math.Exp(_ratios.Average(Math.Log)):F3} | {_ratios.Max():F3}");
    }
}
