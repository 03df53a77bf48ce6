using TorchSharp;

namespace Sequence.Torch.Tests.Bootstrap;

[TestClass]
public sealed class LibtorchBootstrapTests
{
    [TestMethod]
    public void Initialise_FromManyThreads_LoadsOnce()
    {
        var locations = new LibtorchLocation[16];
        Parallel.For(0, locations.Length, index => locations[index] = LibtorchBootstrap.Initialise());
        foreach (var location in locations)
        {
            Assert.AreSame(locations[0], location);
        }
    }

    [TestMethod]
    public void Initialise_ThenOperation_Computes()
    {
        LibtorchBootstrap.Initialise();
        using var scope = torch.NewDisposeScope();
        Assert.AreEqual(10.0, torch.tensor(new[] { 1.0, 2, 3, 4 }).sum().item<double>());
    }

    [TestMethod]
    public void Initialise_InBuildOutput_CopiesNoNatives()
    {
        LibtorchBootstrap.Initialise();
        Assert.IsEmpty(Directory.EnumerateFiles(AppContext.BaseDirectory, "libtorch_cpu*", SearchOption.AllDirectories));
    }
}
