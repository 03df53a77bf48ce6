namespace Sequence.Torch;

/// <summary>What was loaded.</summary>
/// <param name="Folder">Where libtorch came from.</param>
/// <param name="IsPatched">Whether TorchSharp's native half had to be made to accept an older libstdc++.</param>
public sealed record LibtorchLocation(string Folder, bool IsPatched);
