using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Sequence.Torch;

/// <summary>Runs the bootstrap at the first use of this assembly.</summary>
internal static class LibtorchModule
{
    /// <summary>
    /// Never throws: an exception here would reach the user as a TypeInitializationException. The bootstrap keeps the failure.
    /// </summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "libtorch must be loaded before the first touch of TorchSharp, whoever makes it.")]
    internal static void Initialise() => _ = LibtorchBootstrap.TryInitialise(out _);
}
