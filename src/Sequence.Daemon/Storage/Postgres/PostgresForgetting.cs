using Npgsql;

namespace Sequence.Daemon.Storage.Postgres;

/// <summary>The deletion of old forecasts.</summary>
internal static class PostgresForgetting
{
    // Several daemons number forecasts, each by its own clock: some that were issued later stand before some that are old.
    private const long LookedAt = 10_000;

    /// <summary>
    /// Deletes forecasts issued before a time. It waits for no lock: what another deletes at the same time is left to it.
    /// </summary>
    /// <returns>How many.</returns>
    public static async Task<int> ForecastsAsync(NpgsqlConnection connection, long issuedBefore, int limit, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(
            """
            WITH oldest AS MATERIALIZED (SELECT key, issued FROM forecast ORDER BY key LIMIT $3),
            gone AS (
                SELECT forecast.key FROM forecast JOIN oldest USING (key) WHERE oldest.issued < $1
                ORDER BY key LIMIT $2 FOR UPDATE OF forecast SKIP LOCKED)
            DELETE FROM forecast USING gone WHERE forecast.key = gone.key
            """,
            connection);
        foreach (var value in (ReadOnlySpan<long>)[issuedBefore, limit, LookedAt])
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        }

        return await command.ExecuteNonQueryAsync(stop);
    }
}
