using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Sequence.Daemon.Storage.Sqlite;

/// <summary>The prepared statements of the one writing connection. Not thread-safe.</summary>
internal sealed class SqliteWrites : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private long _known;

    public SqliteWrites(SqliteConnection connection, TimeProvider clock)
    {
        _connection = connection;
        _clock = clock;
        _known = Scalar("SELECT known FROM clock") ?? 0;
    }

    /// <summary>Begins a transaction; one whose end failed is left first.</summary>
    public void Begin()
    {
        Abandon();
        Execute("BEGIN IMMEDIATE");
    }

    public void Commit()
    {
        Execute("UPDATE clock SET known = $1", _known);
        Execute("COMMIT");
    }

    /// <summary>Leaves the transaction, if there is one: SQLite may have left it already on the fault that brings us here.</summary>
    public void Abandon()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            Execute("ROLLBACK");
        }
    }

    /// <summary>Does one work of a transaction, and nothing of it when it is refused.</summary>
    public void Undoing(Action work)
    {
        Execute("SAVEPOINT work");
        try
        {
            work();
        }
        catch (DaemonException)
        {
            Execute("ROLLBACK TO work");
            throw;
        }
        finally
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            {
                Execute("RELEASE work");
            }
        }
    }

    public bool Create(SeriesDefinition series)
    {
        if (SqliteReads.Find(_connection, series.Id) is { } there)
        {
            return there == series ? false : throw there.Conflict();
        }

        Execute(
            "INSERT INTO series (id, frequency, model, horizon, levels, forecast_every) VALUES ($1, $2, $3, $4, $5, $6)",
            series.Id, series.Frequency.ToString(), series.Model, (long)series.Horizon, JsonSerializer.Serialize(series.Levels),
            series.ForecastEvery.Ticks);
        return true;
    }

    public AppendResult Append(string id, IReadOnlyList<Measurement> batch)
    {
        var (series, knownBefore, last) = Row(id);
        var lastNumber = Scalar("SELECT max(number) FROM observation WHERE series = $1 AND number IS NOT NULL", series) ?? long.MinValue;
        var known = Now();
        var firstLate = long.MaxValue;
        var outcomes = new AppendOutcome[batch.Count];
        for (var index = 0; index < outcomes.Length; index++)
        {
            var (time, value, number) = batch[index];
            var revision = 0L;
            if (number <= lastNumber && Numbered(series, number.Value) is var (eventTime, stored))
            {
                outcomes[index] = eventTime == time.UtcTicks && stored.Equals(value)
                    ? AppendOutcome.Duplicate
                    : throw new DaemonException(
                        DaemonFault.Conflict,
                        $"Number {number} of series '{id}' belongs to the value {stored:R} at {Time(eventTime):O}, not to {value:R} at " +
                        $"{time:O}. Give each observation a number of its own; nothing of this batch was stored.");
                continue;
            }

            if (time.UtcTicks <= last)
            {
                if (number is null && Scalar(
                    "SELECT 1 FROM observation WHERE series = $1 AND event = $2 AND value = $3", series, time.UtcTicks, value) is not null)
                {
                    outcomes[index] = AppendOutcome.Duplicate;
                    continue;
                }

                firstLate = Math.Min(firstLate, time.UtcTicks);
                revision = 1 + (Scalar("SELECT max(revision) FROM observation WHERE series = $1 AND event = $2", series, time.UtcTicks) ?? -1);
            }

            Execute(
                "INSERT INTO observation (series, event, revision, value, known, number, checksum) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                series, time.UtcTicks, revision, value, known, number, ObservationChecksum.Of(series, time.UtcTicks, revision, value, known, number));
            outcomes[index] = revision == 0 ? AppendOutcome.Added : AppendOutcome.Revised;
            last = Math.Max(last, time.UtcTicks);
            lastNumber = Math.Max(lastNumber, number ?? long.MinValue);
        }

        if (Array.TrueForAll(outcomes, one => one == AppendOutcome.Duplicate))
        {
            return new AppendResult(outcomes, Time(knownBefore), Time(knownBefore));
        }

        Execute("UPDATE series SET known = $2, last_event = $3 WHERE key = $1", series, known, last);
        if (firstLate != long.MaxValue)
        {
            Execute("UPDATE series SET revised = $2 WHERE key = $1", series, known);
            Execute("DELETE FROM snapshot WHERE series = $1 AND event >= $2", series, firstLate);
        }

        return new AppendResult(outcomes, Time(knownBefore), Time(known));
    }

    /// <summary>A state that does not know of a late value stored meanwhile is passed over.</summary>
    public void Save(StateSnapshot snapshot)
    {
        Execute(
            """
            INSERT INTO snapshot (series, model_version, event, known, body)
            SELECT key, $2, $3, $4, $5 FROM series WHERE id = $1 AND revised <= $4
            ON CONFLICT DO UPDATE SET known = excluded.known, body = excluded.body
            """,
            snapshot.SeriesId, snapshot.ModelVersion, snapshot.LastEventTime.UtcTicks, snapshot.KnownAt.UtcTicks, snapshot.Body);
        var series = Key(snapshot.SeriesId);
        foreach (var time in SnapshotThinning.Dispensable(SnapshotTimes(series, snapshot.ModelVersion)))
        {
            Execute("DELETE FROM snapshot WHERE series = $1 AND model_version = $2 AND event = $3", series, snapshot.ModelVersion, time);
        }

        foreach (var version in SnapshotThinning.OldVersions(SnapshotVersions(series), [snapshot.ModelVersion]))
        {
            Execute("DELETE FROM snapshot WHERE series = $1 AND model_version = $2", series, version);
        }
    }

    public long? Put(string kind, string key, long revision, byte[] body) => revision == 0
        ? Scalar("INSERT INTO document (kind, key, revision, body) VALUES ($1, $2, 1, $3) ON CONFLICT DO NOTHING RETURNING revision", kind, key, body)
        : Scalar(
            "UPDATE document SET revision = revision + 1, body = $4 WHERE kind = $1 AND key = $2 AND revision = $3 RETURNING revision",
            kind, key, revision, body);

    public bool Delete(string kind, string key, long revision) => Scalar(
        "DELETE FROM document WHERE kind = $1 AND key = $2 AND revision = $3 RETURNING 1", kind, key, revision) is not null;

    /// <returns>Whether it was stored: not when it had been before.</returns>
    public bool Record(IssuedForecast issued) => Execute(
        """
        INSERT INTO forecast (series, origin, issued, model_version, state_hash, body) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING
        """,
        Key(issued.Forecast.SeriesId), issued.Forecast.Origin.UtcTicks, Now(), issued.ModelVersion, issued.StateHash,
        ForecastBody.Write(issued)) == 1;

    /// <summary>Deletes forecasts issued before a time. One writer numbers them and its clock never goes back: the oldest come first.</summary>
    /// <returns>How many.</returns>
    public int Forget(DateTimeOffset issuedBefore, int limit) => Execute(
        "DELETE FROM forecast WHERE key IN (SELECT key FROM (SELECT key, issued FROM forecast ORDER BY key LIMIT $2) WHERE issued < $1)",
        issuedBefore.UtcTicks, (long)limit);

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }
    }

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    /// <summary>The clock, but never back and never twice the same, so that what was known when has one answer.</summary>
    private long Now() => _known = Math.Max(_clock.GetUtcNow().UtcTicks, _known + 1);

    private long Key(string id) => Scalar("SELECT key FROM series WHERE id = $1", id) ?? throw DaemonException.NoSeries(id);

    private (long Key, long Known, long LastEvent) Row(string id)
    {
        using var reader = Prepared("SELECT key, known, ifnull(last_event, -1) FROM series WHERE id = $1", id).ExecuteReader();
        return reader.Read()
            ? (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2))
            : throw DaemonException.NoSeries(id);
    }

    private List<long> SnapshotTimes(long series, string modelVersion)
    {
        using var reader = Prepared(
            "SELECT event FROM snapshot WHERE series = $1 AND model_version = $2 ORDER BY event DESC", series, modelVersion).ExecuteReader();
        List<long> times = [];
        while (reader.Read())
        {
            times.Add(reader.GetInt64(0));
        }

        return times;
    }

    private List<(string Version, long Known)> SnapshotVersions(long series)
    {
        using var reader = Prepared("SELECT model_version, max(known) FROM snapshot WHERE series = $1 GROUP BY model_version", series).ExecuteReader();
        List<(string, long)> versions = [];
        while (reader.Read())
        {
            versions.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        return versions;
    }

    private (long Event, double Value)? Numbered(long series, long number)
    {
        using var reader = Prepared("SELECT event, value FROM observation WHERE series = $1 AND number = $2", series, number).ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetDouble(1)) : null;
    }

    private long? Scalar(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteScalar() as long?;

    /// <returns>Rows that were changed.</returns>
    private int Execute(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteNonQuery();

    private SqliteCommand Prepared(string sql, params ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var index = 0; index < values.Length; index++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${index + 1}" });
            }

            _commands.Add(sql, command);
        }

        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }

        return command;
    }
}
