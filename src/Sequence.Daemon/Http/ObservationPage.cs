using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Http;

/// <summary>Part of a series.</summary>
/// <param name="Observations">In the order of their event times.</param>
/// <param name="After">What to give as after for the next part; null at the end.</param>
internal sealed record ObservationPage(IReadOnlyList<Observation> Observations, DateTimeOffset? After);
