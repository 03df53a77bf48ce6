using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Models;
using Sequence.Numerics;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Training.Tests.Models;

[TestClass]
public sealed class PairClassifierTests
{
    private static readonly StackOptions Tokens = new()
    {
        Mixer = new S4DMixer { StateSize = 8, Bidirectional = true },
        Features = 12,
        Depth = 1,
        Pooling = Pooling.Mean,
        Vocabulary = 5,
    };

    [TestMethod]
    public void Train_OnPairsOfTokens_FindsWhatNeitherSequenceTellsAlone()
    {
        // Class 1: the two sequences are about the same token. Each token is as frequent in either class.
        var model = new PairClassifier(1, 2, 9, Tokens);
        var result = new Trainer(model, SameTopic(600, 1), SameTopic(200, 2), new()
        {
            Loss = LossKind.CrossEntropy,
            LearningRate = 0.01,
            Epochs = 20,
            BatchSize = 32,
            Patience = 0,
            BucketsByLength = true,
        }).Train(WeightInitialiser.Singles(model.Weights, 1));
        Assert.IsGreaterThan(0.95, result.History.Max(epoch => epoch.ValidationAccuracy!.Value));
    }

    [TestMethod]
    public void Forward_OfPairs_GivesTheRowsOfEachPairAlone()
    {
        using var scope = NewDisposeScope();
        var model = new PairClassifier(1, 3, 9, Tokens);
        using var weights = ParameterSet.FromSingles(model.Weights, WeightInitialiser.Singles(model.Weights, 1));
        var first = tensor(new float[] { 1, 2, 3, 4, 0, 0, 2, 2, 1, 0, 0, 0 }).reshape(3, 4, 1);
        var second = tensor(new float[] { 1, 1, 0, 0, 3, 3, 3, 3, 1, 4, 1, 0 }).reshape(3, 4, 1);
        long[] lengths = [4, 3, 1, 2, 4, 3];
        var whole = model.Forward(weights, cat([first, second]), tensor(lengths));
        for (var row = 0; row < 3; row++)
        {
            var one = cat([first.narrow(0, row, 1), second.narrow(0, row, 1)]);
            var alone = model.Forward(weights, one, tensor([lengths[row], lengths[row + 3]]));
            Assert.IsTrue(whole.narrow(0, row, 1).allclose(alone, 1e-4, 1e-5));
        }
    }

    [TestMethod]
    public void Create_WithSizesOutOfRange_ListsEveryFault()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(
            () => new PairClassifier(2, 0, 0, Tokens with { Vocabulary = 7 }));
        Assert.Contains("outputs is 0", error.Message);
        Assert.Contains("length is 0", error.Message);
        Assert.Contains("one token index", error.Message);
    }

    [TestMethod]
    public void Forward_OfAnOddNumberOfRowsOrATokenOutsideTheVocabulary_IsRefused()
    {
        using var scope = NewDisposeScope();
        var model = new PairClassifier(1, 2, 9, Tokens);
        using var weights = ParameterSet.FromSingles(model.Weights, WeightInitialiser.Singles(model.Weights, 1));
        Assert.ThrowsExactly<ModelException>(() => model.Forward(weights, zeros(3, 4, 1)));
        var error = Assert.ThrowsExactly<ModelException>(() => model.Forward(weights, full([2, 4, 1], 5f)));
        Assert.Contains("5 is not a token", error.Message);
        Assert.ThrowsExactly<ModelException>(() => model.Forward(weights, full([2, 4, 1], 0.5f)));
        Assert.ThrowsExactly<ModelException>(() => model.Forward(weights, full([2, 4, 1], -1f)));
    }

    [TestMethod]
    public void AddPair_ToASetOfSingleSequences_IsRefused()
    {
        var singles = SequenceExamples.OfClasses(1, 2);
        Assert.ThrowsExactly<DataFormatException>(() => singles.AddPair(new byte[2], new byte[3], 1));
        var pairs = SequenceExamples.OfClasses(1, 2, sequences: 2);
        Assert.ThrowsExactly<DataFormatException>(() => pairs.Add(new byte[2], 1));
        Assert.AreEqual(0, pairs.Count);
        pairs.AddPair(new byte[2], new byte[3], 1);
        Assert.AreEqual(1, pairs.Count);
        Assert.AreEqual(3, pairs.LengthOf(0, 1));
        var model = new SequenceClassifier(1, 2, 9, Tokens);
        Assert.ThrowsExactly<ModelException>(() => new Trainer(model, pairs, null, new() { Loss = LossKind.CrossEntropy })
            .Train(WeightInitialiser.Singles(model.Weights, 1)));
    }

    private static SequenceExamples SameTopic(int count, ulong seed)
    {
        var random = new CounterRandom(seed);
        var examples = SequenceExamples.OfClasses(1, 2, sequences: 2, byteScale: 1);
        for (var index = 0; index < count; index++)
        {
            var first = 1 + random.NextInt(4);
            var second = index % 2 == 1 ? first : 1 + ((first + random.NextInt(3)) % 4);
            examples.AddPair(About(first), About(second), index % 2);
        }

        return examples;

        byte[] About(int topic) =>
            [.. Enumerable.Range(0, 5 + random.NextInt(5)).Select(_ => random.NextInt(3) == 0 ? (byte)0 : (byte)topic)];
    }
}
