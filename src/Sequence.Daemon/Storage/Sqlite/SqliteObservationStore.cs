using System.Data;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Sequence.Daemon.Telemetry;

namespace Sequence.Daemon.Storage.Sqlite;

/// <summary>
/// The embedded store: one SQLite file in WAL mode with synchronous=FULL. One thread writes. It gathers the writes that wait
/// into one transaction, so that one sync to disk acknowledges them all, and answers them after the commit. Readers have
/// connections of their own and never wait for it.
/// </summary>
internal sealed class SqliteObservationStore : IObservationStore, IDocumentStore
{
    private const int WaitingWrites = 1024;
    private const int WritesOfOneCommit = 256;

    // About a second when the system has the file in memory, some five when the disk has to give it.
    private const long CheckedBeforeStart = 256 * 1024 * 1024;

    // What the smallest appends take.
    private const long Room = 64 * 1024;

    private readonly string _path;
    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly SqliteWrites _writes;
    private readonly TimeProvider _clock;
    private readonly Channel<IWrite> _queue = Channel.CreateBounded<IWrite>(
        new BoundedChannelOptions(WaitingWrites) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    // Why nothing is written before a new start: what is acknowledged on a file that is damaged or gone could be lost.
    private volatile string? _broken;
    private volatile string? _writeFault;
    private volatile bool _wasFull;

    private readonly CancellationTokenSource _closing = new();
    private readonly Task _checking;

    private SqliteObservationStore(string path, SqliteConnection writer, TimeProvider clock, bool isChecked)
    {
        _path = path;
        _connectionString = ConnectionString(path, SqliteOpenMode.ReadWrite);
        _writer = writer;
        _writes = new SqliteWrites(writer, clock);
        _clock = clock;
        Synchronous = SqliteSchema.Scalar(writer, "PRAGMA synchronous");
        Completion = Task.Factory.StartNew(
            WriteUntilClosed, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _checking = isChecked ? Task.CompletedTask : Task.Factory.StartNew(
            Check, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private interface IWrite
    {
        void Execute(SqliteWrites writes);

        void Committed();

        void Failed(Exception reason);
    }

    public Task Completion { get; }

    public string? WriteFault => _broken ?? _writeFault ?? (_wasFull ? FullDisk() : null);

    public DaemonMetrics? Metrics { get; set; }

    /// <summary>How SQLite syncs commits of the writing connection; 2 is FULL.</summary>
    internal long Synchronous { get; }

    /// <summary>Opens the store in a file, and makes it when there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clock">Of the times at which observations are known.</param>
    /// <param name="checkedBeforeStart">
    /// Bytes up to which the whole file is checked for damage before it is used; a larger one is checked while it is.
    /// </param>
    /// <exception cref="ConfigurationException">
    /// The file is broken, of a newer version, or something else; says what to do.
    /// </exception>
    public static SqliteObservationStore Open(string path, TimeProvider clock, long checkedBeforeStart = CheckedBeforeStart)
    {
        var writer = new SqliteConnection(ConnectionString(path, SqliteOpenMode.ReadWriteCreate));
        try
        {
            writer.Open();
            SqliteSchema.Execute(writer, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
            SqliteSchema.Prepare(writer);
            var isChecked = new FileInfo(path).Length <= checkedBeforeStart;
            return isChecked && SqliteSchema.Damage(writer) is { } damage
                ? throw new ConfigurationException($"The store {path} is damaged: {damage} Put a backup in its place, or move it away to begin anew.")
                : new SqliteObservationStore(path, writer, clock, isChecked);
        }
        catch (SqliteException error)
        {
            writer.Dispose();
            SqliteConnection.ClearPool(writer);
            throw new ConfigurationException(
                $"The store {path} cannot be opened: {error.Message} If the file is broken, put a backup in its place or move it " +
                "away to begin anew; if the folder cannot be written, give the daemon the right to.");
        }
        catch
        {
            writer.Dispose();
            SqliteConnection.ClearPool(writer);
            throw;
        }
    }

    public async Task ProbeAsync(CancellationToken cancellationToken = default)
    {
        // On a full disk a write as small as this one can find a place while larger ones do not.
        if (_wasFull && FullDisk() is { } full)
        {
            throw new DaemonException(DaemonFault.Unavailable, full);
        }

        await WriteAsync(_ => true, cancellationToken);
        _wasFull = false;
    }

    public Task<bool> CreateAsync(SeriesDefinition series, CancellationToken cancellationToken = default) =>
        WriteAsync(writes => writes.Create(series), cancellationToken);

    public Task<AppendResult> AppendAsync(
        string id, IReadOnlyList<Measurement> batch, CancellationToken cancellationToken = default) =>
        WriteAsync(writes => writes.Append(id, batch), cancellationToken);

    public Task<DateTimeOffset> KnownAtAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => SqliteReads.KnownAt(connection, id) ?? throw DaemonException.NoSeries(id));

    public Task SaveAsync(StateSnapshot snapshot, CancellationToken cancellationToken = default) => WriteAsync(
        writes =>
        {
            writes.Save(snapshot);
            return true;
        },
        cancellationToken);

    public Task<StateSnapshot?> FindSnapshotAsync(
        string id, string modelVersion, DateTimeOffset? before = null, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => SqliteReads.Snapshot(connection, id, modelVersion, before));

    public Task<long?> PutAsync(string kind, string key, long revision, byte[] body, CancellationToken cancellationToken = default) =>
        WriteAsync(writes => writes.Put(kind, key, revision, body), cancellationToken);

    public Task<bool> DeleteAsync(string kind, string key, long revision, CancellationToken cancellationToken = default) =>
        WriteAsync(writes => writes.Delete(kind, key, revision), cancellationToken);

    public Task<Document?> FindAsync(string kind, string key, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => SqliteReads.Document(connection, kind, key));

    public Task<IReadOnlyList<Document>> ListAsync(
        string kind, string? after, int limit, CancellationToken cancellationToken = default) =>
        ReadAsync<IReadOnlyList<Document>>(connection => SqliteReads.Documents(connection, kind, after, limit));

    public Task<bool> RecordAsync(IssuedForecast forecast, CancellationToken cancellationToken = default) =>
        WriteAsync(writes => writes.Record(forecast), cancellationToken);

    public Task<int> ForgetForecastsAsync(DateTimeOffset issuedBefore, int limit, CancellationToken cancellationToken = default) =>
        WriteAsync(writes => writes.Forget(issuedBefore, limit), cancellationToken);

    public Task<SeriesDefinition?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(connection => SqliteReads.Find(connection, id));

    public Task<long> CountAsync(CancellationToken cancellationToken = default) =>

        // Keys are given one after the other and no series is ever deleted; counting the rows would read them all at each creation.
        ReadAsync(connection => SqliteSchema.Scalar(connection, "SELECT ifnull(max(key), 0) FROM series"));

    public Task<IReadOnlyList<SeriesDefinition>> ListAsync(
        string? after, int limit, CancellationToken cancellationToken = default) =>
        ReadAsync<IReadOnlyList<SeriesDefinition>>(connection => SqliteReads.List(connection, after, limit));

    public Task<IReadOnlyList<Observation>> ReadNewestAsync(
        string id, int count, CancellationToken cancellationToken = default) =>
        ReadAsync<IReadOnlyList<Observation>>(connection => SqliteReads.Newest(connection, id, count));

    public Task<IReadOnlyList<ForecastRecord>> ReadForecastsAsync(
        string id, long? before, int limit, CancellationToken cancellationToken = default) =>
        ReadAsync<IReadOnlyList<ForecastRecord>>(connection => SqliteReads.Forecasts(connection, id, before, limit));

    public Task<IReadOnlyList<Observation>> ReadAsync(
        string id, ObservationQuery query, CancellationToken cancellationToken = default) =>
        ReadAsync<IReadOnlyList<Observation>>(connection => SqliteReads.Page(connection, id, query));

    /// <summary>Takes in no more, commits what waits, folds the write-ahead log into the file and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_writer.State == ConnectionState.Closed)
        {
            return;
        }

        _queue.Writer.TryComplete();
        await _closing.CancelAsync();
        await _checking;
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
        _writes.Dispose();
        await using (var reader = new SqliteConnection(_connectionString))
        {
            SqliteConnection.ClearPool(reader);
        }

        await _writer.DisposeAsync();
        SqliteConnection.ClearPool(_writer);
    }

    /// <summary>Only the writer makes the file: a reader that finds none must not leave an empty one for the next start.</summary>
    private static string ConnectionString(string path, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 10, Mode = mode }.ToString();

    private async Task<T> WriteAsync<T>(Func<SqliteWrites, T> work, CancellationToken cancellationToken)
    {
        var write = new Write<T>(work);
        try
        {
            await _queue.Writer.WriteAsync(write, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new DaemonException(DaemonFault.Unavailable, "The store is closing and takes in no more.");
        }

        return await write.Done;
    }

    private Task<T> ReadAsync<T>(Func<SqliteConnection, T> query) => Task.Run(() =>
    {
        try
        {
            using var connection = new SqliteConnection(_connectionString);
            connection.Open();
            return query(connection);
        }
        catch (SqliteException error)
        {
            throw new DaemonException(
                DaemonFault.Unavailable, NoteDamage(error) ?? $"The store cannot be read at the moment: {error.Message}", error);
        }
        catch (Exception error) when (error is JsonException or FormatException or ArgumentException or InvalidCastException or SequenceException and not DaemonException)
        {
            throw new DaemonException(DaemonFault.Unavailable, $"The store holds a row that cannot be read: {error.Message}", error);
        }
    });

    /// <summary>Remembers that the file is damaged, when that is what the error says, and says what to do.</summary>
    private string? NoteDamage(SqliteException error) =>
        error.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB ? NoteDamage(error.Message) : null;

    private string NoteDamage(string damage) => _broken ??=
        $"The store {_path} is damaged: {damage} It takes in no more, and what it can still read is answered. Stop the daemon and put a backup " +
        "in its place.";

    private void Check()
    {
        try
        {
            using var connection = new SqliteConnection(_connectionString);
            connection.Open();
            using var stopping = _closing.Token.Register(() => SQLitePCL.raw.sqlite3_interrupt(connection.Handle));
            if (SqliteSchema.Damage(connection) is { } damage)
            {
                NoteDamage(damage);
            }
        }
        catch (SqliteException error)
        {
            // Damage that ends the check, a daemon that stops, or a fault that reads and writes will meet too.
            NoteDamage(error);
        }
    }

    private void WriteUntilClosed()
    {
        var group = new List<IWrite>(WritesOfOneCommit);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            while (group.Count < WritesOfOneCommit && _queue.Reader.TryRead(out var write))
            {
                group.Add(write);
            }

            Commit(group);
        }
    }

    private void Commit(List<IWrite> group)
    {
        var began = _clock.GetTimestamp();
        if (!File.Exists(_path))
        {
            _broken ??= $"The store {_path} is gone. It takes in no more. Stop the daemon, put the folder or a backup back, and start it again.";
        }

        if (_broken is { } broken)
        {
            Metrics?.CommitFailed();
            var refusal = new DaemonException(DaemonFault.Unavailable, $"{broken} Nothing was stored.");
            group.ForEach(write => write.Failed(refusal));
            return;
        }

        try
        {
            _writes.Begin();
            group.ForEach(write => write.Execute(_writes));
            _writes.Commit();
        }
        catch (SqliteException error)
        {
            // A full disk, or a file that went read-only or broke: nothing of the group is stored, and the next may succeed.
            Abandon();
            _writeFault = error.Message;
            _wasFull |= error.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL;
            Metrics?.CommitFailed();
            var reason = new DaemonException(
                DaemonFault.Unavailable,
                NoteDamage(error) is { } damage ? $"{damage} Nothing was stored." : $"The store cannot write at the moment: {error.Message} Nothing was stored; send it again later.",
                error);
            group.ForEach(write => write.Failed(reason));
            return;
        }
        catch (Exception error)
        {
            _queue.Writer.TryComplete();
            group.ForEach(write => write.Failed(error));
            while (_queue.Reader.TryRead(out var write))
            {
                write.Failed(error);
            }

            throw;
        }

        _writeFault = null;
        Metrics?.Committed(group.Count, _clock.GetElapsedTime(began));
        group.ForEach(write => write.Committed());
    }

    private string? FullDisk()
    {
        var free = new DriveInfo(Path.GetDirectoryName(_path)!).AvailableFreeSpace;
        return free < Room ? $"The disk of {_path} is full: {free / 1024} KB are left. Observations are refused until there is room." : null;
    }

    private void Abandon()
    {
        try
        {
            _writes.Abandon();
        }
        catch (SqliteException)
        {
            // The next transaction begins with it.
        }
    }

    private sealed class Write<T>(Func<SqliteWrites, T> work) : IWrite
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private DaemonException? _refusal;

        public Task<T> Done => _done.Task;

        public void Execute(SqliteWrites writes)
        {
            try
            {
                writes.Undoing(() => _result = work(writes));
            }
            catch (DaemonException refusal)
            {
                _refusal = refusal;
            }
        }

        public void Committed()
        {
            if (_refusal is null)
            {
                _done.SetResult(_result!);
            }
            else
            {
                _done.SetException(_refusal);
            }
        }

        public void Failed(Exception reason) => _done.SetException(_refusal ?? reason);
    }
}
