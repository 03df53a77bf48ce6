using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sequence.Data;

namespace Sequence.Daemon.Storage.Sqlite;

/// <summary>The queries of the store, each on a connection that is given.</summary>
internal static class SqliteReads
{
    private const string Definition = "SELECT id, frequency, model, horizon, levels, forecast_every FROM series";
    private const string Observed = "SELECT event, value, revision, observation.known, number, series, checksum FROM observation JOIN series ON series.key = series";

    public static SeriesDefinition? Find(SqliteConnection connection, string id)
    {
        using var command = Command(connection, $"{Definition} WHERE id = $1", id);
        using var reader = command.ExecuteReader();
        return reader.Read() ? ReadDefinition(reader) : null;
    }

    public static DateTimeOffset? KnownAt(SqliteConnection connection, string id)
    {
        using var command = Command(connection, "SELECT known FROM series WHERE id = $1", id);
        return command.ExecuteScalar() is long known ? Time(known) : null;
    }

    public static List<SeriesDefinition> List(SqliteConnection connection, string? after, int limit)
    {
        using var command = Command(connection, $"{Definition} WHERE id > $1 ORDER BY id LIMIT $2", after ?? string.Empty, limit);
        using var reader = command.ExecuteReader();
        List<SeriesDefinition> list = [];
        while (reader.Read())
        {
            list.Add(ReadDefinition(reader));
        }

        return list;
    }

    public static List<Observation> Page(SqliteConnection connection, string id, ObservationQuery query)
    {
        using var command = Command(
            connection,
            $"{Observed} WHERE id = $1 AND event > $2 AND observation.known <= $3 ORDER BY event, revision",
            id, query.After?.UtcTicks ?? -1, query.KnownAt?.UtcTicks ?? long.MaxValue);
        using var reader = command.ExecuteReader();
        List<Observation> page = [];
        while (reader.Read())
        {
            var observation = ReadObservation(reader);
            if (page.Count > 0 && page[^1].EventTime == observation.EventTime)
            {
                page[^1] = observation;
            }
            else if (page.Count < query.Limit)
            {
                page.Add(observation);
            }
            else
            {
                break;
            }
        }

        return page;
    }

    public static List<Observation> Newest(SqliteConnection connection, string id, int count)
    {
        using var command = Command(connection, $"{Observed} WHERE id = $1 ORDER BY event DESC, revision DESC", id);
        using var reader = command.ExecuteReader();
        List<Observation> newest = [];
        while (newest.Count < count && reader.Read())
        {
            var observation = ReadObservation(reader);
            if (newest.Count == 0 || newest[^1].EventTime != observation.EventTime)
            {
                newest.Add(observation);
            }
        }

        newest.Reverse();
        return newest;
    }

    public static List<ForecastRecord> Forecasts(SqliteConnection connection, string id, long? before, int limit)
    {
        using var command = Command(
            connection,
            """
            SELECT forecast.key, issued, model_version, state_hash, body FROM forecast JOIN series ON series.key = series
            WHERE id = $1 AND forecast.key < $2 ORDER BY forecast.key DESC LIMIT $3
            """,
            id, before ?? long.MaxValue, limit);
        using var outcomes = Command(connection, $"{Observed} WHERE id = $1 AND event BETWEEN $2 AND $3 ORDER BY event, revision", id, 0L, 0L);
        using var reader = command.ExecuteReader();
        List<ForecastRecord> list = [];
        while (reader.Read())
        {
            var issued = ForecastBody.Read(reader.GetString(2), reader.GetString(3), reader.GetString(4));
            list.Add(new ForecastRecord(
                reader.GetInt64(0),
                Time(reader.GetInt64(1)),
                issued,
                Outcomes(issued.Forecast.Timestamps)));
        }

        return list;

        double?[] Outcomes(DateTimeOffset[] times)
        {
            outcomes.Parameters[1].Value = times[0].UtcTicks;
            outcomes.Parameters[2].Value = times[^1].UtcTicks;
            using var found = outcomes.ExecuteReader();
            Dictionary<DateTimeOffset, double> latest = [];
            while (found.Read())
            {
                var observation = ReadObservation(found);
                latest[observation.EventTime] = observation.Value;
            }

            return Array.ConvertAll(times, time => latest.TryGetValue(time, out var value) ? value : (double?)null);
        }
    }

    public static StateSnapshot? Snapshot(SqliteConnection connection, string id, string modelVersion, DateTimeOffset? before)
    {
        using var command = Command(
            connection,
            """
            SELECT event, snapshot.known, body FROM snapshot JOIN series ON series.key = series
            WHERE id = $1 AND model_version = $2 AND event < $3 ORDER BY event DESC LIMIT 1
            """,
            id, modelVersion, before?.UtcTicks ?? long.MaxValue);
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new StateSnapshot(id, modelVersion, Time(reader.GetInt64(0)), Time(reader.GetInt64(1)), reader.GetFieldValue<byte[]>(2))
            : null;
    }

    public static Document? Document(SqliteConnection connection, string kind, string key)
    {
        using var command = Command(connection, "SELECT revision, body FROM document WHERE kind = $1 AND key = $2", kind, key);
        using var reader = command.ExecuteReader();
        return reader.Read() ? new Document(kind, key, reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    public static List<Document> Documents(SqliteConnection connection, string kind, string? after, int limit)
    {
        using var command = Command(
            connection,
            "SELECT key, revision, body FROM document WHERE kind = $1 AND key > $2 ORDER BY key LIMIT $3",
            kind, after ?? string.Empty, limit);
        using var reader = command.ExecuteReader();
        List<Document> list = [];
        while (reader.Read())
        {
            list.Add(new Document(kind, reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));
        }

        return list;
    }

    private static Observation ReadObservation(SqliteDataReader reader)
    {
        var (eventTime, value, revision, known) = (reader.GetInt64(0), reader.GetDouble(1), reader.GetInt64(2), reader.GetInt64(3));
        long? number = reader.IsDBNull(4) ? null : reader.GetInt64(4);
        if (!reader.IsDBNull(6) && reader.GetInt64(6) != ObservationChecksum.Of(reader.GetInt64(5), eventTime, revision, value, known, number))
        {
            throw new SqliteException($"an observation of series {reader.GetInt64(5)} is not what was stored.", SQLitePCL.raw.SQLITE_CORRUPT);
        }

        return new Observation(Time(eventTime), value, (int)revision, Time(known), number);
    }

    private static SeriesDefinition ReadDefinition(SqliteDataReader reader) => new(
        reader.GetString(0),
        Frequency.Parse(reader.GetString(1)),
        reader.GetString(2),
        reader.GetInt32(3),
        JsonSerializer.Deserialize<double[]>(reader.GetString(4))!,
        TimeSpan.FromTicks(reader.GetInt64(5)));

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters.AddWithValue($"${index + 1}", values[index]);
        }

        return command;
    }
}
