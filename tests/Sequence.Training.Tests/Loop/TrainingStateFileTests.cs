using System.Security.Cryptography;
using System.Text;
using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Torch;

namespace Sequence.Training.Tests.Loop;

[TestClass]
public sealed class TrainingStateFileTests
{
    [TestMethod]
    public void Read_OfWritten_IsTheSameToTheBit()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "state.safetensors");
        TrainingStateFile.Write(path, State);
        var read = TrainingStateFile.Read(path);
        Assert.AreEqual(State.LossSum, read.LossSum);
        Assert.AreEqual(State.BestLoss, read.BestLoss);
        Assert.AreEqual(State.Epoch, read.Epoch);
        Assert.AreEqual(State.ExamplesDone, read.ExamplesDone);
        Assert.AreEqual(State.Fingerprint, read.Fingerprint);
        CollectionAssert.AreEqual(State.History.ToArray(), read.History.ToArray());
        CollectionAssert.AreEqual(State.Weights["a"], read.Weights["a"]);
        CollectionAssert.AreEqual(State.BestWeights["a"], read.BestWeights["a"]);
        Assert.AreEqual(State.Optimiser.StepCount, read.Optimiser.StepCount);
        CollectionAssert.AreEqual(State.Optimiser.Buffers["a.exp_avg"], read.Optimiser.Buffers["a.exp_avg"]);
        CollectionAssert.AreEqual(State.Optimiser.Buffers["a.step"], read.Optimiser.Buffers["a.step"]);
    }

    [TestMethod]
    public void Read_OfAnyFlippedByte_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "state.safetensors");
        TrainingStateFile.Write(path, State);
        var bytes = File.ReadAllBytes(path);
        for (var offset = 0; offset < bytes.Length; offset++)
        {
            var broken = bytes.ToArray();
            broken[offset] ^= 0x20;
            File.WriteAllBytes(path, broken);
            Assert.ThrowsExactly<CheckpointException>(() => TrainingStateFile.Read(path), $"offset {offset}");
        }
    }

    [TestMethod]
    public void Read_OfAnyCut_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "state.safetensors");
        TrainingStateFile.Write(path, State);
        var bytes = File.ReadAllBytes(path);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.ThrowsExactly<CheckpointException>(() => TrainingStateFile.Read(path), $"length {length}");
        }
    }

    [TestMethod]
    [DataRow(0.25)]
    [DataRow(null)]
    public void Read_OfAStateWhoseStartIsTheBest_KeepsItsLoss(double? loss)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "state.safetensors");
        TrainingStateFile.Write(path, State with { BestEpoch = 0, BestLoss = loss });
        var read = TrainingStateFile.Read(path);
        Assert.AreEqual(0, read.BestEpoch);
        Assert.AreEqual(loss, read.BestLoss);
        CollectionAssert.AreEqual(State.BestWeights["a"], read.BestWeights["a"]);
    }

    [TestMethod]
    public void Read_OfAStateWithoutItsBestLoss_IsRefused()
    {
        // States written before the start could be the best had none; read as "no best yet", it would be forgotten.
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "state.safetensors");
        TrainingStateFile.Write(path, State);
        var json = SafetensorsFile.Read(path).Metadata["state"];
        var older = json.Replace($"\"BestLoss\":{State.BestLoss:R},", string.Empty, StringComparison.Ordinal);
        Assert.AreNotEqual(json, older);
        SafetensorsFile.Write(path, [], new Dictionary<string, string>
        {
            ["state"] = older,
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(older))),
        });
        Assert.Contains("BestLoss", Assert.ThrowsExactly<CheckpointException>(() => TrainingStateFile.Read(path)).Message);
    }

    private static TrainingState State => new()
    {
        Fingerprint = "f",
        Epoch = 1,
        ExamplesDone = 64,
        LossSum = 0.1 + 0.2,
        BestLoss = 1.0 / 3,
        BestEpoch = 1,
        History = [new EpochMetrics(1, 2.0 / 3, 1.0 / 3, 1e-3)],
        Weights = new Dictionary<string, float[]> { ["a"] = [1.1f, -2.2f] },
        BestWeights = new Dictionary<string, float[]> { ["a"] = [3.3f, 4.4f] },
        Optimiser = new OptimiserState(
            7, 1e-3, new Dictionary<string, Array> { ["a.exp_avg"] = new[] { 0.5f }, ["a.step"] = new[] { 7.0 } }),
    };
}
