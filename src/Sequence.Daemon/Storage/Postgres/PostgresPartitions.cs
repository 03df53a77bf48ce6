using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace Sequence.Daemon.Storage.Postgres;

/// <summary>
/// The partitions of the observations: one for each month of event time from 2000 to 2099, made when it is first needed, one
/// for all before and one for all after. Thread-safe.
/// </summary>
internal sealed class PostgresPartitions
{
    private const int FirstYear = 2000;
    private const int LastYear = 2099;
    private const int Before = -1;
    private const int Months = 12 * (LastYear + 1 - FirstYear);

    // Each takes locks until its transaction ends, and the server has room for some thousands.
    private const int MadeAtOnce = 50;

    // How many partitions a query of a series looks into at a time.
    private const int WindowMonths = 24;

    private readonly ConcurrentDictionary<int, bool> _there = new();

    /// <summary>Makes those of the event times that are missing. Not within a transaction.</summary>
    public async Task EnsureAsync(NpgsqlConnection connection, IEnumerable<long> events)
    {
        foreach (var missing in events.Select(Of).Distinct().Where(one => !_there.ContainsKey(one)).Order().Chunk(MadeAtOnce))
        {
            await using var transaction = await connection.BeginTransactionAsync();

            // Attaching locks out neither appends nor queries, as creating within the table would; two that attach must not meet.
            await PostgresSchema.ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({PostgresSchema.Lock})");
            foreach (var one in missing)
            {
                if (await PostgresSchema.ScalarAsync(connection, $"SELECT to_regclass('{Name(one)}')::text") is not string)
                {
                    await PostgresSchema.ExecuteAsync(
                        connection,
                        $"""
                        CREATE TABLE {Name(one)} (LIKE observation);
                        ALTER TABLE observation ATTACH PARTITION {Name(one)} FOR VALUES FROM ({Bound(one, "MINVALUE")}) TO ({Bound(one + 1, "MAXVALUE")});
                        """);
                }
            }

            await transaction.CommitAsync();
            foreach (var one in missing)
            {
                _there[one] = true;
            }
        }
    }

    /// <summary>Forgets which there are, after a fault that another program's change of them may have caused.</summary>
    public void Forget() => _there.Clear();

    /// <summary>Cuts event times from first to last, both inclusive, into windows of few partitions, in order.</summary>
    public static IEnumerable<(long First, long Last)> Windows(long first, long last)
    {
        while (first <= last)
        {
            var partition = Of(first);
            var next = partition == Before ? 0 : Math.Min(partition + WindowMonths, Months);
            var end = partition == Months || next > Of(last) ? last : Start(next) - 1;
            yield return (first, end);
            first = end + 1;
        }
    }

    private static int Of(long ticks)
    {
        var time = new DateTime(ticks);
        return time.Year < FirstYear ? Before : time.Year > LastYear ? Months : (12 * (time.Year - FirstYear)) + time.Month - 1;
    }

    private static long Start(int partition) => new DateTime(FirstYear, 1, 1).AddMonths(partition).Ticks;

    private static string Name(int partition) => partition switch
    {
        Before => "observation_before",
        Months => "observation_after",
        _ => string.Create(CultureInfo.InvariantCulture, $"observation_{new DateTime(Start(partition)):yyyy_MM}"),
    };

    private static string Bound(int partition, string open) => partition is Before or > Months ? open : Start(partition).ToString(CultureInfo.InvariantCulture);
}
