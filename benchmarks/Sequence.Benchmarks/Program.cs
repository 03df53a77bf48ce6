using BenchmarkDotNet.Running;
using Sequence.Benchmarks.Training;

// Experiments that need a table of their own; every other argument goes to BenchmarkDotNet.
Dictionary<string, Func<string[], int>> experiments = new(StringComparer.Ordinal)
{
    ["ett"] = EttExperiment.Run,
    ["start-up"] = StartUpExperiment.Run,
    [StartUpChild.Command] = StartUpChild.Run,
};

if (args.Length > 0 && experiments.TryGetValue(args[0], out var experiment))
{
    return experiment(args[1..]);
}

Console.WriteLine($"Experiments: {string.Join(", ", experiments.Keys.Order(StringComparer.Ordinal))}");
_ = BenchmarkSwitcher.FromAssembly(typeof(EttExperiment).Assembly).Run(args);
return 0;
