using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Torch;

namespace Sequence.Training;

/// <summary>
/// A <see cref="TrainingState"/> on disk: one safetensors file, the numbers in its metadata, so that a single rename
/// makes it whole. What is not a tensor is JSON, in which a double keeps every bit.
/// </summary>
public static class TrainingStateFile
{
    private const string WeightPrefix = "weights/";
    private const string BestPrefix = "best/";
    private const string OptimiserPrefix = "optimiser/";
    private const string StateKey = "state";
    private const string HashKey = "sha256";

    /// <summary>Writes the state under a temporary name, flushes it and renames it over the old one.</summary>
    /// <exception cref="CheckpointException">It cannot be written.</exception>
    public static void Write(string path, TrainingState state)
    {
        var tensors = Tensors(state).ToArray();
        var json = JsonSerializer.Serialize(new Header(
            state.Fingerprint, state.Epoch, state.ExamplesDone, state.LossSum, state.BestLoss, state.BestEpoch,
            state.History, state.Optimiser.StepCount, state.Optimiser.LearningRate, state.BestAccuracy, state.Elapsed));
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [StateKey] = json,
            [HashKey] = Hash(json, tensors),
        };
        var temporary = path + ".tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            SafetensorsFile.Write(temporary, tensors, metadata);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"cannot be written: {error.Message}", error);
        }
        finally
        {
            // There only after a fault; File.Delete says nothing about a file that is not there.
            TryDelete(temporary);
        }
    }

    /// <summary>Reads a state.</summary>
    /// <exception cref="CheckpointException">It is missing, cut, changed or not a training state.</exception>
    public static TrainingState Read(string path)
    {
        var file = SafetensorsFile.Read(path);
        if (!file.Metadata.TryGetValue(StateKey, out var json) || !file.Metadata.TryGetValue(HashKey, out var hash))
        {
            throw new CheckpointException(path, "is a safetensors file but not a training state.");
        }

        if (!string.Equals(hash, Hash(json, file.Tensors.Values), StringComparison.Ordinal))
        {
            throw new CheckpointException(path, "was changed after it was written. Start the training without resuming.");
        }

        Header header;
        try
        {
            header = JsonSerializer.Deserialize<Header>(json)
                ?? throw new CheckpointException(path, "holds no training state.");
        }
        catch (JsonException error)
        {
            throw new CheckpointException(path, $"holds a training state that is not valid: {error.Message}", error);
        }

        return new TrainingState
        {
            Fingerprint = header.Fingerprint,
            Epoch = header.Epoch,
            ExamplesDone = header.ExamplesDone,
            LossSum = header.LossSum,
            BestLoss = header.BestLoss,
            BestEpoch = header.BestEpoch,
            BestAccuracy = header.BestAccuracy,
            Elapsed = header.Elapsed,
            History = header.History,
            Weights = Group(file, WeightPrefix),
            BestWeights = Group(file, BestPrefix),
            Optimiser = new OptimiserState(header.OptimiserSteps, header.LearningRate, OptimiserBuffers(file)),
        };
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The fault that brought us here is the one to report.
        }
    }

    private static IEnumerable<SafetensorsTensor> Tensors(TrainingState state) =>
        One(WeightPrefix, state.Weights).Concat(One(BestPrefix, state.BestWeights))
            .Concat(state.Optimiser.Buffers.Select(buffer => buffer.Value switch
            {
                float[] singles => SafetensorsTensor.FromSingles(OptimiserPrefix + buffer.Key, [singles.Length], singles),
                double[] doubles => SafetensorsTensor.FromDoubles(OptimiserPrefix + buffer.Key, [doubles.Length], doubles),
                _ => throw new ModelException($"The optimiser's buffer '{buffer.Key}' holds neither floats nor doubles."),
            }));

    private static Dictionary<string, Array> OptimiserBuffers(SafetensorsFile file) => file.Tensors
        .Where(pair => pair.Key.StartsWith(OptimiserPrefix, StringComparison.Ordinal))
        .ToDictionary(
            pair => pair.Key[OptimiserPrefix.Length..],
            pair => pair.Value.Type == SafetensorsType.F64 ? (Array)pair.Value.ToDoubles() : pair.Value.ToSingles(),
            StringComparer.Ordinal);

    private static IEnumerable<SafetensorsTensor> One(string prefix, IReadOnlyDictionary<string, float[]> values) =>
        values.Select(pair => SafetensorsTensor.FromSingles(prefix + pair.Key, [pair.Value.Length], pair.Value));

    private static Dictionary<string, float[]> Group(SafetensorsFile file, string prefix) => file.Tensors
        .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value.ToSingles(), StringComparer.Ordinal);

    private static string Hash(string json, IEnumerable<SafetensorsTensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(json));
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(tensor.Name));
            hash.AppendData(tensor.Data.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed record Header(
        string Fingerprint,
        int Epoch,
        int ExamplesDone,
        double LossSum,
        [property: JsonRequired] double? BestLoss,
        int BestEpoch,
        IReadOnlyList<EpochMetrics> History,
        long OptimiserSteps,
        double LearningRate,
        double? BestAccuracy = null,
        TimeSpan Elapsed = default);
}
