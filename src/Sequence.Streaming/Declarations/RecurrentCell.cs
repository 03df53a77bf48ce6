using System.Text.Json.Serialization;

namespace Sequence.Streaming;

/// <summary>Which recurrence a recurrent layer runs.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecurrentCell>))]
public enum RecurrentCell
{
    /// <summary>Elman: h[k] = tanh(W_ih u[k] + b_ih + W_hh h[k-1] + b_hh).</summary>
    Rnn,

    /// <summary>Gated recurrent unit (Cho et al. 2014), gates r, z, n, in PyTorch's form.</summary>
    Gru,

    /// <summary>Long short-term memory (Hochreiter and Schmidhuber 1997), gates i, f, g, o.</summary>
    Lstm,
}
