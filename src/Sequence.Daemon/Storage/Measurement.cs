using System.Text.Json.Serialization;

namespace Sequence.Daemon.Storage;

/// <summary>One observation as a client sends it.</summary>
/// <param name="EventTime">When it holds, UTC.</param>
/// <param name="Value">Finite and not -0, in the units of the series.</param>
/// <param name="Sequence">The client's number of this message within the series, or null when it numbers none.</param>
[GenerateSerializer]
[Immutable]
internal readonly record struct Measurement(
    [property: JsonPropertyName("time")] DateTimeOffset EventTime, double Value, long? Sequence = null);
