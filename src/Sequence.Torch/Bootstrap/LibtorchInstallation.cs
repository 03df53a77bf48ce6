namespace Sequence.Torch;

/// <summary>What the bootstrap loaded into this process.</summary>
/// <param name="Version">The version libtorch reports of itself, such as "2.10.0".</param>
/// <param name="LibraryPath">The folder libtorch came from, or null where the operating system's search found it.</param>
/// <param name="BindingPath">The file of TorchSharp's native binding, or null where the operating system's search found it.</param>
/// <param name="IsPatched">
/// True where the binding is a patched copy because this machine's libstdc++ is older than the binding asks for.
/// </param>
/// <param name="HasCuda">True where a CUDA build of libtorch was loaded.</param>
public sealed record LibtorchInstallation(
    string Version,
    string? LibraryPath,
    string? BindingPath,
    bool IsPatched,
    bool HasCuda);
