using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// S4 (Gu, Goel, Re, "Efficiently Modeling Long Sequences with Structured State Spaces", 2022): for each feature and channel
/// x[k] = A x[k-1] + B u[k], y[k] = 2 Re(C x[k]) + D u[k], where A and B are the bilinear discretisation of
/// diag(a) - P P^H and its input. The parallel face convolves the input with K[l] = 2 Re(C A^l B) through the Fourier transform;
/// K comes from its generating function (<see cref="S4Declaration"/> says which C is stored). A sequence longer than the
/// declared kernel runs in pieces of that length with the state passed on.
/// </summary>
/// <remarks>
/// The state is one tensor, complex [batch, features, state size / 2]: of each conjugate pair one number. Where a state is
/// given, asked for or needed, the discrete matrices are computed densely in double precision, at a cost of features times
/// state size cubed. A bidirectional layer takes and gives no state.
/// </remarks>
public sealed class S4Layer : SequenceLayer, IDynamicalSystemLayer
{
    /// <summary>Creates the function.</summary>
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public S4Layer(S4Declaration declaration)
    {
        ArgumentNullException.ThrowIfNull(declaration);
        ConfigurationException.ThrowIfAny(declaration.Faults());
        Declaration = declaration;
    }

    /// <inheritdoc />
    public override S4Declaration Declaration { get; }

    /// <summary>The convolution kernel K, to be differentiated by the weights.</summary>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="length">Number of times; at least 1. Beyond the declared kernel length C~ is derived anew.</param>
    /// <returns>
    /// [kernels, features, length], of the weights' element type; when bidirectional the backward kernels follow the forward
    /// ones.
    /// </returns>
    /// <exception cref="ModelException">The length is below 1.</exception>
    public Tensor Kernel(IWeightSource weights, int length)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (length < 1)
        {
            throw new ModelException($"A kernel of layer '{Declaration.Prefix}' has length 1 or more; {length} was asked for.");
        }

        var whole = Math.Max(length, Declaration.KernelLength);
        var system = StructuredWeights.Read(Declaration, weights, Declaration.Rate);
        if (Declaration.Rate != 1 || whole != Declaration.KernelLength)
        {
            system = system with { Output = Discretise(weights).GeneratingOutput(whole) };
        }

        return Generate(weights, system, whole).narrow(2, 0, length);
    }

    /// <summary>
    /// The kernel at another sampling rate as the reference implementation has it: step sizes times the rate and C~ unchanged, at
    /// the roots of unity of the length round(kernel length / rate). It is exact at rate 1 only; the layer itself derives C~ anew.
    /// </summary>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="rate">Sampling interval relative to the training's.</param>
    /// <returns>[kernels, features, round(kernel length / rate)].</returns>
    /// <exception cref="ModelException">The rate is not positive, or leaves no sample.</exception>
    public Tensor ApproximateKernel(IWeightSource weights, double rate)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var length = rate > 0 ? Math.Round(Declaration.KernelLength / rate) : 0;
        if (!(length >= 1 && length <= int.MaxValue))
        {
            throw new ModelException(
                $"Rate {rate} leaves a kernel of layer '{Declaration.Prefix}' of length {length}; it must be positive and leave at " +
                "least one sample.");
        }

        return Generate(weights, StructuredWeights.Read(Declaration, weights, rate), (int)length);
    }

    /// <inheritdoc />
    public DynamicalSystem System(IWeightSource weights, Tensor input)
    {
        if (Declaration.Bidirectional)
        {
            throw new ModelException($"Layer '{Declaration.Prefix}' is bidirectional; it is no system that runs forwards.");
        }

        DynamicalSystem.RequireInput(Declaration, input);

        var (state, entry, output) = Discretise(weights);
        return RealSystem.OfReal(state, entry, output, weights.Get(Declaration.WeightName("D")), input);
    }

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        RequireStateOf(input.shape[0], state);
        var skip = weights.Get(Declaration.WeightName("D"));
        var sequence = input.transpose(1, 2);
        var length = (int)input.shape[1];
        if (Declaration.Bidirectional)
        {
            var halves = Kernel(weights, length).chunk(2, dim: 0);
            var convolved = FastConvolution.Bidirectional(sequence, halves[0], halves[1]);
            return new(FastConvolution.WithSkip(convolved, sequence, skip), null);
        }

        var pieceLength = Math.Min(length, Declaration.KernelLength);
        var kernel = Kernel(weights, pieceLength);
        if (pieceLength == length && state is null && !keepState)
        {
            return new(FastConvolution.WithSkip(FastConvolution.Causal(sequence, kernel), sequence, skip), null);
        }

        var system = Discretise(weights);
        var current = state is null ? null : RealParts(state.Tensors[0]).to(input.dtype);
        var outputs = new List<Tensor>();
        for (var start = 0; start < length; start += pieceLength)
        {
            var count = Math.Min(pieceLength, length - start);
            var piece = sequence.narrow(2, start, count);
            var output = FastConvolution.Causal(piece, kernel);
            outputs.Add(current is null ? output : output.add(system.FreeResponse(current, count)));
            if (keepState || start + count < length)
            {
                current = system.Advance(piece, current);
            }
        }

        var result = FastConvolution.WithSkip(outputs is [var only] ? only : cat([.. outputs], dim: 3), sequence, skip);
        return new(result, keepState ? Stored(current!) : null);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        RequireStateOf(input.shape[0], state);
        var (transition, entry, output) = Discretise(weights);
        var next = entry.to(input.dtype).mul(input.unsqueeze(2));
        if (state is not null)
        {
            var before = RealParts(state.Tensors[0]).to(input.dtype).transpose(0, 1);
            next = next.add(before.bmm(transition.transpose(1, 2).to(input.dtype)).transpose(0, 1));
        }

        var result = output.to(input.dtype).mul(next.unsqueeze(1)).sum(3)
            .add(weights.Get(Declaration.WeightName("D")).mul(input.unsqueeze(1)));
        return new(result.flatten(1), Stored(next));
    }

    private static Tensor RealParts(Tensor state) => cat([state.real, state.imag], dim: 2);

    private static LayerState Stored(Tensor state)
    {
        var halves = state.chunk(2, dim: 2);
        return new([complex(halves[0], halves[1])]);
    }

    private Tensor Generate(IWeightSource weights, StructuredWeights system, int length) => GeneratingKernel.Evaluate(
        system, LowRank(weights), length, weights.Get(Declaration.WeightName("D")).dtype);

    /// <summary>P of every feature, [features, rank, modes].</summary>
    private Tensor LowRank(IWeightSource weights) => StructuredWeights.Spread(
        Declaration,
        view_as_complex(weights.Get(Declaration.WeightName("kernel.P")).to(ScalarType.Float64).contiguous()).transpose(0, 1));

    /// <summary>The discrete system at the declared rate, with the true C.</summary>
    private DenseSystem Discretise(IWeightSource weights)
    {
        var lowRank = LowRank(weights);
        var trained = DenseSystem.Discretise(StructuredWeights.Read(Declaration, weights, 1), lowRank);
        var output = trained.Recover(Declaration.KernelLength);
        return Declaration.Rate == 1
            ? trained with { Output = output }
            : DenseSystem.Discretise(StructuredWeights.Read(Declaration, weights, Declaration.Rate), lowRank) with { Output = output };
    }

    private void RequireStateOf(long batch, LayerState? state)
    {
        if (state is not null && Declaration.Bidirectional)
        {
            throw new ModelException(
                $"Layer '{Declaration.Prefix}' is bidirectional and takes no state: its backward half begins at the end.");
        }

        RequireState(state, [batch, Declaration.Features, Declaration.Modes]);
        if (state is not null && !state.Tensors[0].is_complex())
        {
            throw new ModelException(
                $"The state of layer '{Declaration.Prefix}' is complex; {state.Tensors[0].dtype} was given.");
        }
    }
}
