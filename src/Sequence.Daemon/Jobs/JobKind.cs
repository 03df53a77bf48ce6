using System.Text.Json.Serialization;

namespace Sequence.Daemon.Jobs;

/// <summary>What a job does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobKind>))]
internal enum JobKind
{
    /// <summary>Trains a model and registers the checkpoint as a version.</summary>
    [JsonStringEnumMemberName("train")]
    Train,

    /// <summary>Measures forecasters by rolling origin.</summary>
    [JsonStringEnumMemberName("walk-forward")]
    WalkForward,
}
