using System.Text.Json;

namespace Sequence.Training.Tests.Loop;

[TestClass]
public sealed class TrainingOptionsTests
{
    [TestMethod]
    [DataRow(LearningRateSchedule.Constant, 3.9, 0.4)]
    [DataRow(LearningRateSchedule.Halving, 2.9, 0.1)]
    [DataRow(LearningRateSchedule.Cosine, 4.9, 0.2)]
    [DataRow(LearningRateSchedule.WarmupCosine, 0.0, 0.0)]
    [DataRow(LearningRateSchedule.WarmupCosine, 0.5, 0.1)]
    [DataRow(LearningRateSchedule.WarmupCosine, 2.0, 0.4)]
    [DataRow(LearningRateSchedule.WarmupCosine, 5.0, 0.2)]
    [DataRow(LearningRateSchedule.WarmupCosine, 8.0, 0.0)]
    public void LearningRateAt_AnEpoch_IsTheFormula(LearningRateSchedule schedule, double epoch, double expected)
    {
        // Epochs 8, warm-up 2. Cosine at 4 of 8 and at 3 of 6 after the warm-up: cos(pi / 2) = 0, half the rate.
        var options = new TrainingOptions { Epochs = 8, LearningRate = 0.4, Schedule = schedule, WarmupEpochs = 2 };
        Assert.AreEqual(expected, options.LearningRateAt(epoch), 1e-15);
    }

    [TestMethod]
    public void Validate_OfRatesAndWarmupOutOfRange_ListsAll()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new TrainingOptions
        {
            Epochs = 3,
            WarmupEpochs = 3,
            DynamicsLearningRate = double.NaN,
        }.Validate());
        Assert.HasCount(3, error.Faults);
        Assert.Contains("warmup-cosine", error.Message);
    }

    [TestMethod]
    public void Serialise_OfOptionsThatCameLater_LeavesDefaultsOut() => Assert.AreEqual(
        "{\"Epochs\":50,\"BatchSize\":64,\"LearningRate\":0.001,\"Schedule\":\"Constant\",\"WeightDecay\":0," +
        "\"Optimiser\":\"AdamW\",\"GradientClip\":1,\"Loss\":\"Squared\",\"Patience\":8,\"Seed\":1}",
        JsonSerializer.Serialize(new TrainingOptions()));
}
