using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Models;
using Sequence.Numerics;

namespace Sequence.Training.Tests.Loop;

[TestClass]
public sealed class SequenceTrainingTests
{
    private static readonly TrainingOptions Classes = new()
    {
        Loss = LossKind.CrossEntropy,
        LearningRate = 0.02,
        Epochs = 25,
        BatchSize = 32,
        Patience = 0,
    };

    [TestMethod]
    public void Train_OnClassesOfSequencesOfAnyLength_FindsWhatNoSingleInputTells()
    {
        var model = new RecurrentReader(features: 1, hidden: 8, outputs: 2);
        var validation = Tasks.EqualSigns(200, seed: 8);
        var result = Train(model, Tasks.EqualSigns(400, seed: 7), validation, Classes);

        // The larger class alone reaches a half, and so does whoever sees one input.
        var best = result.History[result.BestEpoch - 1];
        Assert.IsGreaterThan(0.98, best.ValidationAccuracy!.Value);
        Assert.That.IsWithin(0.1, best.ValidationLoss!.Value);
        var evaluation = ModelEvaluation.Compute(
            model, result.Weights, validation, Objective.Of(LossKind.CrossEntropy));
        Assert.AreEqual(best.ValidationAccuracy, evaluation.Accuracy);
        Assert.AreEqual(best.ValidationLoss.Value, evaluation.Loss);
    }

    [TestMethod]
    public void Train_OnTargetsOfSequences_BeatsTheirMean()
    {
        // Targets: the first value and the sum of the last two; each has mean 0, so that zero loses their variance.
        var random = new CounterRandom(3);
        var training = new SequenceExamples(features: 1, targets: 2);
        var variance = 0.0;
        for (var index = 0; index < 300; index++)
        {
            var values = Enumerable.Range(0, 2 + random.NextInt(4)).Select(_ => (float)random.NextGaussian()).ToArray();
            float[] targets = [values[0], values[^1] + values[^2]];
            variance += targets.Average(target => target * target) / 300;
            training.Add(values, targets);
        }

        var result = Train(
            new RecurrentReader(features: 1, hidden: 12, outputs: 2), training, null,
            new() { LearningRate = 0.02, Epochs = 25, BatchSize = 32 });
        Assert.IsGreaterThan(1.0, variance);
        Assert.That.IsWithin(0.2 * variance, result.History[^1].TrainingLoss);
        Assert.IsNull(result.History[^1].ValidationAccuracy);
    }

    [TestMethod]
    [DataRow(OptimiserKind.AdamW, 1)]
    [DataRow(OptimiserKind.AdamW, 6)]
    [DataRow(OptimiserKind.Sgd, 11)]
    public void Train_OfClassesCancelledAndResumed_GivesTheBitsOfAnUnbrokenRun(OptimiserKind optimiser, int batches)
    {
        var options = Classes with
        {
            Epochs = 3,
            Optimiser = optimiser,
            Schedule = LearningRateSchedule.WarmupCosine,
            WarmupEpochs = 0.5,
            WeightDecay = 0.01,
        };
        var model = new RecurrentReader(features: 1, hidden: 4, outputs: 2, dropout: 0.2);
        var start = WeightInitialiser.Singles(model.Weights, 1);
        Trainer Create() => new(model, Tasks.EqualSigns(150, seed: 1), Tasks.EqualSigns(40, seed: 2), options);
        var whole = Create().Train(start);

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
        Assert.Throws<OperationCanceledException>(() => Create().Train(start, null, run.Save, stop, cancellation.Token));
        var resumed = Create().Train(start, run.ReadState());

        foreach (var (name, values) in whole.Weights)
        {
            CollectionAssert.AreEqual(
                values.Select(BitConverter.SingleToInt32Bits).ToArray(),
                resumed.Weights[name].Select(BitConverter.SingleToInt32Bits).ToArray(),
                name);
        }

        CollectionAssert.AreEqual(whole.History.ToArray(), resumed.History.ToArray());
        Assert.IsNotNull(whole.History[^1].ValidationAccuracy);
        run.Finish(resumed);
        Assert.Contains("\"validationAccuracy\":", File.ReadAllText(run.MetricsPath));
    }

    [TestMethod]
    [DataRow(0.1, null, 0.001)]
    [DataRow(0.1, 0.01, 0.01)]
    [DataRow(0.1, 0.0, 0.0)]
    [DataRow(0.0001, null, 0.0001)]
    public void Train_OfOneStep_MovesDynamicsByTheirRateAndDecaysMatricesOnly(
        double rate, double? dynamicsRate, double expectedDynamicsRate)
    {
        // y = 4 x at the start, x = 1, target 0: the loss is 16 and every weight's gradient 2 * 4 * 1 = 8.
        var model = new ScaleModel(WeightRole.Output, WeightRole.Vector, WeightRole.Dynamics, WeightRole.TimeScale);
        var examples = new SequenceExamples(features: 1, targets: 1);
        examples.Add(new float[] { 1 }, 0f);
        var weights = Train(model, examples, null, new()
        {
            Epochs = 1,
            Optimiser = OptimiserKind.Sgd,
            LearningRate = rate,
            DynamicsLearningRate = dynamicsRate,
            GradientClip = 0,
            WeightDecay = 0.5,
        }).Weights;
        Assert.AreEqual(1 - (rate * 8.5), weights["Output"][0], 1e-6);
        Assert.AreEqual(1 - (rate * 8), weights["Vector"][0], 1e-6);
        Assert.AreEqual(1 - (expectedDynamicsRate * 8), weights["Dynamics"][0], 1e-6);
        Assert.AreEqual(1 - (expectedDynamicsRate * 8), weights["TimeScale"][0], 1e-6);
    }

    [TestMethod]
    public void Train_WithWarmupCosine_MovesTheRateAtEveryStep()
    {
        // Three steps of one epoch after a warm-up of one step, y = w: rates 0, 1, 1/2 of 0.1, momentum 0.9, target 0.
        var examples = new SequenceExamples(features: 1, targets: 1);
        for (var index = 0; index < 3; index++)
        {
            examples.Add(new float[] { 1 }, 0f);
        }

        var result = Train(new ScaleModel(WeightRole.Output), examples, null, new()
        {
            Epochs = 1,
            BatchSize = 1,
            Optimiser = OptimiserKind.Sgd,
            LearningRate = 0.1,
            GradientClip = 0,
            Schedule = LearningRateSchedule.WarmupCosine,
            WarmupEpochs = 1.0 / 3,
        });
        var (weight, momentum) = (1.0, 0.0);
        foreach (var rate in new[] { 0, 0.1, 0.05 })
        {
            momentum = (0.9 * momentum) + (2 * weight);
            weight -= rate * momentum;
        }

        Assert.AreEqual(weight, result.Weights["Output"][0], 1e-6);
        Assert.AreEqual(0.05, result.History[0].LearningRate, 1e-15);
    }

    [TestMethod]
    public void Evaluation_OfSequencesOfDifferentLength_IsTheMeanOfEachAlone()
    {
        var model = new RecurrentReader(features: 2, hidden: 5, outputs: 3);
        var weights = WeightInitialiser.Singles(model.Weights, 4);
        var objective = Objective.Of(LossKind.CrossEntropy);
        var random = new CounterRandom(9);
        var together = SequenceExamples.OfClasses(2, 3);
        var losses = new List<double>();
        var correct = 0.0;
        foreach (var length in new[] { 1, 7, 3, 7, 2 })
        {
            var inputs = Enumerable.Range(0, 2 * length).Select(_ => (float)random.NextGaussian()).ToArray();
            var alone = SequenceExamples.OfClasses(2, 3);
            alone.Add(inputs, length % 3);
            together.Add(inputs, length % 3);
            var evaluation = ModelEvaluation.Compute(model, weights, alone, objective);
            losses.Add(evaluation.Loss);
            correct += evaluation.Accuracy!.Value;
        }

        var whole = ModelEvaluation.Compute(model, weights, together, objective);
        Assert.AreEqual(losses.Average(), whole.Loss, 1e-6);
        Assert.AreEqual(correct / 5, whole.Accuracy);
    }

    [TestMethod]
    public void Train_OnBytes_GivesTheBitsOfTheSameNumbers()
    {
        var random = new CounterRandom(2);
        var bytes = SequenceExamples.OfClasses(1, 2);
        var singles = SequenceExamples.OfClasses(1, 2);
        for (var index = 0; index < 40; index++)
        {
            var row = Enumerable.Range(0, 1 + random.NextInt(5)).Select(_ => (byte)random.NextInt(256)).ToArray();
            bytes.Add(row, index % 2);
            singles.Add(Array.ConvertAll(row, value => value * (1f / 255)), index % 2);
        }

        var model = new RecurrentReader(1, 3, 2);
        var options = Classes with { Epochs = 2 };
        var expected = Train(model, singles, null, options).Weights;
        foreach (var (name, values) in Train(model, bytes, null, options).Weights)
        {
            CollectionAssert.AreEqual(expected[name], values, name);
        }
    }

    [TestMethod]
    public void Fingerprint_OfOtherModelDataOrOptions_Differs()
    {
        var examples = Tasks.EqualSigns(10, seed: 1);
        var model = new RecurrentReader(1, 3, 2);
        string[] fingerprints =
        [
            new Trainer(model, examples, null, Classes).Fingerprint,
            new Trainer(model, examples, examples, Classes).Fingerprint,
            new Trainer(new RecurrentReader(1, 4, 2), examples, null, Classes).Fingerprint,
            new Trainer(model, Tasks.EqualSigns(10, seed: 2), null, Classes).Fingerprint,
            new Trainer(model, examples, null, Classes with { DynamicsLearningRate = 0.1 }).Fingerprint,
            new Trainer(model, OneByte(10, 1), null, Classes).Fingerprint,
            new Trainer(model, OneByte(11, 1), null, Classes).Fingerprint,
            new Trainer(model, OneByte(10, 0), null, Classes).Fingerprint,
        ];
        Assert.HasCount(fingerprints.Length, fingerprints.Distinct().ToArray());
        Assert.AreEqual(fingerprints[0], new Trainer(model, Tasks.EqualSigns(10, seed: 1), null, Classes).Fingerprint);

        static SequenceExamples OneByte(byte value, int label)
        {
            var one = SequenceExamples.OfClasses(1, 2);
            one.Add(new[] { value }, label);
            return one;
        }
    }

    [TestMethod]
    public void Train_OnExamplesThatDoNotFitTheModel_IsRefusedWithBothSizes()
    {
        var model = new RecurrentReader(features: 2, hidden: 3, outputs: 2);
        var error = Assert.ThrowsExactly<ModelException>(() => Train(model, Tasks.EqualSigns(10, seed: 1), null, Classes));
        Assert.Contains("1 features", error.Message);
        Assert.Contains("2 features", error.Message);
        var values = new SequenceExamples(features: 2, targets: 3);
        values.Add(new float[] { 1, 2 }, 1f, 2f, 3f);
        Assert.ThrowsExactly<ModelException>(() => Train(model, values, null, new()));
        Assert.ThrowsExactly<ModelException>(() => Train(model, values, null, Classes));
    }

    [TestMethod]
    public void Train_OnAClassTheModelDoesNotHave_NamesIt()
    {
        var examples = SequenceExamples.OfClasses(1, 5);
        examples.Add(new float[] { 1 }, 4);
        var error = Assert.ThrowsExactly<ModelException>(
            () => Train(new RecurrentReader(1, 3, outputs: 2), examples, null, Classes));
        Assert.Contains("class index 4", error.Message);
    }

    [TestMethod]
    public void Evaluation_OfNoExamples_IsRefused()
    {
        var model = new RecurrentReader(1, 3, 2);
        Assert.ThrowsExactly<DataFormatException>(() => ModelEvaluation.Compute(
            model, WeightInitialiser.Singles(model.Weights, 1), SequenceExamples.OfClasses(1, 2),
            Objective.Of(LossKind.CrossEntropy)));
    }

    private static TrainingResult Train(
        SequenceModel model, IExampleSet training, IExampleSet? validation, TrainingOptions options) =>
        new Trainer(model, training, validation, options)
            .Train(WeightInitialiser.Singles(model.Weights, options.Seed));

    private sealed class Callback(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
