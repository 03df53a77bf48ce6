using Npgsql;
using Sequence.Daemon.Telemetry;

namespace Sequence.Daemon.Storage.Postgres;

/// <summary>
/// The store of many daemons: tables in a PostgreSQL database, observations in a partition for each month of event time. A few
/// connections write, each the series that fall to it, so that appends of a series keep their order. Each gathers the writes
/// that wait into one transaction and answers them after its commit, which the server has synced. A series' row is locked by
/// who appends to it, so that daemons that append to the same series at the same time do so one after the other. A lost
/// connection is opened again by the next write.
/// </summary>
internal sealed class PostgresObservationStore : IObservationStore, IDocumentStore
{
    private const int Writers = 4;

    private readonly NpgsqlDataSource _source;
    private readonly PostgresPartitions _partitions = new();
    private readonly PostgresWriter[] _writers;

    private PostgresObservationStore(NpgsqlDataSource source, TimeProvider clock, IReadOnlyList<string> warnings)
    {
        _source = source;
        Warnings = warnings;
        _writers = [.. Enumerable.Range(0, Writers).Select(_ => new PostgresWriter(source, _partitions, clock))];
        Completion = CompleteAsync();
    }

    public Task Completion { get; }

    public DaemonMetrics? Metrics
    {
        get => _writers[0].Metrics;
        set => Array.ForEach(_writers, writer => writer.Metrics = value);
    }

    public string? WriteFault => _writers.Select(writer => writer.Fault).FirstOrDefault(fault => fault is not null);

    /// <summary>Settings of the server under which a power cut may lose what was acknowledged.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Opens the store in a database, and makes its tables when there are none.</summary>
    /// <exception cref="ConfigurationException">The database is of a newer version, or something else; says what to do.</exception>
    /// <exception cref="DaemonException">The server cannot be reached at the moment, or refuses the connection.</exception>
    public static async Task<PostgresObservationStore> OpenAsync(string connectionString, TimeProvider clock)
    {
        var source = NpgsqlDataSource.Create(PostgresConnection.Complete(connectionString));
        try
        {
            await using var connection = await source.OpenConnectionAsync();
            await PostgresSchema.PrepareAsync(connection);
            return new PostgresObservationStore(source, clock, await PostgresConnection.WarningsAsync(connection));
        }
        catch (Exception error)
        {
            await source.DisposeAsync();
            if (PostgresConnection.IsFault(error))
            {
                throw new DaemonException(
                    DaemonFault.Unavailable,
                    $"The store in PostgreSQL cannot be opened: {PostgresConnection.Reason(error)}. See that the server runs, that the connection's host, database, " +
                    "user and password are right, and that the user may create tables.", error);
            }

            throw;
        }
    }

    /// <summary>Asks the server whether it answers.</summary>
    public Task PingAsync(CancellationToken cancellationToken) =>
        ReadAsync(connection => PostgresSchema.ScalarAsync(connection, "SELECT 1"), cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken = default) =>
        Task.WhenAll(_writers.Select(writer => writer.WriteAsync(null, cancellationToken)));

    public async Task<bool> CreateAsync(SeriesDefinition series, CancellationToken cancellationToken = default) =>
        (bool)(await WriterOf(series.Id).WriteAsync(series, cancellationToken))!;

    public async Task<AppendResult> AppendAsync(
        string id, IReadOnlyList<Measurement> batch, CancellationToken cancellationToken = default) =>
        (AppendResult)(await WriterOf(id).WriteAsync(new PostgresWrite.Append(id, batch), cancellationToken))!;

    public Task<long> CountAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(connection => PostgresReads.CountAsync(connection, cancellationToken), cancellationToken);

    public async Task<DateTimeOffset> KnownAtAsync(string id, CancellationToken cancellationToken = default) =>
        await ReadAsync(connection => PostgresReads.KnownAtAsync(connection, id, cancellationToken), cancellationToken)
        ?? throw DaemonException.NoSeries(id);

    public Task SaveAsync(StateSnapshot snapshot, CancellationToken cancellationToken = default) =>
        WriterOf(snapshot.SeriesId).WriteAsync(snapshot, cancellationToken);

    public async Task<bool> RecordAsync(IssuedForecast forecast, CancellationToken cancellationToken = default) =>
        (bool)(await WriterOf(forecast.Forecast.SeriesId).WriteAsync(forecast, cancellationToken))!;

    /// <summary>Not through a writer: what waits there is not to wait for this, nor to fail with it.</summary>
    public Task<int> ForgetForecastsAsync(DateTimeOffset issuedBefore, int limit, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => PostgresForgetting.ForecastsAsync(connection, issuedBefore.UtcTicks, limit, cancellationToken), cancellationToken);

    public async Task<long?> PutAsync(string kind, string key, long revision, byte[] body, CancellationToken cancellationToken = default) =>
        await WriterOf(key).WriteAsync(new PostgresWrite.Change(kind, key, revision, body), cancellationToken) as long?;

    public async Task<bool> DeleteAsync(string kind, string key, long revision, CancellationToken cancellationToken = default) =>
        await WriterOf(key).WriteAsync(new PostgresWrite.Change(kind, key, revision, null), cancellationToken) is not null;

    public Task<Document?> FindAsync(string kind, string key, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => PostgresReads.DocumentAsync(connection, kind, key, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<Document>> ListAsync(
        string kind, string? after, int limit, CancellationToken cancellationToken = default) =>
        ReadAsync<IReadOnlyList<Document>>(
            async connection => await PostgresReads.DocumentsAsync(connection, kind, after, limit, cancellationToken), cancellationToken);

    public Task<SeriesDefinition?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => PostgresReads.FindAsync(connection, id, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<SeriesDefinition>> ListAsync(
        string? after, int limit, CancellationToken cancellationToken = default) =>
        ReadAsync<IReadOnlyList<SeriesDefinition>>(
            async connection => await PostgresReads.ListAsync(connection, after, limit, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<Observation>> ReadAsync(
        string id, ObservationQuery query, CancellationToken cancellationToken = default) =>
        ReadAsync<IReadOnlyList<Observation>>(
            async connection => await PostgresReads.PageAsync(connection, id, query, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<Observation>> ReadNewestAsync(
        string id, int count, CancellationToken cancellationToken = default) =>
        ReadAsync<IReadOnlyList<Observation>>(
            async connection => await PostgresReads.NewestAsync(connection, id, count, cancellationToken), cancellationToken);

    public Task<StateSnapshot?> FindSnapshotAsync(
        string id, string modelVersion, DateTimeOffset? before = null, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => PostgresReads.SnapshotAsync(connection, id, modelVersion, before, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<ForecastRecord>> ReadForecastsAsync(
        string id, long? before, int limit, CancellationToken cancellationToken = default) =>
        ReadAsync<IReadOnlyList<ForecastRecord>>(
            async connection => await PostgresReads.ForecastsAsync(connection, id, before, limit, cancellationToken), cancellationToken);

    /// <summary>Takes in no more, commits what waits and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var writer in _writers)
        {
            writer.Close();
        }

        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _source.DisposeAsync();
    }

    private PostgresWriter WriterOf(string id) =>
        _writers[id.Aggregate(17u, (hash, letter) => (hash * 31) + letter) % (uint)_writers.Length];

    /// <summary>Ends when all have ended, and at once when one breaks.</summary>
    private async Task CompleteAsync()
    {
        List<Task> running = [.. _writers.Select(writer => writer.Completion)];
        while (running.Count > 0)
        {
            var ended = await Task.WhenAny(running);
            running.Remove(ended);
            await ended;
        }
    }

    private async Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> query, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(cancellationToken);
                return await query(connection);
            }
            catch (Exception error) when (PostgresConnection.IsLoss(error) && attempt == 0)
            {
                // The connections of the pool died with the server they were of; a new one tells whether there is one.
                _source.Clear();
            }
            catch (Exception error) when (PostgresConnection.IsFault(error))
            {
                throw new DaemonException(
                    DaemonFault.Unavailable, $"The store cannot be read at the moment: {PostgresConnection.Reason(error)}. Send it again later.", error);
            }
        }
    }
}
