using System.Text.Json.Serialization;

namespace Sequence.Daemon.Watching;

/// <summary>What has drifted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftKind>))]
internal enum DriftKind
{
    /// <summary>One-step errors have grown, by the Page-Hinkley test.</summary>
    [JsonStringEnumMemberName("errors")]
    Errors,

    /// <summary>Intervals cover less than promised, beyond chance.</summary>
    [JsonStringEnumMemberName("coverage")]
    Coverage,

    /// <summary>Inputs are distributed otherwise than in the reference, by the population stability index and Kolmogorov-Smirnov.</summary>
    [JsonStringEnumMemberName("inputs")]
    Inputs,
}
