using System.Text.Json;
using System.Text.Json.Serialization;
using Sequence.Daemon.Registry;

namespace Sequence.Daemon.Jobs;

/// <summary>A job as it is stored.</summary>
/// <param name="Id">In the order of their making.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Series">The series it works on.</param>
/// <param name="Arguments">Of the command line, besides those that say where the data lies.</param>
/// <param name="Reason">Why it was made.</param>
/// <param name="CreatedAt">When.</param>
internal sealed record JobRecord(string Id, JobKind Kind, string[] Series, string[] Arguments, string Reason, DateTimeOffset CreatedAt)
{
    /// <summary>The model that is trained; null for an evaluation.</summary>
    public string? Model { get; init; }

    /// <summary>The alias its version gets; null for challenger, or champion where the model has none.</summary>
    public ModelAlias? Alias { get; init; }

    public JobState State { get; init; }

    /// <summary>The node that has it.</summary>
    public string? Node { get; init; }

    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>How often it was begun.</summary>
    public int Attempts { get; init; }

    /// <summary>Whether it shall end.</summary>
    public bool IsCancelRequested { get; init; }

    /// <summary>Share that is done, 0 to 1.</summary>
    public double Progress { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Fault { get; init; }

    /// <summary>The last lines its process wrote to standard error.</summary>
    public string? Errors { get; init; }

    /// <summary>The version that was registered.</summary>
    public string? Version { get; init; }

    /// <summary>What an evaluation found, where it was asked for.</summary>
    public JsonElement? Result { get; init; }

    [JsonIgnore]
    public long Revision { get; init; }

    [JsonIgnore]
    public bool IsEnded => State is JobState.Succeeded or JobState.Failed or JobState.Cancelled;

    public bool IsHeldBy(string node, int attempt) =>
        State == JobState.Running && Attempts == attempt && string.Equals(Node, node, StringComparison.Ordinal);
}
