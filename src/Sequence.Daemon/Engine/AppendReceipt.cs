namespace Sequence.Daemon.Engine;

/// <summary>What became of a batch, counted.</summary>
/// <param name="Added">First values of their event times.</param>
/// <param name="Revised">Corrections.</param>
/// <param name="Duplicates">Known before; not stored again.</param>
/// <param name="StateHash">SHA-256 of the state after the batch.</param>
[GenerateSerializer]
[Immutable]
internal sealed record AppendReceipt(int Added, int Revised, int Duplicates, string StateHash);
