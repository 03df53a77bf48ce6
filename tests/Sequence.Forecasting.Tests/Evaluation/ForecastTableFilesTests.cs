using CsCheck;
using Sequence.Data;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class ForecastTableFilesTests
{
    private static readonly string[] Ids = ["a", string.Empty, "b,\"c\"\r\nd", "é 'x' ", "\"", "two\nlines"];

    private readonly string _folder = Directory.CreateTempSubdirectory("tables").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Csv_AnyTable_ReadsBackTheSame()
    {
        var path = Path.Combine(_folder, "any.csv");
        Tables.Sample(
            table =>
            {
                table.WriteCsv(path);
                AreSame(table, ForecastTable.ReadCsv(path));

                // With the line ends of Windows too, where no identifier holds a line end.
                if (!table.Rows.Any(row => row.SeriesId.Contains('\n', StringComparison.Ordinal)))
                {
                    File.WriteAllText(path, File.ReadAllText(path).Replace("\n", "\r\n", StringComparison.Ordinal));
                    AreSame(table, ForecastTable.ReadCsv(path));
                }
            },
            iter: 200,
            threads: 1);
    }

    [TestMethod]
    public void Parquet_AnyTable_ReadsBackTheSame()
    {
        var path = Path.Combine(_folder, "any.parquet");
        Tables.Sample(
            table =>
            {
                table.WriteParquetAsync(path).GetAwaiter().GetResult();
                AreSame(table, ForecastTable.ReadParquetAsync(path).GetAwaiter().GetResult());
            },
            iter: 60,
            threads: 1);
    }

    [TestMethod]
    public async Task Parquet_OfSeveralRowGroups_ReadsBackTheSame()
    {
        var path = Path.Combine(_folder, "long.parquet");
        var table = new ForecastTable([.. Enumerable.Range(0, 70_001).Select(row => Row("s", row, 1, 1 / (row + 1.0), [(90, -row, row)]))]);
        await table.WriteParquetAsync(path);
        AreSame(table, await ForecastTable.ReadParquetAsync(path));
    }

    [TestMethod]
    public async Task Parquet_WithAnyByteChangedOrMissing_IsRefused()
    {
        var path = Path.Combine(_folder, "small.parquet");
        await Small().WriteParquetAsync(path);
        var whole = await File.ReadAllBytesAsync(path);
        for (var offset = 0; offset < whole.Length; offset++)
        {
            var damaged = whole.ToArray();
            damaged[offset] ^= (byte)(1 + (offset % 255));
            await File.WriteAllBytesAsync(path, damaged);
            await Assert.ThrowsExactlyAsync<DataFormatException>(() => ForecastTable.ReadParquetAsync(path), $"byte {offset}");
            await File.WriteAllBytesAsync(path, whole[..offset]);
            await Assert.ThrowsExactlyAsync<DataFormatException>(() => ForecastTable.ReadParquetAsync(path), $"cut to {offset}");
        }
    }

    [TestMethod]
    public void Csv_WithAnyByteChangedOrMissing_IsRefusedOrATable()
    {
        var path = Path.Combine(_folder, "small.csv");
        Small().WriteCsv(path);
        var whole = File.ReadAllBytes(path);
        var refused = 0;
        for (var offset = 0; offset < whole.Length; offset++)
        {
            foreach (var bits in new byte[] { 0x01, 0x10, 0x22, 0x80 })
            {
                var damaged = whole.ToArray();
                damaged[offset] ^= bits;
                refused += IsRefused(damaged) ? 1 : 0;
            }

            // Cut at the end of a line it is a shorter table, anywhere else it is none.
            var isLine = offset > 0 && whole[offset - 1] == '\n';
            Assert.AreEqual(!isLine, IsRefused(whole[..offset]), $"cut to {offset}");
        }

        Assert.IsGreaterThan(whole.Length, refused);

        bool IsRefused(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            try
            {
                ForecastTable.ReadCsv(path);
                return false;
            }
            catch (DataFormatException)
            {
                return true;
            }
        }
    }

    [TestMethod]
    public void Csv_WithAFault_NamesTheLine()
    {
        const string Head = "series,fold,origin,timestamp,step,actual,mean,at_origin,absolute_scale,squared_scale\n";
        const string Good = "a,0,2020-01-01T00:00:00Z,2020-01-02T00:00:00Z,1,1,1,1,1,1\n";
        foreach (var (line, column) in new (string, int?)[]
        {
            ("a,-1,2020-01-01T00:00:00Z,2020-01-02T00:00:00Z,1,1,1,1,1,1\n", 2),
            ("a,0,2020-01-01,2020-01-02T00:00:00Z,1,1,1,1,1,1\n", 3),
            ("a,0,2020-01-02T00:00:00Z,2020-01-02T00:00:00Z,1,1,1,1,1,1\n", null),
            ("a,0,2020-01-01T00:00:00Z,2020-01-02T00:00:00Z,0,1,1,1,1,1\n", null),
            ("a,0,2020-01-01T00:00:00Z,2020-01-02T00:00:00Z,1,1,one,1,1,1\n", 7),
            ("a,0,2020-01-01T00:00:00Z\n", null),
            ("a\"b,0,2020-01-01T00:00:00Z,2020-01-02T00:00:00Z,1,1,1,1,1,1\n", null),
        })
        {
            var path = Path.Combine(_folder, "fault.csv");
            File.WriteAllText(path, Head + Good + line);
            var error = Assert.ThrowsExactly<DataFormatException>(() => ForecastTable.ReadCsv(path), line);
            Assert.AreEqual((3L, column), (error.Line!.Value, error.Column), line);
        }

        var other = Path.Combine(_folder, "other.csv");
        foreach (var text in new[] { string.Empty, "a,b\n", Head.TrimEnd() + ",lower80\n", Head.TrimEnd() + ",lower80,upper90\n" })
        {
            File.WriteAllText(other, text);
            Assert.ThrowsExactly<DataFormatException>(() => ForecastTable.ReadCsv(other), text);
        }

        Assert.ThrowsExactly<DataFormatException>(() => ForecastTable.ReadCsv(Path.Combine(_folder, "none.csv")));
    }

    [TestMethod]
    public async Task Parquet_OfSomethingElse_IsRefused()
    {
        var path = Path.Combine(_folder, "series.parquet");
        await Data.Parquet.ParquetSeriesWriter.WriteAsync(path, new Panel([Series.Of(1, 2, 3)]));
        await Assert.ThrowsExactlyAsync<DataFormatException>(() => ForecastTable.ReadParquetAsync(path));
        await Assert.ThrowsExactlyAsync<DataFormatException>(() => ForecastTable.ReadParquetAsync(path + ".none"));
        var fine = new ForecastTable([Row("a", 0, 1, 1, []) with { Origin = Series.Start.AddTicks(1) }]);
        await Assert.ThrowsExactlyAsync<DataFormatException>(() => fine.WriteParquetAsync(path));
    }

    [TestMethod]
    public void Latest_AndEarliest_KeepOneRowATarget()
    {
        var walk = RollingOrigin.Evaluate(
            new DriftForecaster(),
            new Panel([Series.Named("a", Series.RandomWalk(20, 1)), Series.Named("b", Series.RandomWalk(20, 2))]),
            new RollingOriginOptions { Horizon = 4, Step = 1, FirstOrigin = FirstOrigin.AfterRows(10) }).Table;
        var targets = walk.Rows.Select(row => (row.SeriesId, row.Timestamp)).Distinct().ToArray();
        foreach (var (table, isLatest) in new[] { (walk.Latest(), true), (walk.Earliest(), false) })
        {
            CollectionAssert.AreEquivalent(targets, table.Rows.Select(row => (row.SeriesId, row.Timestamp)).ToArray());
            foreach (var row in table.Rows)
            {
                var same = walk.Rows.Where(other => other.SeriesId == row.SeriesId && other.Timestamp == row.Timestamp).Select(other => other.Origin);
                Assert.AreEqual(isLatest ? same.Max() : same.Min(), row.Origin);
            }
        }

        // Day 10 to 19 are targets; only the last three are reached in later steps by the last fold.
        CollectionAssert.AreEqual(
            new[] { 1, 1, 1, 1, 1, 1, 1, 2, 3, 4 }, walk.OfSeries("a").Latest().Rows.Select(row => row.Step).ToArray());
        Assert.HasCount(14, walk.OfStep(3).Rows);
    }

    [TestMethod]
    public void AsOf_IsTheLastForecastMadeBefore()
    {
        var table = RollingOrigin.Evaluate(
            new DriftForecaster(),
            Series.Of(Series.RandomWalk(20, 1)),
            new RollingOriginOptions { Horizon = 3, FirstOrigin = FirstOrigin.AfterRows(10) }).Table;
        Assert.IsEmpty(table.AsOf("x", Series.Start.AddDays(8.9)));
        Assert.IsEmpty(table.AsOf("y", Series.Start.AddDays(12)));
        for (var hour = 9 * 24; hour < 25 * 24; hour++)
        {
            var rows = table.AsOf("x", Series.Start.AddHours(hour));
            var origin = table.Rows.Select(row => row.Origin).Where(one => one <= Series.Start.AddHours(hour)).Max();
            CollectionAssert.AreEqual(table.Rows.Where(row => row.Origin == origin).ToArray(), rows.ToArray());
        }
    }

    private static Gen<ForecastTable> Tables =>
        from levels in Gen.Int[0, 2].Select(index => new double[][] { [], [80], [12.5, 95, 99.9] }[index])
        from rows in Gen.Select(
            Gen.Int[0, 5].Select(index => Ids[index]), Gen.Int[0, 5000], Gen.Int[1, 99], Gen.Double.Array[5 + 6]).Array[0, 9]
        select new ForecastTable([.. rows.Select(row => new ForecastRow(
            row.Item1,
            row.Item2,
            Series.Start.AddDays(row.Item2),
            Series.Start.AddDays(row.Item2 + (row.Item3 / 7.0)).AddTicks(-(Series.Start.AddDays(row.Item2 + (row.Item3 / 7.0)).Ticks % 10)),
            row.Item3,
            row.Item4[0],
            row.Item4[1],
            [.. levels.Select((level, i) => new IntervalBounds(level, row.Item4[5 + (2 * i)], row.Item4[6 + (2 * i)]))],
            row.Item4[2],
            row.Item4[3],
            double.NaN))]);

    private static ForecastTable Small() => new([Row("a", 0, 1, 2.25, [(80, 1, 3)]), Row("b", 0, 2, -7.5, [(80, -9, -6)])]);

    private static ForecastRow Row(string id, int fold, int step, double mean, (double Level, double Lower, double Upper)[] bounds) => new(
        id,
        fold,
        Series.Start.AddMinutes(fold),
        Series.Start.AddMinutes(fold + step),
        step,
        mean + 1,
        mean,
        [.. bounds.Select(one => new IntervalBounds(one.Level, one.Lower, one.Upper))],
        0.5,
        2,
        4);

    private static void AreSame(ForecastTable expected, ForecastTable actual)
    {
        Assert.HasCount(expected.Rows.Count, actual.Rows);
        CollectionAssert.AreEqual(expected.Levels.ToArray(), actual.Levels.ToArray());
        for (var index = 0; index < expected.Rows.Count; index++)
        {
            var (one, other) = (expected.Rows[index], actual.Rows[index]);
            CollectionAssert.AreEqual(one.Intervals.ToArray(), other.Intervals.ToArray());
            Assert.AreEqual(one with { Intervals = [] }, other with { Intervals = [] });
        }
    }
}
