using Sequence.Models;
using Sequence.Streaming;

namespace Sequence.Training.Tests.Models;

[TestClass]
public sealed class SequenceClassifierTests
{
    private const int Length = 20;

    public static IEnumerable<object[]> Mixers =>
    [
        [new S4DMixer { StateSize = 16, MinimumStepSize = 0.01 }],
        [new S4DMixer { StateSize = 16, MinimumStepSize = 0.01, Bidirectional = true }],
        [new S4Mixer { StateSize = 16, MinimumStepSize = 0.01 }],
        [new LsslMixer { StateSize = 16, MinimumStepSize = 0.01 }],
        [new SelectiveMixer { StateSize = 8 }],
        [new LinearAttentionMixer { Heads = 2, KeySize = 8 }],
        [new NormalisedAttentionMixer { Heads = 2, KeySize = 8 }],
        [new SoftmaxAttentionMixer { Heads = 2 }],
        [new SoftmaxAttentionMixer { Heads = 2, Materialised = true }],
        [new LinearAttentionMixer { Heads = 2, KeySize = 8, Bidirectional = true }],
        [new LongformerMixer { Heads = 2, Window = 8 }],
        [new LinformerMixer { Heads = 2, Rank = 20 }],
        [new PerformerMixer { Heads = 2, RandomFeatures = 16 }],
        [new PerformerMixer { Heads = 2, RandomFeatures = 16, Bidirectional = true }],
        [new ReformerMixer { Heads = 2, Rounds = 2, Chunk = 8 }],
        [new ReformerMixer { Heads = 2, Rounds = 2, Chunk = 8, Bidirectional = true }],
        [new QuasiLstmMixer()],
    ];

    [TestMethod]
    [DynamicData(nameof(Mixers))]
    public void Train_OnMarkedRecall_FindsWhatNoGuessDoes(Mixer mixer)
    {
        // Two blocks: the product of sign and mark in one, its sum over time in the next.
        // The projected keys of Linformer mix all times: the product is then for a feed-forward layer.
        var stack = new StackOptions
        {
            Mixer = mixer,
            Features = 16,
            Depth = 2,
            FeedForward = mixer is LinformerMixer ? 32 : 0,
        };
        var model = new SequenceClassifier(2, 2, Length, stack);
        var options = new TrainingOptions
        {
            Loss = LossKind.CrossEntropy,
            LearningRate = 0.01,
            DynamicsLearningRate = 0.01,
            Epochs = 14,
            BatchSize = 32,
            Patience = 0,
        };
        var validation = Tasks.MarkedRecall(200, Length, seed: 2);
        var start = Data.Checkpoints.WeightInitialiser.Singles(model.Weights, seed: 1);
        var result = new Trainer(model, Tasks.MarkedRecall(600, Length, seed: 1), validation, options).Train(start);
        var accuracy = ModelEvaluation.Compute(model, result.Weights, validation, Objective.Of(LossKind.CrossEntropy)).Accuracy;
        Assert.IsGreaterThan(0.9, accuracy!.Value);
    }

    /// <summary>
    /// Whether the first two signs are equal, in sequences of different lengths: attention to all positions alike sees a bag of
    /// signs, so that only a position encoding tells which are first.
    /// </summary>
    [TestMethod]
    public void Train_OfATransformerOnEqualSigns_NeedsThePositions()
    {
        double Accuracy(PositionEncoding positions)
        {
            var model = new SequenceClassifier(1, 2, 8, new StackOptions
            {
                Mixer = new SoftmaxAttentionMixer { Heads = 2, Bidirectional = true },
                Features = 16,
                Depth = 2,
                FeedForward = 32,
                Positions = positions,
                Pooling = Pooling.Mean,
            });
            var validation = Tasks.EqualSigns(200, seed: 2);
            var options = new TrainingOptions
            {
                Loss = LossKind.CrossEntropy,
                LearningRate = 0.005,
                Epochs = 20,
                BatchSize = 32,
                Patience = 0,
            };
            var result = new Trainer(model, Tasks.EqualSigns(600, seed: 1), validation, options)
                .Train(Data.Checkpoints.WeightInitialiser.Singles(model.Weights, seed: 1));
            return ModelEvaluation.Compute(model, result.Weights, validation, Objective.Of(LossKind.CrossEntropy)).Accuracy!.Value;
        }

        var (with, without) = (Accuracy(PositionEncoding.Sinusoidal), Accuracy(PositionEncoding.None));
        Console.WriteLine($"accuracy with positions {with}, without {without}");
        Assert.IsGreaterThan(0.95, with);
        Assert.IsLessThan(0.8, without);
    }

    [TestMethod]
    public void Train_OnSumsOfMarkedValues_BeatsTheMean()
    {
        // The target is the marked value itself; the mean of the targets is 0, so that whoever guesses loses their variance 1.
        var examples = new SequenceExamples(features: 2, targets: 1);
        var random = new Sequence.Numerics.CounterRandom(3);
        for (var index = 0; index < 600; index++)
        {
            var inputs = new float[2 * Length];
            for (var time = 0; time < Length; time++)
            {
                inputs[2 * time] = (float)random.NextGaussian();
            }

            var marked = random.NextInt(Length);
            inputs[(2 * marked) + 1] = 1;
            examples.Add(inputs, inputs[2 * marked]);
        }

        var model = new SequenceRegressor(2, 1, Length, new StackOptions
        {
            Mixer = new S4DMixer { StateSize = 16, MinimumStepSize = 0.01 },
            Features = 24,
            Depth = 2,
            Pooling = Pooling.Mean,
        });
        var result = new Trainer(model, examples, null, new() { LearningRate = 0.01, DynamicsLearningRate = 0.01, Epochs = 30, BatchSize = 32 })
            .Train(Data.Checkpoints.WeightInitialiser.Singles(model.Weights, seed: 1));
        Assert.That.IsWithin(0.3, result.History[^1].TrainingLoss);
    }

    [TestMethod]
    public void Create_WithSizesOutOfRange_ListsEveryFault()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new SequenceClassifier(
            0, 0, 0, new StackOptions { Mixer = new S4DMixer { StateSize = 5 }, Depth = 0 }));
        Assert.HasCount(5, error.Faults);
    }
}
