using System.Text.Json.Serialization;

namespace Sequence.Daemon.Jobs;

/// <summary>How far a job is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobState>))]
internal enum JobState
{
    /// <summary>Waits for a node.</summary>
    [JsonStringEnumMemberName("queued")]
    Queued,

    /// <summary>A node has it, as long as its lease runs.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Done.</summary>
    [JsonStringEnumMemberName("succeeded")]
    Succeeded,

    /// <summary>Ended without success.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Ended because it was asked to.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
