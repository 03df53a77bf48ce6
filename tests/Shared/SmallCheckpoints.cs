using System.Text.Json;
using Sequence.Data.Checkpoints;
using Sequence.Data.Scalers;
using Sequence.Forecasting;
using Sequence.Streaming;

namespace Sequence.Tests;

/// <summary>Small checkpoints with initial weights, in the models folder of a data folder.</summary>
internal static class SmallCheckpoints
{
    public const int Horizon = 3;

    public static string WriteStack(string data, string name, ulong seed = 3, string frequency = "D") => Write(
        data,
        name,
        new StackArchitecture
        {
            LookBack = 8,
            Horizon = Horizon,
            Stack = new StackOptions { Mixer = new S4DMixer { StateSize = 8 }, Features = 8, Depth = 2 },
        },
        seed,
        frequency);

    public static string WriteWindow(string data, string name, ulong seed = 4) => Write(
        data, name, new RecurrentArchitecture { LookBack = 5, Horizon = Horizon, Cell = RecurrentCell.Lstm, Hidden = 16 }, seed, "D");

    /// <summary>One LSTM layer of 64 units that carries its state from observation to observation.</summary>
    public static string WriteLstm(string data, string name) => Write(
        data,
        name,
        new StackArchitecture
        {
            LookBack = 8,
            Horizon = Horizon,
            Stack = new StackOptions { Mixer = new RecurrentMixer { Cell = RecurrentCell.Lstm }, Features = 64, Depth = 1 },
        },
        seed: 5,
        "D");

    private static string Write(string data, string name, Architecture architecture, ulong seed, string frequency)
    {
        var directory = Path.Combine(data, "models", name);
        Directory.CreateDirectory(Path.GetDirectoryName(directory)!);
        var calibration = new IntervalCalibration([.. Enumerable.Range(1, Horizon).Select(step => Enumerable.Range(1, 40).Select(rank => 0.1 * step * rank).ToArray())]);
        var manifest = new ModelManifest
        {
            Name = name,
            Architecture = ManifestSections.ToJson(architecture),
            Target = "close",
            Inputs = ["close"],
            Frequency = frequency,
            Scalers = new Dictionary<string, Scaler>(StringComparer.Ordinal) { ["sse"] = new LogReturnScaler() },
            Calibration = JsonSerializer.SerializeToElement(new Dictionary<string, IntervalCalibration>(StringComparer.Ordinal) { ["sse"] = calibration }, JsonSerializerOptions.Web),
            DataFingerprint = "abc",
            Metrics = new Dictionary<string, double>(StringComparer.Ordinal),
            Seed = seed,
            CreatedAt = DateTimeOffset.UnixEpoch,
            Versions = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        Checkpoint.Write(directory, manifest, CheckpointWeights.FromSingles(architecture.Weights, WeightInitialiser.Singles(architecture.Weights, seed)));
        return directory;
    }
}
