using Microsoft.Data.Sqlite;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Storage.Sqlite;
using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Daemon.Tests.Storage;

/// <summary>What a write costs, counted in the instructions of SQLite's virtual machine.</summary>
[TestClass]
public sealed class SqliteCostTests
{
    private const int Few = 100;
    private const int Many = 100_000;

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Append_OfOneObservation_CostsTheSameHoweverLongTheSeries(bool numbered)
    {
        using var connection = Open();
        using var writes = new SqliteWrites(connection, new ManualClock());
        Create(writes, "a");
        Create(writes, "other");
        writes.Append("other", Batch(0, 100 * Few, numbered: true));
        writes.Append("a", Batch(0, Few, numbered));
        var few = Steps(connection, () => writes.Append("a", Batch(Few, 1, numbered)));
        writes.Append("a", [new Measurement(Days.First.AddHours(12), 1)]);
        var late = Steps(connection, () => writes.Append("a", [new Measurement(Days.First.AddHours(36), 1)]));
        writes.Append("a", Batch(Few + 1, Many - Few, numbered));
        Assert.AreEqual(few, Steps(connection, () => writes.Append("a", Batch(Many + 1, 1, numbered))));
        Assert.AreEqual(late, Steps(connection, () => writes.Append("a", [new Measurement(Days.First.AddHours(60), 1)])));
    }

    [TestMethod]
    public void Record_OfOneForecast_CostsTheSameHoweverManyThereAre()
    {
        using var connection = Open();
        using var writes = new SqliteWrites(connection, new ManualClock());
        Create(writes, "a");
        long Record(int first, int count) => Steps(connection, () =>
        {
            for (var day = first; day < first + count; day++)
            {
                writes.Record(new IssuedForecast("m@1", $"{day}", new Forecast("a", Days.First.AddDays(day), [Days.First.AddDays(day + 1)], [1], []), []));
            }
        });
        Record(0, Few);
        var few = Record(Few, 1);
        Record(Few + 1, 10_000);
        Assert.AreEqual(few, Record(20_000, 1));
    }

    [TestMethod]
    public void Forget_OfForecasts_CostsTheSameHoweverManyThereAre()
    {
        using var connection = Open();
        var clock = new ManualClock();
        using var writes = new SqliteWrites(connection, clock);
        Create(writes, "a");
        void Record(int first, int count)
        {
            for (var day = first; day < first + count; day++)
            {
                writes.Record(new IssuedForecast("m@1", $"{day}", new Forecast("a", Days.First.AddDays(day), [Days.First.AddDays(day + 1)], [1], []), []));
            }
        }

        long Forget(DateTimeOffset before) => Steps(connection, () => writes.Forget(before, 10));
        Record(0, Few);
        var old = clock.Now.AddHours(1);
        Forget(Days.First);
        var (none, some) = (Forget(Days.First), Forget(old));
        Record(Few, 10_000);
        Assert.AreEqual(none, Forget(Days.First));
        Assert.AreEqual(some, Forget(old));
    }

    [TestMethod]
    public void Save_OfOneSnapshot_CostsAsMuchAsTheLogarithmOfThoseBefore()
    {
        using var connection = Open();
        using var writes = new SqliteWrites(connection, new ManualClock());
        Create(writes, "a");
        long Save(int first, int count) => Steps(connection, () =>
        {
            for (var day = first; day < first + count; day++)
            {
                writes.Save(new StateSnapshot("a", "m@1", Days.First.AddDays(day), Days.First, [1]));
            }
        });
        var hundred = Save(0, Few) / Few;
        Save(Few, 10_000 - Few);

        // log2(10,000) is twice log2(100).
        Assert.IsLessThan(3 * hundred, Save(10_000, Few) / Few);
    }

    private static SqliteConnection Open()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        SqliteSchema.Prepare(connection);
        return connection;
    }

    private static void Create(SqliteWrites writes, string id) =>
        writes.Create(new SeriesDefinition(id, new Frequency(FrequencyUnit.Day), "drift", 1, [80]));

    private static Measurement[] Batch(int first, int count, bool numbered) =>
        [.. Enumerable.Range(first, count).Select(day => new Measurement(Days.First.AddDays(day), day, numbered ? day : null))];

    /// <summary>Instructions that the writes of an action take.</summary>
    private static long Steps(SqliteConnection connection, Action action)
    {
        var steps = 0L;
        SQLitePCL.raw.sqlite3_progress_handler(
            connection.Handle,
            1,
            _ =>
            {
                steps++;
                return 0;
            },
            v: null);
        action();
        SQLitePCL.raw.sqlite3_progress_handler(connection.Handle, 0, func: null, v: null);
        return steps;
    }
}
