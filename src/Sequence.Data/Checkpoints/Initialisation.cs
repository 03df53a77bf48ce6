namespace Sequence.Data.Checkpoints;

/// <summary>How a weight starts.</summary>
public abstract record Initialisation
{
    /// <summary>Every element the same.</summary>
    public static Initialisation Constant(double value) => new ConstantValue(value);

    /// <summary>Independent and uniform on [-bound, bound].</summary>
    public static Initialisation Uniform(double bound) => new UniformValue(bound);

    /// <summary>Every element equal to <paramref name="Value"/>.</summary>
    public sealed record ConstantValue(double Value) : Initialisation;

    /// <summary>Independent and uniform on [-<paramref name="Bound"/>, <paramref name="Bound"/>].</summary>
    public sealed record UniformValue(double Bound) : Initialisation;
}
