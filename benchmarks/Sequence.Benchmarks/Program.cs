using Sequence.Benchmarks.Streaming;

var experiments = new Dictionary<string, Func<int>>(StringComparer.Ordinal)
{
    ["streaming"] = LstmStepExperiment.Run,
};

if (args.Length != 1 || !experiments.TryGetValue(args[0], out var experiment))
{
    Console.Error.WriteLine($"Name one experiment: {string.Join(", ", experiments.Keys)}.");
    return 2;
}

return experiment();
