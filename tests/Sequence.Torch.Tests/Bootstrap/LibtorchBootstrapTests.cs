using static TorchSharp.torch;

namespace Sequence.Torch.Tests.Bootstrap;

[TestClass]
public sealed class LibtorchBootstrapTests
{
    [TestMethod]
    public void Initialise_ThisMachine_TensorOperationsWork()
    {
        var installation = LibtorchBootstrap.Initialise();

        using var left = tensor(new[] { 1f, 2f, 3f, 4f }).reshape(2, 2);
        using var product = left.mm(left);

        Assert.AreEqual(LibtorchBootstrap.LibtorchVersion, installation.Version, StringComparer.Ordinal);
        CollectionAssert.AreEqual(new[] { 7f, 10f, 15f, 22f }, product.data<float>().ToArray());
    }

    [TestMethod]
    public void Initialise_TorchSharpVersion_IsTheOneReferenced()
    {
        var version = typeof(TorchSharp.torch).Assembly.GetName().Version!;

        Assert.AreEqual(LibtorchBootstrap.TorchSharpVersion, version.ToString(3), StringComparer.Ordinal);
    }

    [TestMethod]
    public void Initialise_FromManyThreads_GivesOneInstallation()
    {
        var found = new LibtorchInstallation[16];

        Parallel.For(0, found.Length, i => found[i] = LibtorchBootstrap.Initialise());

        foreach (var installation in found)
        {
            Assert.AreSame(found[0], installation);
        }
    }
}
