using System.Text.Json.Serialization;

namespace Sequence.Streaming;

/// <summary>
/// Where the eigenvalues a[n] of S4D's state matrix start, n = 0 .. N/2 - 1 (Gu et al., "On the Parameterization and
/// Initialization of Diagonal State Space Models", 2022).
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<S4DInitialisation>))]
public enum S4DInitialisation
{
    /// <summary>a[n] = -1/2 - i pi n: the frequencies of a Fourier series.</summary>
    Lin,

    /// <summary>a[n] = -1/2 - i (N / pi) (N / (2 n + 1) - 1): the asymptotic spectrum of HiPPO-LegS.</summary>
    Inv,

    /// <summary>a[n] = -1/2 - i (N / pi) (N / (n + 1) - 1): a variant of <see cref="Inv"/> in the authors' code.</summary>
    Inv2,

    /// <summary>a[n] = -1/2 - i (2 n + 1)^2 / pi: a variant in the authors' code.</summary>
    Quad,

    /// <summary>
    /// The eigenvalues of the normal part of HiPPO-LegS, with its input: Re a[n] = -1/2. The input is that of S4; by the paper
    /// it would be halved, which the authors' code does not do.
    /// </summary>
    LegS,

    /// <summary>a[n] = -(n + 1): the eigenvalues of HiPPO-LegS, without oscillation.</summary>
    Real,
}
