namespace Sequence.Streaming;

/// <summary>How a positive step size dt is made of the trained number v, which may have any sign.</summary>
public enum StepSizeTransform
{
    /// <summary>dt = exp(v).</summary>
    Exp,

    /// <summary>dt = log(1 + exp(v)).</summary>
    Softplus,
}
