namespace Sequence.Daemon.Registry;

/// <summary>A version of a model.</summary>
/// <param name="Hash">SHA-256 of its content, weights included, as the checkpoint's manifest has it.</param>
/// <param name="AddedAt">When it was registered.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Bytes">Of its files.</param>
/// <param name="SelfCheck">What it says of the probe, by series it was trained on; see <see cref="Registry.SelfCheck"/>.</param>
internal sealed record ModelVersion(
    string Hash, DateTimeOffset AddedAt, string Source, long Bytes, IReadOnlyDictionary<string, double[]> SelfCheck);
