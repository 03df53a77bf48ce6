using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// The linear state-space layer of <see cref="LsslDeclaration"/>: over a sequence a convolution with the kernel
/// C Abar^l Bbar. The state is x, [batch, features, states]; gradients flow through one passed in and out.
/// </summary>
/// <remarks>
/// The discrete systems and their Krylov matrices are computed in double precision and kept while A, B, the step sizes and
/// their element type stay the same, unless a gradient by one of them is wanted; a matrix of a longer sequence serves
/// shorter ones. The state after the last input costs extra work, which is left out when it is not asked for.
/// </remarks>
public sealed class LsslLayer : SequenceLayer, IDynamicalSystemLayer
{
    private readonly Lock _gate = new();
    private Tensor[] _keys = [];
    private LsslSystem? _kept;

    /// <summary>Creates the layer.</summary>
    /// <exception cref="ConfigurationException">A size, step size, alpha or rate is out of range.</exception>
    public LsslLayer(LsslDeclaration declaration)
    {
        ArgumentNullException.ThrowIfNull(declaration);
        ConfigurationException.ThrowIfAny(declaration.Faults());
        Declaration = declaration;
    }

    /// <inheritdoc />
    public override LsslDeclaration Declaration { get; }

    /// <summary>How often systems were discretised to be kept.</summary>
    internal int Discretisations { get; private set; }

    /// <summary>Columns of the Krylov matrix that is kept; 0 for none.</summary>
    internal long KeptColumns => _kept?.Columns ?? 0;

    /// <inheritdoc />
    public DynamicalSystem System(IWeightSource weights, Tensor input)
    {
        var (features, channels, states) = (Declaration.Features, Declaration.Channels, Declaration.StateSize);
        DynamicalSystem.RequireInput(Declaration, input);

        // States are numbered feature by feature, so that every matrix is made of one block for each feature.
        var (c, d) = (Weight(weights, "C"), Weight(weights, "D"));
        var (a, b) = Use(weights, system => (system.A.to(c.dtype, copy: true), system.B.to(c.dtype, copy: true)));
        Tensor Constant(Tensor matrix) =>
            matrix.unsqueeze(0).expand(input.shape[0], matrix.shape[0], matrix.shape[1]);
        return new(
            Constant(a.permute(1, 2, 0).diag_embed().permute(2, 0, 3, 1).reshape(features * states, features * states)),
            Constant(b.squeeze(2).t().diag_embed().permute(1, 0, 2).reshape(features * states, features)),
            Constant(c.permute(1, 2, 0).diag_embed().permute(2, 0, 3, 1).reshape(features * channels, features * states)),
            Constant(d.t().diag_embed().permute(1, 0, 2).reshape(features * channels, features)));
    }

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        RequireState(state, Shape(input.shape[0]));
        var (batch, length) = (input.shape[0], input.shape[1]);
        var c = Weight(weights, "C").to(ScalarType.Float64);
        var before = state?.Tensors[0].to(ScalarType.Float64);
        var (kernel, response, end) = Use(weights, system => (
            system.Kernel(c, length),
            before is null ? null : system.Response(c, before, length),
            keepState ? system.End(input.to(ScalarType.Float64), before).to(input.dtype) : null));

        var signal = input.transpose(1, 2);
        var output = FastConvolution.Causal(signal, kernel.to(input.dtype).transpose(0, 1))
            .add(signal.unsqueeze(1).mul(Weight(weights, "D").t().unsqueeze(2)));
        if (response is not null)
        {
            output = output.add(response.to(input.dtype).transpose(1, 2));
        }

        return new(
            output.permute(0, 3, 2, 1).reshape(batch, length, Declaration.OutputSize),
            end is null ? null : new LayerState([end]));
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        RequireState(state, Shape(input.shape[0]));
        var signal = input.to(ScalarType.Float64).t().unsqueeze(1);
        var next = Use(weights, system =>
        {
            var driven = system.B.bmm(signal);
            return state is null
                ? driven
                : driven.add(system.A.bmm(state.Tensors[0].to(ScalarType.Float64).permute(1, 2, 0)));
        });
        var output = Weight(weights, "C").to(ScalarType.Float64).bmm(next)
            .add(Weight(weights, "D").to(ScalarType.Float64).unsqueeze(2).mul(signal));
        return new(
            output.permute(2, 0, 1).reshape(input.shape[0], Declaration.OutputSize).to(input.dtype),
            new LayerState([next.permute(2, 0, 1).to(input.dtype)]));
    }

    private long[] Shape(long batch) => [batch, Declaration.Features, Declaration.StateSize];

    /// <summary>Computes with the discrete systems of these weights: kept ones, or new ones that record gradients.</summary>
    private T Use<T>(IWeightSource weights, Func<LsslSystem, T> compute)
    {
        Tensor[] keys = [Weight(weights, "transition.a"), Weight(weights, "transition.b"), Weight(weights, "log_dt")];
        if (is_grad_enabled() && keys.Any(key => key.requires_grad))
        {
            return compute(new(keys[0], keys[1], keys[2], Declaration.Alpha, Declaration.Rate, isKept: false));
        }

        lock (_gate)
        {
            if (_kept is null || !keys.Zip(_keys).All(pair => IsSame(pair.First, pair.Second)))
            {
                _kept?.Release();
                Array.ForEach(_keys, key => key.Dispose());
                _kept = null;
                _kept = new(keys[0], keys[1], keys[2], Declaration.Alpha, Declaration.Rate, isKept: true);
                _keys = Array.ConvertAll(keys, key => key.detach().clone().DetachFromDisposeScope());
                Discretisations++;
            }

            return compute(_kept);
        }
    }

    private static bool IsSame(Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        return left.dtype == right.dtype && left.device.ToString() == right.device.ToString() &&
            left.eq(right).all().item<bool>();
    }

    private Tensor Weight(IWeightSource weights, string name) => weights.Get(Declaration.WeightName(name));
}
