using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Models;
using Sequence.Streaming;

namespace Sequence.Training.Tests.Loop;

[TestClass]
public sealed class TrainerTests
{
    public static IEnumerable<object[]> Nonlinear =>
    [
        [new RecurrentArchitecture { LookBack = 3, Horizon = 1, Cell = RecurrentCell.Rnn, Hidden = 16 }],
        [new RecurrentArchitecture { LookBack = 3, Horizon = 1, Cell = RecurrentCell.Gru, Hidden = 16 }],
        [new RecurrentArchitecture { LookBack = 3, Horizon = 1, Cell = RecurrentCell.Lstm, Hidden = 16 }],
        [new RecurrentArchitecture { LookBack = 3, Horizon = 1, Cell = RecurrentCell.Lstm, Hidden = 8, Bidirectional = true }],
        [new ConvolutionArchitecture { LookBack = 3, Horizon = 1, Filters = 16, Dropout = 0 }],
        [new ResNlsArchitecture { LookBack = 3, Horizon = 1, Filters = 16, Hidden = 16, Dropout = 0 }],
    ];

    public static IEnumerable<object[]> Linear =>
    [
        [new NLinearArchitecture { LookBack = 14, Horizon = 3 }],
        [new DLinearArchitecture { LookBack = 14, Horizon = 3, Kernel = 5 }],
    ];

    [TestMethod]
    [DynamicData(nameof(Nonlinear))]
    public void Train_OnProductOfSigns_LearnsWhatNoLinearForecasterCan(Architecture architecture)
    {
        // Only windows that end before a certain value are kept: there zero, persistence and every linear map lose at least 1.
        var values = Tasks.SignProduct(1200, seed: 5);
        var training = Windows(architecture, values, 0, 900);
        var validation = Windows(architecture, values, 900, 1200);
        var result = Train(architecture, training, validation, new() { Epochs = 60, LearningRate = 0.01, Patience = 0 });
        var best = result.History.Min(epoch => epoch.ValidationLoss!.Value);
        Assert.That.IsWithin(0.05, best);
    }

    [TestMethod]
    [DynamicData(nameof(Linear))]
    public void Train_OnSine_BeatsPersistence(Architecture architecture)
    {
        var values = Tasks.Sine(300);
        var training = new TrainingExamples(architecture.LookBack, 1, architecture.Horizon);
        training.Add(values, 0, 200);
        var validation = new TrainingExamples(architecture.LookBack, 1, architecture.Horizon);
        validation.Add(values, 200, 300);
        var result = Train(architecture, training, validation, new() { Epochs = 60, LearningRate = 0.02, Patience = 0 });
        var persistence = Persistence(validation);
        Assert.IsGreaterThan(0.5, persistence);
        Assert.That.IsWithin(0.02 * persistence, result.History.Min(epoch => epoch.ValidationLoss!.Value));
    }

    [TestMethod]
    public void Train_TwiceWithOneSeed_GivesTheSameBits()
    {
        var first = Train(ResNls, Windows(ResNls, Tasks.Sine(120), 0, 120), null, new() { Epochs = 3 });
        var second = Train(ResNls, Windows(ResNls, Tasks.Sine(120), 0, 120), null, new() { Epochs = 3 });
        AssertSameBits(first.Weights, second.Weights);
    }

    [TestMethod]
    [DataRow(OptimiserKind.AdamW, 1)]
    [DataRow(OptimiserKind.AdamW, 9)]
    [DataRow(OptimiserKind.Sgd, 6)]
    public void Train_CancelledAndResumed_GivesTheBitsOfAnUnbrokenRun(OptimiserKind optimiser, int batches)
    {
        // Dropout and batch normalisation are on: both have to go on as if nothing had happened.
        var options = new TrainingOptions { Epochs = 4, BatchSize = 32, Optimiser = optimiser, LearningRate = 0.01 };
        var values = Tasks.Sine(200);
        TrainingExamples Training() => Windows(ResNls, values, 0, 150);
        TrainingExamples Validation() => Windows(ResNls, values, 150, 200);
        var whole = Train(ResNls, Training(), Validation(), options);

        using var folder = new TemporaryFolder();
        var run = new TrainingRun(folder.Path);
        using var cancellation = new CancellationTokenSource();
        var seen = 0;
        var stop = new Callback(_ =>
        {
            if (++seen == batches)
            {
                cancellation.Cancel();
            }
        });
        var model = WindowModel.Create(ResNls);
        Assert.Throws<OperationCanceledException>(() => new Trainer(model, Training(), Validation(), options)
            .Train(WeightInitialiser.Singles(ResNls.Weights, 1), null, run.Save, stop, cancellation.Token));
        Assert.IsTrue(run.CanResume);
        var resumed = new Trainer(model, Training(), Validation(), options)
            .Train(WeightInitialiser.Singles(ResNls.Weights, 1), run.ReadState());

        AssertSameBits(whole.Weights, resumed.Weights);
        CollectionAssert.AreEqual(whole.History.ToArray(), resumed.History.ToArray());
    }

    [TestMethod]
    public void Train_ResumedWithOtherOptions_IsRefused()
    {
        var examples = Windows(ResNls, Tasks.Sine(60), 0, 60);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        TrainingState? state = null;
        Assert.Throws<OperationCanceledException>(() => new Trainer(WindowModel.Create(ResNls), examples, null, new())
            .Train(WeightInitialiser.Singles(ResNls.Weights, 1), null, saved => state = saved, null, cancellation.Token));
        Assert.ThrowsExactly<ConfigurationException>(() =>
            new Trainer(WindowModel.Create(ResNls), examples, null, new() { LearningRate = 0.5 })
                .Train(WeightInitialiser.Singles(ResNls.Weights, 1), state));
    }

    [TestMethod]
    public void Train_WithoutProgress_StopsAfterPatienceAndKeepsTheStart()
    {
        // A learning rate too small to change anything: no epoch is better than the start.
        var options = new TrainingOptions { Epochs = 50, Patience = 3, LearningRate = 1e-30 };
        var architecture = new NLinearArchitecture { LookBack = 5, Horizon = 1 };
        var values = Tasks.Sine(100);
        var result = Train(architecture, Windows(architecture, values, 0, 80), Windows(architecture, values, 80, 100), options);
        Assert.AreEqual(0, result.BestEpoch);
        Assert.HasCount(3, result.History);
    }

    [TestMethod]
    public void Train_ThatOnlyGetsWorse_ReturnsItsStart()
    {
        // With zero weights NLinear repeats the last value. On a flat validation slice nothing is better, so that the bias
        // which a rising training part teaches makes every epoch worse.
        var result = new Trainer(WindowModel.Create(Repeating), Rising(0, 80), Rising(80, 100), new() { Patience = 3 })
            .Train(Zeros(Repeating));
        Assert.AreEqual(0, result.BestEpoch);
        Assert.AreEqual(0.0, result.ValidationLoss);
        Assert.HasCount(3, result.History);
        Assert.IsTrue(result.History.All(epoch => epoch.ValidationLoss > 0));
        AssertSameBits(Zeros(Repeating), result.Weights);
    }

    [TestMethod]
    public void Train_StoppedBeforeItImprovedAndResumed_StillKnowsItsStart()
    {
        // Whoever resumes may name another start: the one in the state counts.
        var options = new TrainingOptions { Patience = 3, BatchSize = 16 };
        var whole = new Trainer(WindowModel.Create(Repeating), Rising(0, 80), Rising(80, 100), options).Train(Zeros(Repeating));
        using var folder = new TemporaryFolder();
        var run = new TrainingRun(folder.Path);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        var trainer = new Trainer(WindowModel.Create(Repeating), Rising(0, 80), Rising(80, 100), options);
        Assert.Throws<OperationCanceledException>(
            () => trainer.Train(Zeros(Repeating), null, run.Save, null, cancellation.Token));
        var state = run.ReadState();
        Assert.AreEqual(0, state.BestEpoch);
        Assert.AreEqual(0.0, state.BestLoss);
        var resumed = trainer.Train(WeightInitialiser.Singles(Repeating.Weights, 9), state);
        Assert.AreEqual(0, resumed.BestEpoch);
        Assert.AreEqual(whole.ValidationLoss, resumed.ValidationLoss);
        AssertSameBits(whole.Weights, resumed.Weights);
        CollectionAssert.AreEqual(whole.History.ToArray(), resumed.History.ToArray());
    }

    [TestMethod]
    public void Train_WithValidation_ReportsTheLossOfTheWeightsItReturns()
    {
        var values = Tasks.Sine(200);
        var result = Train(ResNls, Windows(ResNls, values, 0, 150), Windows(ResNls, values, 150, 200), new() { Epochs = 5 });
        Assert.IsGreaterThan(0, result.BestEpoch);
        Assert.AreEqual(result.History[result.BestEpoch - 1].ValidationLoss, result.ValidationLoss);
        Assert.AreEqual(result.History.Min(epoch => epoch.ValidationLoss), result.ValidationLoss);
    }

    [TestMethod]
    public void Train_WithoutValidation_ReturnsTheLastEpochAndNoLoss()
    {
        var result = Train(ResNls, Windows(ResNls, Tasks.Sine(60), 0, 60), null, new() { Epochs = 2 });
        Assert.AreEqual(2, result.BestEpoch);
        Assert.IsNull(result.ValidationLoss);
    }

    [TestMethod]
    public void Train_FromAStartWhoseLossIsInfinite_SaysSo()
    {
        float[] values = [.. Tasks.Sine(80), .. Enumerable.Repeat(1e30f, 20)];
        var validation = new TrainingExamples(5, 1, 1);
        validation.Add(values, 80, 100);
        var error = Assert.ThrowsExactly<ModelException>(() => new Trainer(
            WindowModel.Create(Repeating), Windows(Repeating, values, 0, 80), validation, new()).Train(Zeros(Repeating)));
        Assert.Contains("before the first epoch", error.Message);
    }

    [TestMethod]
    public void Train_WithAnExplodingLoss_SaysSo()
    {
        var options = new TrainingOptions
        {
            Epochs = 30,
            Optimiser = OptimiserKind.Sgd,
            LearningRate = 1e12,
            GradientClip = 0,
            Patience = 0,
        };
        var architecture = new NLinearArchitecture { LookBack = 5, Horizon = 1 };
        var error = Assert.ThrowsExactly<ModelException>(
            () => Train(architecture, Windows(architecture, Tasks.Sine(300), 0, 300), null, options));
        Assert.Contains("learning rate", error.Message);
    }

    [TestMethod]
    public void Train_WithoutExamples_IsRefused() => Assert.ThrowsExactly<DataFormatException>(
        () => Train(ResNls, new TrainingExamples(3, 1, 1), null, new()));

    [TestMethod]
    public void Validate_OfEveryOptionOutOfRange_ListsAll()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new TrainingOptions
        {
            Epochs = 0,
            BatchSize = 0,
            LearningRate = -1,
            WeightDecay = double.NaN,
            GradientClip = -1,
            Patience = -1,
        }.Validate());
        Assert.HasCount(6, error.Faults);
    }

    [TestMethod]
    public void Evaluate_OfShapesThatWouldBroadcast_IsRefused()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        Assert.ThrowsExactly<ModelException>(() => Objective.Of(LossKind.Squared)
            .Evaluate(TorchSharp.torch.zeros(4, 1), TorchSharp.torch.zeros(4)));
    }

    private static NLinearArchitecture Repeating => new() { LookBack = 5, Horizon = 1 };

    private static Dictionary<string, float[]> Zeros(Architecture architecture) =>
        architecture.Weights.ToDictionary(weight => weight.Name, weight => new float[weight.Count], StringComparer.Ordinal);

    /// <summary>A line that rises for 75 rows, then stays where it is.</summary>
    private static TrainingExamples Rising(int from, int to) => Windows(
        Repeating, [.. Enumerable.Range(0, 100).Select(row => 0.01f * Math.Min(row, 75))], from, to);

    private static ResNlsArchitecture ResNls => new() { LookBack = 5, Horizon = 1, Filters = 4, Hidden = 6 };

    private static TrainingResult Train(
        Architecture architecture, TrainingExamples training, TrainingExamples? validation, TrainingOptions options) =>
        new Trainer(WindowModel.Create(architecture), training, validation, options)
            .Train(WeightInitialiser.Singles(architecture.Weights, options.Seed));

    private static TrainingExamples Windows(Architecture architecture, float[] values, int from, int to)
    {
        var examples = new TrainingExamples(architecture.LookBack, 1, architecture.Horizon);
        if (architecture.LookBack != 3)
        {
            examples.Add(values, from, to);
            return examples;
        }

        for (var target = from; target < to; target++)
        {
            if (target % 3 == 2 && target >= 3)
            {
                examples.Add(values, target, target + 1);
            }
        }

        return examples;
    }

    private static double Persistence(TrainingExamples examples)
    {
        var inputs = new float[examples.LookBack];
        var targets = new float[examples.Horizon];
        var sum = 0.0;
        for (var index = 0; index < examples.Count; index++)
        {
            examples.Copy(index, inputs, targets);
            sum += targets.Average(target => Math.Pow(target - inputs[^1], 2));
        }

        return sum / examples.Count;
    }

    private static void AssertSameBits(
        IReadOnlyDictionary<string, float[]> expected, IReadOnlyDictionary<string, float[]> actual)
    {
        Assert.HasCount(expected.Count, actual);
        foreach (var (name, values) in expected)
        {
            CollectionAssert.AreEqual(
                values.Select(BitConverter.SingleToInt32Bits).ToArray(),
                actual[name].Select(BitConverter.SingleToInt32Bits).ToArray(),
                name);
        }
    }

    private sealed class Callback(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
