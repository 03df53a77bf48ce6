namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class ListOpsGeneratorTests
{
    private static ListOpsOptions Small { get; } =
        new() { ExclusiveMinimumLength = 30, ExclusiveMaximumLength = 200, TrainCount = 60, ValidationCount = 20, TestCount = 20 };

    [TestMethod]
    public void Generate_WithTheOriginalOptions_AcceptsTheOriginalShareAndLengths()
    {
        // By a simulation of the original's rules in Python: 8.41 % accepted, mean length 1036 +- 5 over 6,000 accepted; the
        // original itself gave 300 of 3577 trees (8.4 %) and a mean of 1018 with a standard error of 23.
        const int Wanted = 2000;
        var generator = new ListOpsGenerator(new ListOpsOptions(), seed: 1);
        var lengths = generator.Generate(Wanted).Select(sequence => sequence.Values.Length).ToArray();
        Assert.AreEqual(1036, lengths.Average(), 30);
        Assert.IsGreaterThan(500, lengths.Min());
        Assert.IsLessThan(2000, lengths.Max());

        var candidates = 0;
        for (var accepted = 0; accepted < Wanted; candidates++)
        {
            accepted += generator.Candidate(candidates) is null ? 0 : 1;
        }

        Assert.AreEqual(8.4, 100.0 * Wanted / candidates, 1.0);
    }

    [TestMethod]
    public void Generate_WithOneAndThreeThreads_IsTheSame()
    {
        var generator = new ListOpsGenerator(Small, seed: 7);
        var one = generator.Generate(500, threads: 1).ToArray();
        var three = generator.Generate(500, threads: 3).ToArray();
        Assert.HasCount(500, one);
        for (var index = 0; index < one.Length; index++)
        {
            CollectionAssert.AreEqual(one[index].Values.ToArray(), three[index].Values.ToArray());
            Assert.AreEqual(one[index].Label, three[index].Label);
            Assert.AreEqual(ListOpsExpression.FromTokens(one[index].Values.Span).Value, one[index].Label);
        }

        CollectionAssert.AreNotEqual(
            one[0].Values.ToArray(), new ListOpsGenerator(Small, seed: 8).Generate(1).Single().Values.ToArray());
    }

    [TestMethod]
    public void Generate_OfFewDifferentTrees_GivesEachOnce()
    {
        // Depth 2 with exactly two digits: 4 operators times 100 pairs of digits.
        var options = Small with { MaximumDepth = 2, MaximumArguments = 2, ExclusiveMinimumLength = 3, ExclusiveMaximumLength = 5 };
        var sequences = new ListOpsGenerator(options, seed: 3).Generate(400).Select(s => ListOpsTokens.Decode(s.Values.Span)).ToArray();
        Assert.HasCount(400, sequences.Distinct(StringComparer.Ordinal).ToArray());
        var fault = Assert.ThrowsExactly<ConfigurationException>(() => new ListOpsGenerator(options, seed: 3).Generate(401).Count());
        Assert.Contains("Only 400 of", fault.Message);
    }

    [TestMethod]
    public void Options_WithFaults_ListsAllOfThem()
    {
        var options = new ListOpsOptions
        {
            MaximumDepth = 1,
            MaximumArguments = 1,
            ValueProbability = double.NaN,
            ExclusiveMinimumLength = 10,
            ExclusiveMaximumLength = 11,
            TrainCount = 0,
            ValidationCount = -1,
            TestCount = int.MaxValue,
        };
        var fault = Assert.ThrowsExactly<ConfigurationException>(options.Validate);
        Assert.HasCount(7, fault.Faults);
        foreach (var name in new[] { "MaximumDepth", "MaximumArguments", "ValueProbability", "ExclusiveMinimumLength", "TrainCount", "ValidationCount", "TestCount" })
        {
            Assert.Contains(name, fault.Message);
        }

        new ListOpsOptions().Validate();
    }

    [TestMethod]
    public void Generate_Cancelled_Stops()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(
            () => new ListOpsGenerator(Small, seed: 1).Generate(10, cancellationToken: stop.Token).Count());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ListOpsGenerator(Small, seed: 1).Generate(10, threads: 0));
    }
}
