using System.Text.Json;

namespace Sequence.Daemon.Jobs;

/// <summary>The body of POST /jobs/walk-forward.</summary>
internal sealed record WalkForwardRequest
{
    /// <summary>The series to evaluate on.</summary>
    public required string[] Series { get; init; }

    /// <summary>Options of `sequence model evaluate` in camel case; see <see cref="JobArguments"/>.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; init; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
}
