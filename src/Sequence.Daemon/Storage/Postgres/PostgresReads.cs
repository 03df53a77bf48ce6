using Npgsql;
using Sequence.Data;

namespace Sequence.Daemon.Storage.Postgres;

/// <summary>The queries of the store, each on a connection that is given.</summary>
internal static class PostgresReads
{
    private const string Definition = "SELECT id, frequency, model, horizon, levels, forecast_every FROM series";

    // The last revision of each event time comes first in the index, so it is the one that is kept.
    private const string Latest =
        """
        SELECT DISTINCT ON (event) event, value, revision, known, number FROM observation
        WHERE series = $1 AND event BETWEEN $2 AND $3 AND known <= $4
        """;

    public static async Task<SeriesDefinition?> FindAsync(NpgsqlConnection connection, string id, CancellationToken stop) =>
        (await ListAsync(connection, $"{Definition} WHERE id = $1", ReadDefinition, stop, id)).SingleOrDefault();

    public static async Task<DateTimeOffset?> KnownAtAsync(NpgsqlConnection connection, string id, CancellationToken stop)
    {
        var found = await ListAsync(connection, "SELECT known FROM series WHERE id = $1", reader => Time(reader.GetInt64(0)), stop, id);
        return found.Count == 1 ? found[0] : null;
    }

    public static async Task<long> CountAsync(NpgsqlConnection connection, CancellationToken stop) =>
        (await ListAsync(connection, "SELECT count(*) FROM series", reader => reader.GetInt64(0), stop))[0];

    public static Task<List<SeriesDefinition>> ListAsync(NpgsqlConnection connection, string? after, int limit, CancellationToken stop) =>
        ListAsync(connection, $"{Definition} WHERE id > $1 ORDER BY id LIMIT $2", ReadDefinition, stop, after ?? string.Empty, limit);

    public static async Task<List<Observation>> PageAsync(NpgsqlConnection connection, string id, ObservationQuery query, CancellationToken stop)
    {
        List<Observation> page = [];
        if (await SpanAsync(connection, id, stop) is var (series, first, last))
        {
            first = Math.Max(first, (query.After?.UtcTicks ?? -1) + 1);
            foreach (var window in PostgresPartitions.Windows(first, last))
            {
                page.AddRange(await ListAsync(
                    connection, $"{Latest} ORDER BY event, revision DESC LIMIT $5", ReadObservation, stop,
                    series, window.First, window.Last, query.KnownAt?.UtcTicks ?? long.MaxValue, query.Limit - page.Count));
                if (page.Count == query.Limit)
                {
                    break;
                }
            }
        }

        return page;
    }

    public static async Task<List<Observation>> NewestAsync(NpgsqlConnection connection, string id, int count, CancellationToken stop)
    {
        List<Observation> newest = [];
        if (await SpanAsync(connection, id, stop) is var (series, first, last))
        {
            foreach (var window in PostgresPartitions.Windows(first, last).Reverse())
            {
                newest.AddRange(await ListAsync(
                    connection, $"{Latest} ORDER BY event DESC, revision DESC LIMIT $5", ReadObservation, stop,
                    series, window.First, window.Last, long.MaxValue, count - newest.Count));
                if (newest.Count == count)
                {
                    break;
                }
            }
        }

        newest.Reverse();
        return newest;
    }

    public static async Task<List<ForecastRecord>> ForecastsAsync(
        NpgsqlConnection connection, string id, long? before, int limit, CancellationToken stop)
    {
        var list = await ListAsync(
            connection,
            """
            SELECT forecast.key, issued, model_version, state_hash, body FROM forecast JOIN series ON series.key = series
            WHERE id = $1 AND forecast.key < $2 ORDER BY forecast.key DESC LIMIT $3
            """,
            reader => new ForecastRecord(
                reader.GetInt64(0),
                Time(reader.GetInt64(1)),
                ForecastBody.Read(reader.GetString(2), reader.GetString(3), reader.GetString(4)),
                []),
            stop, id, before ?? long.MaxValue, limit);
        long[] times = [.. list.SelectMany(one => one.Issued.Forecast.Timestamps).Select(time => time.UtcTicks).Distinct()];
        Dictionary<long, double> outcomes = [];
        if (times.Length > 0 && await SpanAsync(connection, id, stop) is var (series, _, _))
        {
            var found = await ListAsync(
                connection,
                """
                SELECT found.* FROM unnest($2) AS wanted (event) CROSS JOIN LATERAL (
                    SELECT event, value FROM observation
                    WHERE series = $1 AND event = wanted.event AND event BETWEEN $3 AND $4 ORDER BY revision DESC LIMIT 1) AS found
                """,
                reader => (reader.GetInt64(0), reader.GetDouble(1)), stop, series, times, times.Min(), times.Max());
            outcomes = found.ToDictionary();
        }

        return [.. list.Select(one => one with { Outcomes = Array.ConvertAll(one.Issued.Forecast.Timestamps, Outcome) })];

        double? Outcome(DateTimeOffset time) => outcomes.TryGetValue(time.UtcTicks, out var value) ? value : null;
    }

    public static async Task<StateSnapshot?> SnapshotAsync(
        NpgsqlConnection connection, string id, string modelVersion, DateTimeOffset? before, CancellationToken stop)
    {
        var found = await ListAsync(
            connection,
            """
            SELECT event, snapshot.known, body FROM snapshot JOIN series ON series.key = series
            WHERE id = $1 AND model_version = $2 AND event < $3 ORDER BY event DESC LIMIT 1
            """,
            reader => new StateSnapshot(id, modelVersion, Time(reader.GetInt64(0)), Time(reader.GetInt64(1)), reader.GetFieldValue<byte[]>(2)),
            stop, id, modelVersion, before?.UtcTicks ?? long.MaxValue);
        return found.SingleOrDefault();
    }

    public static async Task<Document?> DocumentAsync(NpgsqlConnection connection, string kind, string key, CancellationToken stop)
    {
        var found = await ListAsync(
            connection, "SELECT key, revision, body FROM document WHERE kind = $1 AND key = $2", reader => ReadDocument(kind, reader), stop, kind, key);
        return found.SingleOrDefault();
    }

    public static Task<List<Document>> DocumentsAsync(
        NpgsqlConnection connection, string kind, string? after, int limit, CancellationToken stop) => ListAsync(
        connection,
        "SELECT key, revision, body FROM document WHERE kind = $1 AND key > $2 ORDER BY key LIMIT $3",
        reader => ReadDocument(kind, reader), stop, kind, after ?? string.Empty, limit);

    /// <summary>Key of a series with its first and last event time, or null when it has none.</summary>
    private static async Task<(long Series, long First, long Last)?> SpanAsync(NpgsqlConnection connection, string id, CancellationToken stop)
    {
        var found = await ListAsync(
            connection,
            "SELECT key, first_event, last_event FROM series WHERE id = $1 AND last_event IS NOT NULL",
            reader => (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)), stop, id);
        return found.Count == 1 ? found[0] : null;
    }

    private static Observation ReadObservation(NpgsqlDataReader reader) => new(
        Time(reader.GetInt64(0)),
        reader.GetDouble(1),
        reader.GetInt32(2),
        Time(reader.GetInt64(3)),
        reader.IsDBNull(4) ? null : reader.GetInt64(4));

    private static SeriesDefinition ReadDefinition(NpgsqlDataReader reader) => new(
        reader.GetString(0),
        Frequency.Parse(reader.GetString(1)),
        reader.GetString(2),
        reader.GetInt32(3),
        reader.GetFieldValue<double[]>(4),
        TimeSpan.FromTicks(reader.GetInt64(5)));

    private static Document ReadDocument(string kind, NpgsqlDataReader reader) =>
        new(kind, reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    private static async Task<List<T>> ListAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken stop, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync(stop);
        List<T> list = [];
        while (await reader.ReadAsync(stop))
        {
            list.Add(read(reader));
        }

        return list;
    }
}
