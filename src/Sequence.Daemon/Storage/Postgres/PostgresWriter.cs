using System.Data;
using System.Threading.Channels;
using Npgsql;
using Sequence.Daemon.Telemetry;

namespace Sequence.Daemon.Storage.Postgres;

/// <summary>One writing connection, and the writes that wait for it.</summary>
internal sealed class PostgresWriter
{
    private const int WaitingWrites = 1024;
    private const int WritesOfOneCommit = 256;
    private const int ObservationsOfOneCommit = 20_000;

    private readonly NpgsqlDataSource _source;
    private readonly PostgresPartitions _partitions;
    private readonly TimeProvider _clock;
    private readonly Channel<PostgresWrite> _queue = Channel.CreateBounded<PostgresWrite>(
        new BoundedChannelOptions(WaitingWrites) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private NpgsqlConnection? _connection;

    public PostgresWriter(NpgsqlDataSource source, PostgresPartitions partitions, TimeProvider clock)
    {
        _source = source;
        _partitions = partitions;
        _clock = clock;
        Completion = Task.Run(WriteUntilClosedAsync);
    }

    public Task Completion { get; }

    /// <summary>Told of every commit; null as long as nobody asks.</summary>
    public DaemonMetrics? Metrics { get; set; }

    /// <summary>What the last commit failed of; null when it succeeded.</summary>
    public string? Fault { get; private set; }

    /// <summary>Ends <see cref="Completion"/> once what waits is committed.</summary>
    public void Close() => _queue.Writer.TryComplete();

    public async Task<object?> WriteAsync(object? request, CancellationToken cancellationToken)
    {
        var write = new PostgresWrite(request);
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

    private static int Observations(PostgresWrite write) => write.Request is PostgresWrite.Append append ? append.Batch.Count : 0;

    private async Task WriteUntilClosedAsync()
    {
        List<PostgresWrite> group = [];
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                group.Clear();
                var observations = 0;
                while (group.Count < WritesOfOneCommit && observations < ObservationsOfOneCommit && _queue.Reader.TryRead(out var write))
                {
                    group.Add(write);
                    observations += Observations(write);
                }

                await CommitAsync(group);
            }
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
        finally
        {
            await LeaveAsync();
        }
    }

    private async Task CommitAsync(List<PostgresWrite> group)
    {
        var retried = false;
        var began = _clock.GetTimestamp();
        while (true)
        {
            var (fault, begun, unknown) = await TryAsync(group);
            switch (fault)
            {
                case null:
                    Fault = null;
                    Metrics?.Committed(group.Count, _clock.GetElapsedTime(began));
                    group.ForEach(write => write.Committed());
                    return;

                // The connection died since the last commit, and nothing of this one was sent to be committed.
                case not null when begun && !unknown && !retried && PostgresConnection.IsLoss(fault):
                    retried = true;
                    continue;

                // One write that the server does not take, or two transactions in a circle: each by itself, so that one fails at most.
                case PostgresException { SqlState: [('2' or '4'), ..] } when group.Count > 1:
                    foreach (var write in group)
                    {
                        await CommitAsync([write]);
                    }

                    return;

                default:
                    Fault = PostgresConnection.Reason(fault);
                    Metrics?.CommitFailed();
                    var reason = new DaemonException(
                        DaemonFault.Unavailable,
                        unknown
                            ? $"The connection to the store was lost while it committed: {Fault}. Send it again: what was stored is not stored twice."
                            : $"The store cannot write at the moment: {Fault}. Nothing was stored; send it again later.",
                        fault);
                    group.ForEach(write => write.Failed(reason));
                    return;
            }
        }
    }

    /// <summary>What a commit failed of, whether there was a connection before it, and whether it may have been done all the same.</summary>
    private async Task<(Exception? Fault, bool Begun, bool Unknown)> TryAsync(List<PostgresWrite> group)
    {
        var begun = _connection is not null;
        PostgresTransaction? transaction = null;
        try
        {
            _connection ??= await OpenAsync();
            await _partitions.EnsureAsync(
                _connection, group.Select(write => write.Request).OfType<PostgresWrite.Append>().SelectMany(one => one.Batch).Select(one => one.EventTime.UtcTicks));
            transaction = new PostgresTransaction(_connection, _clock, group);
            await transaction.CommitAsync();
            return (null, begun, false);
        }
        catch (Exception error) when (PostgresConnection.IsFault(error) || error is DaemonException || _connection is { State: not ConnectionState.Open })
        {
            // Whatever state it is in: a transaction that was not committed ends with it, and the partitions may have been changed.
            await LeaveAsync();
            _partitions.Forget();
            if (PostgresConnection.IsLoss(error))
            {
                _source.Clear();
            }

            group.ForEach(write => write.Refusal = null);
            return (error, begun, transaction?.IsCommitting == true && PostgresConnection.IsLoss(error));
        }
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = await _source.OpenConnectionAsync();
        try
        {
            await PostgresConnection.RequireSyncAsync(connection);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task LeaveAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }
}
