using Sequence.Benchmarks.Backtesting;
using Sequence.Benchmarks.Daemon;
using Sequence.Benchmarks.Forecasting;
using Sequence.Benchmarks.LongRangeArena;
using Sequence.Benchmarks.StateSpace;
using Sequence.Benchmarks.Streaming;
using Sequence.Benchmarks.Torch;
using Sequence.Benchmarks.Training;

// Every experiment prints a table: ratios to a named baseline within one run.
Dictionary<string, Func<string[], int>> experiments = new(StringComparer.Ordinal)
{
    ["adamw"] = AdamWBenchmark.Run,
    ["arena-efficiency"] = EfficiencyExperiment.Run,
    ["arena-step"] = PaperStepExperiment.Run,
    ["backtest-engine"] = EngineExperiment.Run,
    ["backtest-sweep"] = SweepExperiment.Run,
    ["daemon-cluster"] = ClusterExperiment.Run,
    ["daemon-faults"] = FaultsExperiment.Run,
    ["daemon-hostile"] = HostileExperiment.Run,
    ["daemon-ingest"] = IngestExperiment.Run,
    ["daemon-kill"] = KillExperiment.Run,
    ["daemon-series"] = SeriesExperiment.Run,
    ["daemon-swap"] = SwapExperiment.Run,
    ["daemon-worker"] = WorkerExperiment.Run,
    ["ett"] = EttExperiment.Run,
    ["intervals"] = IntervalsExperiment.Run,
    ["resnls-trading"] = ResNlsTradingExperiment.Run,
    ["sampling-rate"] = SamplingRateExperiment.Run,
    ["sequential-mnist"] = SequentialMnistExperiment.Run,
    ["soak"] = SoakExperiment.Run,
    ["state-space-kernels"] = KernelExperiment.Run,
    ["state-space-step"] = BlockStepExperiment.Run,
    ["start-up"] = StartUpExperiment.Run,
    ["streaming"] = _ => LstmStepExperiment.Run(),
};

if (args.Length > 0 && experiments.TryGetValue(args[0], out var experiment))
{
    return experiment(args[1..]);
}

// What the start-up experiment starts; not for people.
if (args is [StartUpChild.Command, ..])
{
    return StartUpChild.Run(args[1..]);
}

if (args is [ClusterNodeChild.Command, ..])
{
    return ClusterNodeChild.Run(args[1..]);
}

if (args is [AbortingWorkerChild.Command, ..])
{
    return AbortingWorkerChild.Run(args[1..]);
}

if (args is [EfficiencyChild.Command, ..])
{
    return EfficiencyChild.Run(args[1..]);
}

if (args is [KernelChild.Command, ..])
{
    return KernelChild.Run(args[1..]);
}

Console.Error.WriteLine($"Name an experiment: {string.Join(", ", experiments.Keys.Order(StringComparer.Ordinal))}.");
return 2;
