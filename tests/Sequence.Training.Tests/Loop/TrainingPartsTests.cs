using Sequence.Data.Checkpoints;
using Sequence.Models;
using Sequence.Numerics;
using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Training.Tests.Loop;

/// <summary>Parts of a batch, buckets, time budgets, another device: what makes large trainings fit.</summary>
[TestClass]
public sealed class TrainingPartsTests
{
    private static readonly TrainingOptions Options = new()
    {
        Loss = LossKind.CrossEntropy,
        LearningRate = 0.02,
        Epochs = 2,
        BatchSize = 24,
        Patience = 0,
    };

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(23)]
    [DataRow(24)]
    [DataRow(100)]
    public void Train_InParts_MakesTheStepsOfWholeBatches(int partSize)
    {
        // 60 examples: the last batch of an epoch is of 12.
        var whole = Train(Options);
        var parts = Train(Options with { PartSize = partSize });
        foreach (var (name, values) in whole.Weights)
        {
            for (var index = 0; index < values.Length; index++)
            {
                Assert.AreEqual(values[index], parts.Weights[name][index], 2e-5, name);
            }
        }

        Assert.AreEqual(whole.History[1].TrainingLoss, parts.History[1].TrainingLoss, 1e-5);

        static TrainingResult Train(TrainingOptions options)
        {
            // Plain gradient descent: AdamW would turn the rounding of a gradient near 0 into a step of full size.
            var model = new RecurrentReader(1, 4, 2);
            return new Trainer(
                    model, Tasks.EqualSigns(60, seed: 1), null, options with { Optimiser = OptimiserKind.Sgd })
                .Train(WeightInitialiser.Singles(model.Weights, 1));
        }
    }

    [TestMethod]
    public void Train_InPartsAndBuckets_CancelledAnywhere_ResumesToTheSameBits()
    {
        var model = new RecurrentReader(1, 3, 2, dropout: 0.3);
        var start = WeightInitialiser.Singles(model.Weights, 1);
        var options = Options with { PartSize = 5, BucketsByLength = true };
        Trainer Create() => new(model, Tasks.EqualSigns(60, seed: 1), Tasks.EqualSigns(10, seed: 2), options);
        var whole = Create().Train(start);
        for (var stop = 1; stop <= 6; stop++)
        {
            using var cancellation = new CancellationTokenSource();
            var steps = 0;
            TrainingState? state = null;
            try
            {
                Create().Train(
                    start, null, saved => state = saved, new Callback(_ => Cancel(++steps)), cancellation.Token);
            }
            catch (OperationCanceledException)
            {
                // As wanted.
            }

            var resumed = Create().Train(start, state);
            foreach (var (name, values) in whole.Weights)
            {
                CollectionAssert.AreEqual(values, resumed.Weights[name], $"{name} after {stop}");
            }

            void Cancel(int step)
            {
                if (step == stop)
                {
                    cancellation.Cancel();
                }
            }
        }
    }

    [TestMethod]
    public void FillOrder_OfBuckets_IsAPermutationInBatchesOfLikeLength()
    {
        var random = new CounterRandom(4);
        var examples = SequenceExamples.OfClasses(1, 2);
        for (var index = 0; index < 1003; index++)
        {
            examples.Add(new byte[1 + random.NextInt(200)], 0);
        }

        var plan = new BucketedBatchPlan(examples, batchSize: 10, seed: 1);
        var order = new int[1003];
        Assert.AreEqual(1003, plan.FillOrder(3, order));
        CollectionAssert.AreEqual(Enumerable.Range(0, 1003).ToArray(), order.Order().ToArray());
        Assert.IsLessThan(0.1 * Padding(new ShuffledBatchPlan(1)), Padding(plan));

        var again = new int[1003];
        new BucketedBatchPlan(examples, 10, 1).FillOrder(3, again);
        CollectionAssert.AreEqual(order, again);
        plan.FillOrder(4, again);
        CollectionAssert.AreNotEqual(order, again);

        double Padding(IBatchPlan ordered)
        {
            var indices = new int[1003];
            ordered.FillOrder(0, indices);
            return indices.Chunk(10).Sum(batch =>
            {
                var longest = batch.Max(index => examples.LengthOf(index));
                return batch.Sum(index => longest - examples.LengthOf(index));
            });
        }
    }

    [TestMethod]
    public void Train_WithATimeBudget_EndsThereWithItsLearningRateAtTheEnd()
    {
        var model = new RecurrentReader(1, 3, 2);
        var examples = Tasks.EqualSigns(400, seed: 1);
        var options = Options with
        {
            Epochs = 1_000_000,
            TimeBudget = TimeSpan.FromSeconds(1),
            Schedule = LearningRateSchedule.WarmupCosine,
            WarmupEpochs = 1000,
        };
        var result = new Trainer(model, examples, Tasks.EqualSigns(20, seed: 2), options)
            .Train(WeightInitialiser.Singles(model.Weights, 1));
        Assert.IsGreaterThanOrEqualTo(options.TimeBudget.Value, result.Elapsed);
        Assert.IsLessThan(1_000_000, result.History.Count);
        Assert.IsGreaterThan(1, result.History.Count);

        // By epochs alone the warm-up would still be under way.
        Assert.IsLessThan(0.2 * options.LearningRate, result.History[^1].LearningRate);
        Assert.IsGreaterThan(0.8 * options.LearningRate, result.History.Max(epoch => epoch.LearningRate));
    }

    [TestMethod]
    public void Train_WithATimeBudgetUnderOneStep_IsRefused()
    {
        var model = new RecurrentReader(1, 3, 2);
        var trainer = new Trainer(
            model, Tasks.EqualSigns(60, seed: 1), null, Options with { TimeBudget = TimeSpan.FromTicks(1) });
        var error = Assert.ThrowsExactly<ConfigurationException>(
            () => trainer.Train(WeightInitialiser.Singles(model.Weights, 1)));
        Assert.Contains("time-budget", error.Message);
    }

    [TestMethod]
    public void Train_ByAccuracy_KeepsTheFirstEpochOfTheGreatest()
    {
        var model = new RecurrentReader(1, 4, 2);
        var result = new Trainer(
                model, Tasks.EqualSigns(60, seed: 1), Tasks.EqualSigns(20, seed: 2),
                Options with { Epochs = 12, LearningRate = 0.05, BestBy = BestBy.Accuracy })
            .Train(WeightInitialiser.Singles(model.Weights, 1));
        var greatest = result.History.Max(epoch => epoch.ValidationAccuracy);
        Assert.AreEqual(greatest, result.ValidationAccuracy);
        Assert.AreEqual(
            result.History.First(epoch => epoch.ValidationAccuracy == greatest).Epoch, result.BestEpoch);
    }

    [TestMethod]
    public void LearningRateAt_WithInverseSquareRoot_FollowsItsFormula()
    {
        var options = new TrainingOptions
        {
            LearningRate = 0.3,
            Schedule = LearningRateSchedule.WarmupInverseSquareRoot,
            WarmupEpochs = 4,
        };
        options.Validate();
        Assert.AreEqual(0, options.LearningRateAt(0));
        Assert.AreEqual(0.15, options.LearningRateAt(2), 1e-15);
        Assert.AreEqual(0.3, options.LearningRateAt(4), 1e-15);
        Assert.AreEqual(0.15, options.LearningRateAt(16), 1e-15);
        Assert.ThrowsExactly<ConfigurationException>(() => (options with { WarmupEpochs = 0 }).Validate());
    }

    [TestMethod]
    public void DeviceParameters_OnACopy_BringGradientsAndStatisticsBack()
    {
        using var compute = new ComputeThread("test");
        compute.Run(() =>
        {
            var model = new SequenceClassifier(1, 2, 6, new()
            {
                Mixer = new Streaming.QuasiLstmMixer(),
                Features = 4,
                Depth = 1,
                Normalisation = Streaming.Normalisation.Batch,
            });
            using var direct = ParameterSet.FromSingles(model.Weights, WeightInitialiser.Singles(model.Weights, 1));
            using var master = ParameterSet.FromSingles(model.Weights, WeightInitialiser.Singles(model.Weights, 1));
            using var copy = new DeviceParameters(master, CPU);
            using var pass = new TrainingPass();
            var inputs = randn(5, 6, 1);
            for (var round = 0; round < 2; round++)
            {
                model.Forward(direct, inputs, training: pass).sum().backward();
                model.Forward(copy.Weights, inputs, training: pass).sum().backward();
                copy.PullGradients();

                // So a step ends; the statistics on the device go on from where they were.
                copy.Push();
                foreach (var (declaration, parameter) in direct.Trained)
                {
                    Assert.IsTrue(parameter.grad!.eq(master.Get(declaration.Name).grad!).all().item<bool>(), declaration.Name);
                    parameter.grad!.zero_();
                }
            }

            copy.PullStatistics();
            var statistics = direct.Declarations.Where(weight => weight.Role == WeightRole.Statistic).ToArray();
            Assert.IsNotEmpty(statistics);
            foreach (var statistic in statistics)
            {
                Assert.IsTrue(direct.Get(statistic.Name).eq(master.Get(statistic.Name)).all().item<bool>(), statistic.Name);
            }

            using (no_grad())
            {
                var name = model.Weights[0].Name;
                master.Get(name).mul_(tensor(2f));
                copy.Push();
                Assert.IsTrue(copy.Weights.Get(name).eq(master.Get(name)).all().item<bool>());
            }
        });
    }

    [TestMethod]
    [DataRow("gpu")]
    [DataRow("cuda:")]
    [DataRow("cuda:-1")]
    [DataRow("cpu:0")]
    [DataRow("")]
    public void Parse_OfNoDevice_SaysWhatThereIs(string text)
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => ComputeDevice.Parse(text));
        Assert.Contains("cuda:1", error.Message);
    }

    [TestMethod]
    public void Train_OnADeviceThatIsNotThere_SaysSo()
    {
        if (Cuda.IsThere)
        {
            Assert.Inconclusive("This machine has a GPU.");
        }

        var model = new RecurrentReader(1, 3, 2);
        var trainer = new Trainer(model, Tasks.EqualSigns(60, seed: 1), null, Options)
        {
            Device = ComputeDevice.Parse("cuda:1"),
        };
        var error = Assert.ThrowsExactly<ConfigurationException>(
            () => trainer.Train(WeightInitialiser.Singles(model.Weights, 1)));
        Assert.Contains("'cuda:1'", error.Message);
        Assert.Contains("--device cpu", error.Message);
    }

    [TestMethod]
    public void Train_OnAGpu_ReachesWhatTheCpuDoes()
    {
        if (!Cuda.IsThere)
        {
            Assert.Inconclusive("This machine has no GPU.");
        }

        var model = new RecurrentReader(1, 8, 2);
        var validation = Tasks.EqualSigns(100, seed: 2);
        var result = new Trainer(model, Tasks.EqualSigns(400, seed: 1), validation, Options with { Epochs = 25 })
        {
            Device = ComputeDevice.Parse("cuda"),
        }.Train(WeightInitialiser.Singles(model.Weights, 1));
        Assert.IsGreaterThan(0.95, result.ValidationAccuracy!.Value);
    }

    private static class Cuda
    {
        public static bool IsThere
        {
            get
            {
                _ = LibtorchBootstrap.Initialise();
                return cuda.is_available();
            }
        }
    }

    private sealed class Callback(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
