using System.Text.Json.Serialization;

namespace Sequence.Daemon.Registry;

/// <summary>What a version of a model is for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ModelAlias>))]
internal enum ModelAlias
{
    /// <summary>Answers the forecasts.</summary>
    [JsonStringEnumMemberName("champion")]
    Champion,

    /// <summary>Runs along unseen, to be promoted when it is better.</summary>
    [JsonStringEnumMemberName("challenger")]
    Challenger,

    /// <summary>Runs along unseen, only to be measured.</summary>
    [JsonStringEnumMemberName("shadow")]
    Shadow,
}
