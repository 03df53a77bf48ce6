using System.Security.Cryptography;

namespace Sequence.Data.Checkpoints;

/// <summary>
/// A trained model on disk: a directory with model.json (the manifest) and weights.safetensors (PyTorch's names and
/// layouts). Training writes it, streaming and training open it.
/// </summary>
/// <param name="Manifest">What model.json says.</param>
/// <param name="Weights">What weights.safetensors holds.</param>
public sealed record Checkpoint(ModelManifest Manifest, CheckpointWeights Weights)
{
    /// <summary>Name of the manifest's file.</summary>
    public const string ManifestFile = "model.json";

    /// <summary>Name of the weights' file.</summary>
    public const string WeightsFile = "weights.safetensors";

    // A checkpoint may be replaced between the reading of its two files; more replacements in a row than this are no
    // longer chance.
    private const int Attempts = 20;

    /// <summary>
    /// Reads and checks a checkpoint. A checkpoint that is replaced meanwhile is read in its old or its new form, never in
    /// a mixture.
    /// </summary>
    /// <exception cref="CheckpointException">A file is missing, cut, corrupt or of a newer schema; names the first
    /// fault.</exception>
    public static Checkpoint Read(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var manifestPath = Path.Combine(directory, ManifestFile);
        var manifestBytes = CheckpointFiles.ReadAllBytes(manifestPath);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Parse(directory, manifestBytes);
            }
            catch (CheckpointException)
            {
                var current = CheckpointFiles.ReadAllBytes(manifestPath);
                if (attempt == Attempts || current.AsSpan().SequenceEqual(manifestBytes))
                {
                    throw;
                }

                manifestBytes = current;
            }
        }
    }

    /// <summary>
    /// Writes a checkpoint: into a temporary directory beside the target, flushed to the disk, then renamed. A checkpoint
    /// already there is replaced at once (in one exchange where the system can); a failure leaves it as it was.
    /// </summary>
    /// <param name="directory">The checkpoint's directory; its parent is created when missing.</param>
    /// <param name="manifest">Everything but the weights; the hash of the weights is filled in.</param>
    /// <param name="weights">The weights.</param>
    /// <exception cref="CheckpointException">It cannot be written.</exception>
    public static void Write(string directory, ModelManifest manifest, CheckpointWeights weights)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(weights);
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        AtomicDirectory.Write(target, temporary =>
        {
            var weightsPath = Path.Combine(temporary, WeightsFile);
            SafetensorsFile.Write(weightsPath, weights.Tensors.Values);
            var hash = Hash(CheckpointFiles.ReadAllBytes(weightsPath));
            CheckpointFiles.Write(
                Path.Combine(temporary, ManifestFile), [(manifest with { WeightsSha256 = hash }).ToJson()]);
        });
    }

    private static Checkpoint Parse(string directory, byte[] manifestBytes)
    {
        var manifest = ModelManifest.FromJson(manifestBytes, Path.Combine(directory, ManifestFile));
        var weightsPath = Path.Combine(directory, WeightsFile);
        var bytes = CheckpointFiles.ReadAllBytes(weightsPath);

        // The structure first: its faults say more than a hash that differs.
        var file = SafetensorsFile.Parse(bytes, weightsPath);
        var hash = Hash(bytes);
        return string.Equals(hash, manifest.WeightsSha256, StringComparison.OrdinalIgnoreCase)
            ? new Checkpoint(manifest, new CheckpointWeights(file.Tensors.Values))
            : throw new CheckpointException(
                weightsPath,
                $"is not what {ManifestFile} was written with (sha256 {hash}, expected {manifest.WeightsSha256}); " +
                "it was changed or is corrupt. Copy the checkpoint again or train again.");
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
