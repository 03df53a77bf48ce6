using System.Text.Json.Serialization;

namespace Sequence.Streaming;

/// <summary>How a diagonal continuous system x' = a x + b u becomes x[k] = A x[k-1] + B u[k] with the step size dt.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DiagonalDiscretisation>))]
public enum DiagonalDiscretisation
{
    /// <summary>The input is held between samples: A = exp(dt a), B = (exp(dt a) - 1) / a * b.</summary>
    ZeroOrderHold,

    /// <summary>Tustin's rule: A = (1 + dt a / 2) / (1 - dt a / 2), B = dt / (1 - dt a / 2) * b.</summary>
    Bilinear,
}
