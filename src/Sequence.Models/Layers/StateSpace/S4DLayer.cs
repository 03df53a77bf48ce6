using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// S4D (Gu et al., "On the Parameterization and Initialization of Diagonal State Space Models", 2022): for each feature h and
/// channel c, with the discrete modes A[n] = exp(e[n]) and inputs B[n] of <see cref="DiagonalDiscretisation"/>,
/// x[k] = A x[k-1] + B u[k], y[k] = 2 Re(sum over n of C[n] x[n, k]) + D u[k]. The parallel face convolves the input with
/// K[l] = 2 Re(sum over n of C[n] B[n] A[n]^l) through the Fourier transform.
/// </summary>
/// <remarks>
/// The state is one tensor: complex [batch, features, state size / 2], or real [batch, features, state size] when the
/// declaration says so. Discretisation and powers are computed in double precision whatever the weights are. A bidirectional
/// layer takes and gives no state.
/// </remarks>
public sealed class S4DLayer : SequenceLayer, IDynamicalSystemLayer
{
    /// <summary>Creates the function.</summary>
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public S4DLayer(S4DDeclaration declaration)
    {
        ArgumentNullException.ThrowIfNull(declaration);
        ConfigurationException.ThrowIfAny(declaration.Faults());
        Declaration = declaration;
    }

    /// <inheritdoc />
    public override S4DDeclaration Declaration { get; }

    /// <summary>The convolution kernel K, to be differentiated by the weights.</summary>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="length">Number of times; at least 1.</param>
    /// <returns>
    /// [kernels, features, length], of the weights' element type; when bidirectional the backward kernels follow the forward
    /// ones.
    /// </returns>
    /// <exception cref="ModelException">The length is below 1.</exception>
    public Tensor Kernel(IWeightSource weights, long length)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (length < 1)
        {
            throw new ModelException($"A kernel of layer '{Declaration.Prefix}' has length 1 or more; {length} was asked for.");
        }

        var (system, output) = Discretise(weights);
        return Kernel(system, output, length, weights.Get(Declaration.WeightName("D")).dtype);
    }

    /// <inheritdoc />
    public DynamicalSystem System(IWeightSource weights, Tensor input)
    {
        if (Declaration.Bidirectional)
        {
            throw new ModelException($"Layer '{Declaration.Prefix}' is bidirectional; it is no system that runs forwards.");
        }

        DynamicalSystem.RequireInput(Declaration, input);

        var (system, output) = Discretise(weights);
        return RealSystem.Of(
            diag_embed(system.Exponent.exp()),
            system.Input,
            output,
            weights.Get(Declaration.WeightName("D")),
            input);
    }

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        RequireStateOf(input.shape[0], state);
        var (system, output) = Discretise(weights);
        var skip = weights.Get(Declaration.WeightName("D"));
        var length = input.shape[1];
        var sequence = input.transpose(1, 2);
        var kernel = Kernel(system, output, length, input.dtype);
        if (Declaration.Bidirectional)
        {
            var halves = kernel.chunk(2, dim: 0);
            return new(FastConvolution.WithSkip(FastConvolution.Bidirectional(sequence, halves[0], halves[1]), sequence, skip), null);
        }

        var result = FastConvolution.Causal(sequence, kernel);
        var start = state?.Tensors[0].to(ScalarType.ComplexFloat64);
        if (start is not null)
        {
            // The state has seen the input before the first: its part at time t is C A^(t + 1) x.
            var coefficients = start.unsqueeze(1).mul(output.unsqueeze(0)).mul(system.Exponent.exp());
            var (batch, channels) = (coefficients.shape[0], coefficients.shape[1]);
            result = result.add(system
                .Series(coefficients.flatten(0, 1), length, input.dtype)
                .reshape(batch, channels, Declaration.Features, length));
        }

        return new(FastConvolution.WithSkip(result, sequence, skip), keepState ? Stored(system.Advance(sequence, start), input.dtype) : null);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        RequireStateOf(input.shape[0], state);
        var (system, output) = Discretise(weights);
        var type = input.dtype == ScalarType.Float64 ? ScalarType.ComplexFloat64 : ScalarType.ComplexFloat32;
        var next = system.Input.to(type).mul(input.unsqueeze(2));
        if (state is not null)
        {
            next = next.add(system.Exponent.exp().to(type).mul(state.Tensors[0].to(type)));
        }

        var half = output.to(type).mul(next.unsqueeze(1)).sum(3).real;
        var result = half.add(half).add(weights.Get(Declaration.WeightName("D")).mul(input.unsqueeze(1)));
        return new(result.flatten(1), Stored(next, input.dtype));
    }

    private static Tensor Kernel(ModalSystem system, Tensor output, long length, ScalarType type) =>
        system.Series(output.mul(system.Input), length, type);

    private void RequireStateOf(long batch, LayerState? state)
    {
        if (state is not null && Declaration.Bidirectional)
        {
            throw new ModelException(
                $"Layer '{Declaration.Prefix}' is bidirectional and takes no state: its backward half begins at the end.");
        }

        RequireState(state, [batch, Declaration.Features, Declaration.Modes]);
        if (state is not null && state.Tensors[0].is_complex() == Declaration.RealState)
        {
            throw new ModelException(
                $"The state of layer '{Declaration.Prefix}' is {(Declaration.RealState ? "real" : "complex")}; " +
                $"{state.Tensors[0].dtype} was given.");
        }
    }

    private LayerState Stored(Tensor state, ScalarType type) => new(
        [
            Declaration.RealState
                ? state.real.to(type)
                : state.to(type == ScalarType.Float64 ? ScalarType.ComplexFloat64 : ScalarType.ComplexFloat32),
        ]);

    private (ModalSystem System, Tensor Output) Discretise(IWeightSource weights)
    {
        var (step, diagonal, input, output) = StructuredWeights.Read(Declaration, weights, Declaration.Rate);
        var scaled = step.mul(diagonal);
        if (Declaration.Discretisation == DiagonalDiscretisation.ZeroOrderHold)
        {
            return (new(scaled, scaled.exp().sub(ones_like(scaled)).div(diagonal).mul(input)), output);
        }

        // The tiny addend stands for the numerator where it is exactly 0 (dt a = -2), whose logarithm has no value.
        var half = scaled.mul(tensor(0.5, dtype: ScalarType.Float64));
        var numerator = half.add(ones_like(half)).add(tensor(1e-30, dtype: ScalarType.Float64));
        var denominator = ones_like(half).sub(half);
        return (new(numerator.log().sub(denominator.log()), step.div(denominator).mul(input)), output);
    }
}
