using Sequence.Numerics;

namespace Sequence.Data.Checkpoints;

/// <summary>How a weight starts.</summary>
public abstract record Initialisation
{
    /// <summary>Every element the same.</summary>
    public static Initialisation Constant(double value) => new ConstantValue(value);

    /// <summary>Independent and uniform on [-bound, bound].</summary>
    public static Initialisation Uniform(double bound) => new UniformValue(bound);

    /// <summary>Independent and normal with mean 0.</summary>
    public static Initialisation Gaussian(double deviation) => new GaussianValue(deviation);

    /// <summary>
    /// Computed from the weight's own random stream and the weights declared before it, for starts that hang together
    /// (a state-space kernel and its step size).
    /// </summary>
    /// <param name="compute">Gives the elements, row-major; called once for each initialisation.</param>
    public static Initialisation Computed(
        Func<CounterRandom, IReadOnlyDictionary<string, double[]>, double[]> compute) => new ComputedValue(compute);

    /// <summary>Every element equal to <paramref name="Value"/>.</summary>
    public sealed record ConstantValue(double Value) : Initialisation;

    /// <summary>Independent and uniform on [-<paramref name="Bound"/>, <paramref name="Bound"/>].</summary>
    public sealed record UniformValue(double Bound) : Initialisation;

    /// <summary>Independent and normal with mean 0 and standard deviation <paramref name="Deviation"/>.</summary>
    public sealed record GaussianValue(double Deviation) : Initialisation;

    /// <summary>Computed from a random stream and the weights declared before.</summary>
    /// <param name="Compute">Gives the elements, row-major.</param>
    public sealed record ComputedValue(
        Func<CounterRandom, IReadOnlyDictionary<string, double[]>, double[]> Compute) : Initialisation;
}
