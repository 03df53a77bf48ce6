using System.Globalization;
using Microsoft.Data.Sqlite;
using Sequence.Daemon.Storage.Sqlite;

namespace Sequence.Benchmarks.Daemon;

/// <summary>How long the check of a store for damage takes, with the file in the memory of the system and without.</summary>
internal static class CheckOfLargeStore
{
    private const int Rows = 9_000_000;

    public static async Task<bool> RunAsync(string folder, TimeSpan time)
    {
        var path = Path.Combine(folder, "store.db");
        await SqliteObservationStore.Open(path, TimeProvider.System).DisposeAsync();
        using (var connection = Open(path))
        {
            SqliteSchema.Execute(
                connection,
                $"""
                PRAGMA synchronous = OFF;
                INSERT INTO series (id, frequency, model, horizon, levels) SELECT 's' || value, 'S', 'naive', 1, '[80]' FROM json_each('[1,2,3,4,5,6,7,8,9]');
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {Rows - 1})
                INSERT INTO observation (series, event, revision, value, known, number, checksum)
                SELECT 1 + i / 1000000, 630000000000000000 + i * 10000000, 0, i / 7.3, 639000000000000000 + i, iif(i % 4 = 0, i, NULL), i * 477 FROM n;
                PRAGMA wal_checkpoint(TRUNCATE);
                """);
        }

        Console.WriteLine();
        Console.WriteLine($"A check of a store of {new FileInfo(path).Length / 1e6:F0} MB, {Rows:N0} observations: first {Seconds(path):F1} s as it was written, {Seconds(path):F1} s from memory, {Cold(path):F1} s from the disk.");
        return true;
    }

    private static double Cold(string path)
    {
        Shell.Must("sync");
        File.WriteAllText("/proc/sys/vm/drop_caches", "1");
        return Seconds(path);
    }

    private static double Seconds(string path)
    {
        using var connection = Open(path);
        var began = TimeProvider.System.GetTimestamp();
        if (SqliteSchema.Damage(connection) is { } damage)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{path}: {damage}"));
        }

        return TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Mode=ReadWrite;Pooling=False");
        connection.Open();
        return connection;
    }
}
