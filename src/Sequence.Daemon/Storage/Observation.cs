using System.Text.Json.Serialization;

namespace Sequence.Daemon.Storage;

/// <summary>One observation as it is stored.</summary>
/// <param name="EventTime">When it holds, UTC.</param>
/// <param name="Value">In the units of the series.</param>
/// <param name="Revision">0 for the first value of this event time, one more for each correction.</param>
/// <param name="KnownAt">When the store took it. Strictly increasing over the appends of a series.</param>
/// <param name="Sequence">The client's number of the message, or null.</param>
internal readonly record struct Observation(
    [property: JsonPropertyName("time")] DateTimeOffset EventTime, double Value, int Revision, DateTimeOffset KnownAt, long? Sequence);
