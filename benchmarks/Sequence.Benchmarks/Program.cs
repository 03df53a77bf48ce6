using Sequence.Benchmarks.Forecasting;
using Sequence.Benchmarks.Streaming;
using Sequence.Benchmarks.Torch;

// Every experiment prints a table: ratios to a named baseline within one run.
Dictionary<string, Func<string[], int>> experiments = new(StringComparer.Ordinal)
{
    ["adamw"] = AdamWBenchmark.Run,
    ["intervals"] = IntervalsExperiment.Run,
    ["soak"] = SoakExperiment.Run,
    ["streaming"] = _ => LstmStepExperiment.Run(),
};

if (args.Length > 0 && experiments.TryGetValue(args[0], out var experiment))
{
    return experiment(args[1..]);
}

Console.Error.WriteLine($"Name an experiment: {string.Join(", ", experiments.Keys.Order(StringComparer.Ordinal))}.");
return 2;
