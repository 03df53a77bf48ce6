using System.Text.Json.Serialization;

namespace Sequence.Daemon.Watching;

/// <summary>Whether intervals keep their promise.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CoverageVerdict>))]
internal enum CoverageVerdict
{
    /// <summary>Too few outcomes to say.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>Within what chance allows.</summary>
    [JsonStringEnumMemberName("asPromised")]
    AsPromised,

    /// <summary>Less than chance allows.</summary>
    [JsonStringEnumMemberName("underCovered")]
    UnderCovered,

    /// <summary>More than chance allows: wider than they need to be.</summary>
    [JsonStringEnumMemberName("overCovered")]
    OverCovered,
}
