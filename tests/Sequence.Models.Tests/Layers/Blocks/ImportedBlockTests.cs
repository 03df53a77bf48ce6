using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

/// <summary>
/// Blocks read from files as the reference implementation names them, in double precision, against its outputs: at once, in
/// steps.
/// </summary>
[TestClass]
public sealed class ImportedBlockTests
{
    [TestMethod]
    public void Forward_OfDiagonalBlock_IsEqualToReferenceFile()
    {
        using var scope = NewDisposeScope();
        using var file = StateSpaceBlockFile.Diagonal(ReferenceFile.Open("s4d_block.json"));
        var reference = S4Reference.Open("s4d_block");
        var (block, weights) = Read(file, new() { StepSizeTransform = StepSizeTransform.Softplus });
        using (weights)
        {
            var layer = new StateSpaceBlockLayer(block.Declaration);
            var input = reference.Real("u");
            S4Reference.AssertWithin(1e-9, reference.Real("y"), layer.Forward(weights, input).Output);
            S4Reference.AssertWithin(1e-9, reference.Real("y_step"), Steps(layer, weights, input));
        }
    }

    [TestMethod]
    [DataRow(16)]
    [DataRow(5)]
    public void Forward_OfStructuredBlock_IsEqualToReferenceFile(int kernelLength)
    {
        using var scope = NewDisposeScope();
        using var file = StateSpaceBlockFile.Structured(ReferenceFile.Open("s4_step_modes.json"));
        var reference = S4Reference.Open("s4_step_modes");
        var (block, weights) = Read(file, new() { KernelLength = kernelLength });
        using (weights)
        {
            var layer = new StateSpaceBlockLayer(block.Declaration);
            var input = reference.Real("u").transpose(1, 2);
            var expected = nn.functional.gelu(reference.Real("y_conv").transpose(1, 2));
            S4Reference.AssertWithin(1e-9, expected, layer.Forward(weights, input).Output);
            S4Reference.AssertWithin(1e-9, expected, Steps(layer, weights, input));
        }
    }

    private static (ReferenceStateSpaceBlock Block, ParameterSet Weights) Read(
        StateSpaceBlockFile file, ReferenceStateSpaceOptions options)
    {
        file.Write();
        var block = ReferenceStateSpaceBlock.Read(file.Path, options);
        return (block, ParameterSet.FromDoubles(
            block.Declaration.Weights,
            block.Weights.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.ToDoubles())));
    }

    private static Tensor Steps(SequenceLayer layer, ParameterSet weights, Tensor input)
    {
        LayerState? state = null;
        var outputs = new List<Tensor>();
        foreach (var one in input.unbind(1))
        {
            (var output, state) = layer.Step(weights, one, state);
            outputs.Add(output);
        }

        return stack([.. outputs], dim: 1);
    }
}
