namespace Sequence.Numerics;

/// <summary>
/// The measure against which a HiPPO system remembers its input (Gu et al., "HiPPO: Recurrent Memory with Optimal
/// Polynomial Projections", 2020).
/// </summary>
public enum HippoMeasure
{
    /// <summary>Legendre polynomials over the whole past, stretched as time goes on.</summary>
    LegS,

    /// <summary>Legendre polynomials over a window of fixed length.</summary>
    LegT,

    /// <summary>The truncated Fourier basis over a window of fixed length.</summary>
    FouT,
}
