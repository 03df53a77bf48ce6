using System.Runtime.CompilerServices;
using Sequence.Torch;

namespace Sequence.Tests;

/// <summary>Loads libtorch before any test touches a torch member.</summary>
internal static class TestAssembly
{
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Usage", "CA2255", Justification = "A test host has no Main of ours to call it from.")]
    internal static void LoadLibtorch() => LibtorchBootstrap.Initialise();
}
