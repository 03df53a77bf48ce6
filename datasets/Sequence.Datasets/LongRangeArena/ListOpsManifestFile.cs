namespace Sequence.Datasets;

/// <summary>A finished file of a <see cref="ListOpsManifest"/>.</summary>
/// <param name="Rows">Sequences in it.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">SHA-256 of its bytes, in lower-case hexadecimal.</param>
public sealed record ListOpsManifestFile(int Rows, long Bytes, string Sha256);
