using Sequence.Daemon.Telemetry;

namespace Sequence.Daemon.Storage;

/// <summary>
/// What the daemon keeps: series, their observations with every revision, and the forecasts issued. A task of a write
/// completes only when what it wrote would survive a power cut. Thread-safe. A store that cannot write or read at the
/// moment throws <see cref="DaemonException"/> with <see cref="DaemonFault.Unavailable"/> and can be asked again: it has
/// stored nothing of the request, or its server fell silent while it committed, and what was stored is not stored twice.
/// </summary>
internal interface IObservationStore : IAsyncDisposable
{
    /// <summary>Ends when the store takes in no more: without a fault after it was closed, faulted when its writer broke.</summary>
    Task Completion { get; }

    /// <summary>What the last write failed of; null when it succeeded.</summary>
    string? WriteFault { get; }

    /// <summary>Told of every commit; null as long as nobody asks.</summary>
    DaemonMetrics? Metrics { get; set; }

    /// <summary>Commits a change that says nothing, to learn whether the store can write.</summary>
    Task ProbeAsync(CancellationToken cancellationToken = default);

    /// <summary>Creates a series; false when it exists with the same definition.</summary>
    /// <exception cref="DaemonException">It exists with another definition.</exception>
    Task<bool> CreateAsync(SeriesDefinition series, CancellationToken cancellationToken = default);

    /// <summary>A series, or null when there is none of this identifier.</summary>
    Task<SeriesDefinition?> FindAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>How many series there are.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken = default);

    /// <summary>Series in the ordinal order of their identifiers.</summary>
    /// <param name="after">Only identifiers after this one; null from the first on.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    Task<IReadOnlyList<SeriesDefinition>> ListAsync(
        string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// Appends observations, all or none. One with a number is a duplicate when the series has that number already; one
    /// without is a duplicate when any revision of its event time has the same value. Any other value of a known event time
    /// becomes its next revision.
    /// </summary>
    /// <returns>What became of each, and when the series was changed.</returns>
    /// <exception cref="DaemonException">
    /// There is no such series, or a number was used before for another observation.
    /// </exception>
    Task<AppendResult> AppendAsync(
        string id, IReadOnlyList<Measurement> batch, CancellationToken cancellationToken = default);

    /// <summary>
    /// Knowledge time of the last append to a series that stored something; the first instant of the calendar before any.
    /// </summary>
    /// <exception cref="DaemonException">There is no such series.</exception>
    Task<DateTimeOffset> KnownAtAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>The last revision of each event time, in the order of event times.</summary>
    Task<IReadOnlyList<Observation>> ReadAsync(
        string id, ObservationQuery query, CancellationToken cancellationToken = default);

    /// <summary>The last revisions of the newest event times, oldest first.</summary>
    Task<IReadOnlyList<Observation>> ReadNewestAsync(string id, int count, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores a snapshot beside the others of its series and model version, or in place of one of the same event time. It is
    /// passed over when a late or corrected value was stored that it does not know. An append of such a value deletes, in
    /// the same commit, the snapshots at or after its event time: those stored are always states of the latest view. Those that
    /// <see cref="SnapshotThinning"/> can do without, among them those of model versions that no longer run, are deleted in the
    /// commit of the new one.
    /// </summary>
    Task SaveAsync(StateSnapshot snapshot, CancellationToken cancellationToken = default);

    /// <summary>The snapshot of the latest event time, or null when there is none.</summary>
    /// <param name="id">The series.</param>
    /// <param name="modelVersion">The version of its model.</param>
    /// <param name="before">Only event times before this one; null for any.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    Task<StateSnapshot?> FindSnapshotAsync(
        string id, string modelVersion, DateTimeOffset? before = null, CancellationToken cancellationToken = default);

    /// <summary>Stores a forecast; false when one of the same origin, model version and state hash was stored before.</summary>
    Task<bool> RecordAsync(IssuedForecast forecast, CancellationToken cancellationToken = default);

    /// <summary>Issued forecasts, newest first, with their outcomes by the latest view.</summary>
    /// <param name="id">The series.</param>
    /// <param name="before">Only forecasts of a smaller number; null from the newest on.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    Task<IReadOnlyList<ForecastRecord>> ReadForecastsAsync(
        string id, long? before, int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes the forecasts of the smallest numbers that were issued before a time, and nothing else. It looks at a bounded number of
    /// forecasts, and so costs the same however many there are.
    /// </summary>
    /// <param name="issuedBefore">Only forecasts whose stored time of issue is before this.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>How many were deleted; 0 when no old ones are left to find.</returns>
    Task<int> ForgetForecastsAsync(DateTimeOffset issuedBefore, int limit, CancellationToken cancellationToken = default);
}
