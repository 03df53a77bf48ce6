using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// The Mamba block of <see cref="SelectiveDeclaration"/>. The state holds the last kernel - 1 inputs of the convolution,
/// [batch, kernel - 1, inner], and that of the state space, [batch, inner, states].
/// </summary>
public sealed class SelectiveLayer : SequenceLayer
{
    private readonly SelectiveScanLayer _scan;

    /// <summary>Creates the layer.</summary>
    /// <exception cref="ConfigurationException">A size, step size or rate is out of range.</exception>
    public SelectiveLayer(SelectiveDeclaration declaration)
    {
        ArgumentNullException.ThrowIfNull(declaration);
        ConfigurationException.ThrowIfAny(declaration.Faults());
        Declaration = declaration;
        _scan = new SelectiveScanLayer(declaration.Scan);
    }

    /// <inheritdoc />
    public override SelectiveDeclaration Declaration { get; }

    /// <summary>y * silu(z).</summary>
    internal static Tensor Gate(Tensor output, Tensor gate) => output.mul(nn.functional.silu(gate));

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        RequireState(state, Shapes(input.shape[0]));
        var (extended, gate) = Enter(weights, input, state);
        var convolved = Convolve(weights, extended, input.shape[1]);
        var scanned = _scan.ForwardPart(weights, convolved, ScanState(state), training, keepState);
        return Leave(weights, scanned, gate, extended, keepState);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        RequireState(state, Shapes(input.shape[0]));
        var (extended, gate) = Enter(weights, input.unsqueeze(1), state);
        var convolved = Convolve(weights, extended, 1).squeeze(1);
        var scanned = _scan.StepPart(weights, convolved, ScanState(state));
        return Leave(weights, scanned, gate.squeeze(1), extended, keepState: true);
    }

    private static LayerState? ScanState(LayerState? state) => state is null ? null : new LayerState([state.Tensors[1]]);

    private long[][] Shapes(long batch) =>
    [
        [batch, Declaration.ConvolutionKernel - 1, Declaration.Inner],
        [batch, Declaration.Inner, Declaration.StateSize],
    ];

    /// <summary>The convolution's inputs with those before them, [batch, kernel - 1 + length, inner], and the gate's.</summary>
    private (Tensor Extended, Tensor Gate) Enter(IWeightSource weights, Tensor input, LayerState? state)
    {
        var halves = nn.functional.linear(input, Weight(weights, "in_proj.weight")).chunk(2, dim: 2);
        var past = state?.Tensors[0] ?? zeros(Shapes(input.shape[0])[0], dtype: input.dtype, device: input.device);
        return (cat([past, halves[0]], dim: 1), halves[1]);
    }

    // Taps times shifted inputs: conv1d would need the features before the times, and a copy there and back.
    private Tensor Convolve(IWeightSource weights, Tensor extended, long length)
    {
        var taps = Weight(weights, "conv1d.weight").squeeze(1).unbind(1);
        var sum = Weight(weights, "conv1d.bias");
        for (var tap = 0; tap < taps.Length; tap++)
        {
            sum = extended.narrow(1, tap, length).mul(taps[tap]).add(sum);
        }

        return nn.functional.silu(sum);
    }

    private LayerResult Leave(IWeightSource weights, LayerResult scanned, Tensor gate, Tensor extended, bool keepState)
    {
        var output = nn.functional.linear(Gate(scanned.Output, gate), Weight(weights, "out_proj.weight"));
        if (!keepState)
        {
            return new(output, null);
        }

        var kept = Declaration.ConvolutionKernel - 1;
        return new(output, new LayerState([extended.narrow(1, extended.shape[1] - kept, kept), scanned.State!.Tensors[0]]));
    }

    private Tensor Weight(IWeightSource weights, string name) => weights.Get(Declaration.WeightName(name));
}
