namespace Sequence.Daemon.Storage;

/// <summary>The state of a series as it was after an observation, from which a replay can begin.</summary>
/// <param name="SeriesId">The series.</param>
/// <param name="ModelVersion">Version of the model that the state belongs to.</param>
/// <param name="LastEventTime">Event time of the last observation in it.</param>
/// <param name="KnownAt">Knowledge time of the last append that it knows.</param>
/// <param name="Body">What the model wrote.</param>
internal sealed record StateSnapshot(string SeriesId, string ModelVersion, DateTimeOffset LastEventTime, DateTimeOffset KnownAt, byte[] Body);
