using Npgsql;

namespace Sequence.Daemon.Storage.Postgres;

/// <summary>
/// Writes that are committed together, in a handful of round trips whatever their number. Every transaction of the store
/// takes its locks in this order, so that none waits for another in a circle: series created by id, rows of series by key,
/// forecasts and snapshots by series, documents by kind and key.
/// </summary>
internal sealed class PostgresTransaction(NpgsqlConnection connection, TimeProvider clock, IReadOnlyList<PostgresWrite> group)
{
    private readonly Dictionary<string, PostgresSeries> _series = new(StringComparer.Ordinal);
    private readonly long _now = clock.GetUtcNow().UtcTicks;

    /// <summary>Whether the commit was sent, so that its outcome is known only when it was answered.</summary>
    public bool IsCommitting { get; private set; }

    public async Task CommitAsync()
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await CreateAsync();
        await LockAsync();
        await LoadAsync();
        foreach (var (write, append) in Of<PostgresWrite.Append>())
        {
            try
            {
                write.Result = Require(append.Id).Append(append.Batch, _now);
            }
            catch (DaemonException refusal)
            {
                write.Refusal = refusal;
            }
        }

        await CopyAsync();
        await UpdateAsync();
        await ThinOutAsync();
        await ChangeAsync();
        if (group.Any(write => write.Request is null))
        {
            await PostgresSchema.ExecuteAsync(connection, "UPDATE sequence_store SET version = version");
        }

        IsCommitting = true;
        await transaction.CommitAsync();
    }

    private IEnumerable<(PostgresWrite Write, T Request)> Of<T>() =>
        group.Where(write => write.Request is T).Select(write => (write, (T)write.Request!));

    private PostgresSeries Require(string id) => _series.GetValueOrDefault(id) ?? throw DaemonException.NoSeries(id);

    private async Task CreateAsync()
    {
        foreach (var (write, series) in Of<SeriesDefinition>().OrderBy(one => one.Request.Id, StringComparer.Ordinal))
        {
            await using var insert = Command(
                """
                INSERT INTO series (id, frequency, model, horizon, levels, forecast_every) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING
                """,
                series.Id, series.Frequency.ToString(), series.Model, series.Horizon, series.Levels, series.ForecastEvery.Ticks);
            var created = await insert.ExecuteNonQueryAsync() == 1;
            write.Result = created;
            if (!created && await PostgresReads.FindAsync(connection, series.Id, default) is { } there && there != series)
            {
                write.Refusal = there.Conflict();
            }
        }
    }

    private async Task LockAsync()
    {
        string[] ids =
        [
            .. group.Select(write => write.Request switch
            {
                PostgresWrite.Append append => append.Id,
                StateSnapshot snapshot => snapshot.SeriesId,
                IssuedForecast issued => issued.Forecast.SeriesId,
                _ => null,
            }).OfType<string>().Distinct(StringComparer.Ordinal),
        ];
        if (ids.Length == 0)
        {
            return;
        }

        await using var command = Command(
            """
            SELECT id, key, known, revised, first_event, last_event, last_number FROM series WHERE id = ANY ($1)
            ORDER BY key FOR NO KEY UPDATE
            """,
            [ids]);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var id = reader.GetString(0);
            _series.Add(id, new PostgresSeries(id, reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), Null(4), Null(5), Null(6)));
        }

        long? Null(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
    }

    /// <summary>Reads the stored observations that those to append may repeat or correct.</summary>
    private async Task LoadAsync()
    {
        HashSet<(long Series, long Event)> events = [];
        HashSet<(long Series, long Number)> numbers = [];
        foreach (var (_, append) in Of<PostgresWrite.Append>())
        {
            if (_series.GetValueOrDefault(append.Id) is { } series)
            {
                events.UnionWith(append.Batch.Where(one => series.MayHoldEvent(one.EventTime.UtcTicks)).Select(one => (series.Key, one.EventTime.UtcTicks)));
                numbers.UnionWith(append.Batch.Where(one => one.Sequence is { } number && series.MayHoldNumber(number)).Select(one => (series.Key, one.Sequence!.Value)));
            }
        }

        var byKey = _series.Values.ToDictionary(series => series.Key);
        if (events.Count > 0)
        {
            // OFFSET keeps the search of each a look into an index, and the bounds keep it to the partitions of these times.
            await using var command = Command(
                """
                SELECT found.* FROM unnest($1, $2) AS wanted (series, event) CROSS JOIN LATERAL (
                    SELECT series, event, revision, value FROM observation
                    WHERE series = wanted.series AND event = wanted.event AND event BETWEEN $3 AND $4 OFFSET 0) AS found
                """,
                events.Select(one => one.Series).ToArray(), events.Select(one => one.Event).ToArray(),
                events.Min(one => one.Event), events.Max(one => one.Event));
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                byKey[reader.GetInt64(0)].Stored(reader.GetInt64(1), reader.GetInt32(2), reader.GetDouble(3));
            }
        }

        if (numbers.Count > 0)
        {
            await using var command = Command(
                """
                SELECT found.* FROM unnest($1, $2) AS wanted (series, number) CROSS JOIN LATERAL (
                    SELECT series, number, event, value FROM numbered
                    WHERE series = wanted.series AND number = wanted.number OFFSET 0) AS found
                """,
                numbers.Select(one => one.Series).ToArray(), numbers.Select(one => one.Number).ToArray());
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                byKey[reader.GetInt64(0)].Numbered(reader.GetInt64(1), reader.GetInt64(2), reader.GetDouble(3));
            }
        }
    }

    private async Task CopyAsync()
    {
        var added = _series.Values.SelectMany(series => series.Added.Select(row => (series.Key, Row: row))).ToArray();
        if (added.Length == 0)
        {
            return;
        }

        await using (var copy = await connection.BeginBinaryImportAsync(
            "COPY observation (series, event, revision, value, known, number) FROM STDIN (FORMAT binary)"))
        {
            foreach (var (key, row) in added)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(key);
                await copy.WriteAsync(row.Event);
                await copy.WriteAsync(row.Revision);
                await copy.WriteAsync(row.Value);
                await copy.WriteAsync(row.Known);
                if (row.Number is { } number)
                {
                    await copy.WriteAsync(number);
                }
                else
                {
                    await copy.WriteNullAsync();
                }
            }

            await copy.CompleteAsync();
        }

        if (!added.Any(one => one.Row.Number is not null))
        {
            return;
        }

        await using var numbered = await connection.BeginBinaryImportAsync("COPY numbered (series, number, event, value) FROM STDIN (FORMAT binary)");
        foreach (var (key, row) in added.Where(one => one.Row.Number is not null))
        {
            await numbered.StartRowAsync();
            await numbered.WriteAsync(key);
            await numbered.WriteAsync(row.Number!.Value);
            await numbered.WriteAsync(row.Event);
            await numbered.WriteAsync(row.Value);
        }

        await numbered.CompleteAsync();
    }

    /// <summary>Changes the series, and stores snapshots and forecasts, in one round trip.</summary>
    private async Task UpdateAsync()
    {
        await using var batch = new NpgsqlBatch(connection);
        if (_series.Values.Where(series => series.Added.Count > 0).ToArray() is { Length: > 0 } changed)
        {
            Add(
                batch,
                """
                UPDATE series SET known = change.known, revised = change.revised, first_event = change.first_event,
                    last_event = change.last_event, last_number = change.last_number
                FROM unnest($1, $2, $3, $4, $5, $6) AS change (key, known, revised, first_event, last_event, last_number)
                WHERE series.key = change.key
                """,
                changed.Select(one => one.Key).ToArray(),
                changed.Select(one => one.Known).ToArray(),
                changed.Select(one => one.Revised).ToArray(),
                changed.Select(one => one.FirstEvent).ToArray(),
                changed.Select(one => one.LastEvent).ToArray(),
                changed.Select(one => one.LastNumber).ToArray());
            if (changed.Where(one => one.FirstLate != long.MaxValue).ToArray() is { Length: > 0 } late)
            {
                Add(
                    batch,
                    """
                    DELETE FROM snapshot USING unnest($1, $2) AS late (series, event)
                    WHERE snapshot.series = late.series AND snapshot.event >= late.event
                    """,
                    late.Select(one => one.Key).ToArray(), late.Select(one => one.FirstLate).ToArray());
            }
        }

        AddSnapshots(batch);
        var forecasts = AddForecasts(batch);
        if (batch.BatchCommands.Count == 0)
        {
            return;
        }

        // Only the forecasts give rows back: those that were not there before.
        await using var reader = await batch.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var stored = (reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3));
            forecasts[stored].First().Result = true;
        }
    }

    /// <summary>A state that does not know of a late value stored meanwhile is passed over.</summary>
    private void AddSnapshots(NpgsqlBatch batch)
    {
        foreach (var (write, snapshot) in Of<StateSnapshot>().Where(one => !_series.ContainsKey(one.Request.SeriesId)))
        {
            write.Refusal = DaemonException.NoSeries(snapshot.SeriesId);
        }

        var snapshots = Of<StateSnapshot>().Select(one => one.Request)
            .Where(one => _series.GetValueOrDefault(one.SeriesId) is { } series && series.Revised <= one.KnownAt.UtcTicks)
            .GroupBy(one => (_series[one.SeriesId].Key, one.ModelVersion, one.LastEventTime.UtcTicks))
            .Select(same => same.Last())
            .OrderBy(one => _series[one.SeriesId].Key)
            .ToArray();
        if (snapshots.Length > 0)
        {
            Add(
                batch,
                """
                INSERT INTO snapshot (series, model_version, event, known, body) SELECT * FROM unnest($1, $2, $3, $4, $5)
                ON CONFLICT (series, model_version, event) DO UPDATE SET known = excluded.known, body = excluded.body
                """,
                snapshots.Select(one => _series[one.SeriesId].Key).ToArray(),
                snapshots.Select(one => one.ModelVersion).ToArray(),
                snapshots.Select(one => one.LastEventTime.UtcTicks).ToArray(),
                snapshots.Select(one => one.KnownAt.UtcTicks).ToArray(),
                snapshots.Select(one => one.Body).ToArray());
        }
    }

    private async Task ThinOutAsync()
    {
        var saved = Of<StateSnapshot>().Select(one => one.Request).Where(one => _series.ContainsKey(one.SeriesId))
            .ToLookup(one => _series[one.SeriesId].Key, one => one.ModelVersion);
        if (saved.Count == 0)
        {
            return;
        }

        List<(long Series, string ModelVersion, long Known, long[] Events)> stored = [];
        await using (var command = Command(
            """
            SELECT series, model_version, max(known), array_agg(event ORDER BY event DESC) FROM snapshot
            WHERE series = ANY ($1) GROUP BY series, model_version
            """,
            [saved.Select(one => one.Key).ToArray()]))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                stored.Add((reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<long[]>(3)));
            }
        }

        var old = stored.GroupBy(one => one.Series)
            .SelectMany(of => SnapshotThinning.OldVersions(of.Select(one => (one.ModelVersion, one.Known)), [.. saved[of.Key]])
                .Select(version => (of.Key, version)))
            .ToHashSet();
        var dispensable = stored.SelectMany(one =>
            (old.Contains((one.Series, one.ModelVersion)) ? one.Events
                : saved[one.Series].Contains(one.ModelVersion, StringComparer.Ordinal) ? SnapshotThinning.Dispensable(one.Events)
                : []).Select(time => (one.Series, one.ModelVersion, Event: time))).ToArray();
        if (dispensable.Length > 0)
        {
            await using var command = Command(
                """
                DELETE FROM snapshot USING unnest($1, $2, $3) AS gone (series, model_version, event)
                WHERE snapshot.series = gone.series AND snapshot.model_version = gone.model_version AND snapshot.event = gone.event
                """,
                dispensable.Select(one => one.Series).ToArray(),
                dispensable.Select(one => one.ModelVersion).ToArray(),
                dispensable.Select(one => one.Event).ToArray());
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <returns>The writes of each forecast, by what tells it from others.</returns>
    private ILookup<(long Series, long Origin, string ModelVersion, string StateHash), PostgresWrite> AddForecasts(NpgsqlBatch batch)
    {
        List<(PostgresSeries Series, IssuedForecast Issued, PostgresWrite Write)> forecasts = [];
        foreach (var (write, issued) in Of<IssuedForecast>())
        {
            try
            {
                write.Result = false;
                forecasts.Add((Require(issued.Forecast.SeriesId), issued, write));
            }
            catch (DaemonException refusal)
            {
                write.Refusal = refusal;
            }
        }

        if (forecasts.Count > 0)
        {
            forecasts = [.. forecasts.OrderBy(one => one.Series.Key)];
            Add(
                batch,
                """
                INSERT INTO forecast (series, origin, issued, model_version, state_hash, body)
                SELECT series, origin, issued, model_version, state_hash, body FROM unnest($1, $2, $3, $4, $5, $6) WITH ORDINALITY
                    AS given (series, origin, issued, model_version, state_hash, body, place) ORDER BY place
                ON CONFLICT DO NOTHING RETURNING series, origin, model_version, state_hash
                """,
                forecasts.Select(one => one.Series.Key).ToArray(),
                forecasts.Select(one => one.Issued.Forecast.Origin.UtcTicks).ToArray(),
                forecasts.Select(one => Math.Max(_now, one.Series.Known)).ToArray(),
                forecasts.Select(one => one.Issued.ModelVersion).ToArray(),
                forecasts.Select(one => one.Issued.StateHash).ToArray(),
                forecasts.Select(one => ForecastBody.Write(one.Issued)).ToArray());
        }

        return forecasts.ToLookup(
            one => (one.Series.Key, one.Issued.Forecast.Origin.UtcTicks, one.Issued.ModelVersion, one.Issued.StateHash), one => one.Write);
    }

    private async Task ChangeAsync()
    {
        var changes = Of<PostgresWrite.Change>()
            .OrderBy(one => one.Request.Kind, StringComparer.Ordinal).ThenBy(one => one.Request.Key, StringComparer.Ordinal);
        foreach (var (write, change) in changes)
        {
            await using var command = change switch
            {
                { Body: null } => Command(
                    "DELETE FROM document WHERE kind = $1 AND key = $2 AND revision = $3 RETURNING revision", change.Kind, change.Key, change.Revision),
                { Revision: 0 } => Command(
                    "INSERT INTO document (kind, key, revision, body) VALUES ($1, $2, 1, $3) ON CONFLICT (kind, key) DO NOTHING RETURNING revision",
                    change.Kind, change.Key, change.Body),
                _ => Command(
                    "UPDATE document SET revision = revision + 1, body = $4 WHERE kind = $1 AND key = $2 AND revision = $3 RETURNING revision",
                    change.Kind, change.Key, change.Revision, change.Body),
            };
            write.Result = await command.ExecuteScalarAsync() as long?;
        }
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        batch.BatchCommands.Add(command);
    }
}
