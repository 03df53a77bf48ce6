namespace Sequence.Daemon.Registry;

/// <summary>A version as it is answered.</summary>
/// <param name="Version">SHA-256 of its content.</param>
/// <param name="AddedAt">When it was registered.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Bytes">Of its files.</param>
/// <param name="SelfCheckOutputs">How many numbers the self-check compares.</param>
/// <param name="Fault">Why this node does not serve it although an alias names it; null otherwise.</param>
internal sealed record ModelVersionView(string Version, DateTimeOffset AddedAt, string Source, long Bytes, int SelfCheckOutputs, string? Fault);
