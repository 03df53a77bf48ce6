using System.Buffers.Binary;
using CsCheck;
using global::Parquet;
using global::Parquet.Schema;
using Sequence.Data.Parquet;
using Sequence.Data.Tests.Support;

namespace Sequence.Data.Tests.Parquet;

[TestClass]
public sealed class ParquetSeriesTests
{
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    private string FilePath => Path.Combine(_folder.Root, "a.parquet");

    [TestMethod]
    public async Task Write_ThenRead_GivesThePanelBack() =>
        await Panels.Any.SampleAsync(
            async panel =>
            {
                await ParquetSeriesWriter.WriteAsync(FilePath, panel);
                var filled = new Panel(panel.Select(series => MissingValues.Apply(series, MissingValuePolicy.ForwardFill)));
                Panels.AssertSame(filled, await ParquetSeriesReader.ReadAsync(FilePath, Options(panel)));
            },
            iter: 30,
            threads: 1);

    [TestMethod]
    public async Task File_CutOrWithChangedPages_NeverGivesAnythingButADataFault()
    {
        var panel = new Panel([Sample.Daily([.. Enumerable.Range(0, 20).Select(row => Math.Sin(row))])]);
        await ParquetSeriesWriter.WriteAsync(FilePath, panel);
        var whole = await File.ReadAllBytesAsync(FilePath);
        var options = new SeriesReaderOptions { Id = "id", Target = "value" };
        for (var length = 0; length < whole.Length; length += 7)
        {
            var cut = _folder.Write("cut.parquet", whole[..length]);
            await Assert.ThrowsExactlyAsync<DataFormatException>(() => ParquetSeriesReader.ReadAsync(cut, options));
        }

        // A changed footer can cost the reader its whole time limit, so here only the pages are changed.
        var footer = whole.Length - 8 - BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(whole.Length - 8));
        for (var index = 0; index < footer; index += 3)
        {
            var changed = (byte[])whole.Clone();
            changed[index] ^= 0xFF;
            try
            {
                // Parquet has no checksum over everything: a changed byte of data is another number, not a fault.
                await ParquetSeriesReader.ReadAsync(_folder.Write("changed.parquet", changed), options);
            }
            catch (DataFormatException exception)
            {
                Assert.Contains("changed.parquet", exception.Message);
            }
        }
    }

    [TestMethod]
    public async Task Read_OfOtherNumberTypes_ConvertsThem()
    {
        var date = new DataField<DateTime>("date", nullable: false);
        var whole = new DataField<int>("whole", nullable: true);
        var single = new DataField<float>("single", nullable: false);
        await using (var stream = File.Create(FilePath))
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(date, whole, single), stream))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<DateTime>(date, new[] { Sample.Monday.UtcDateTime, Sample.Monday.AddDays(1).UtcDateTime });
            await group.WriteAsync<int>(whole, new int?[] { 7, null });
            await group.WriteAsync<float>(single, new[] { 0.5f, 1.5f });
        }

        var panel = await ParquetSeriesReader.ReadAsync(
            FilePath, new SeriesReaderOptions { Target = "single", PastCovariates = ["whole"], MissingValues = MissingValuePolicy.ForwardFill });
        CollectionAssert.AreEqual(new[] { 0.5, 1.5 }, panel[0].Values.ToArray());
        CollectionAssert.AreEqual(new double[] { 7, 7 }, panel[0].PastCovariates["whole"].ToArray());
        Assert.AreEqual(Sample.Monday, panel[0].Timestamps.Span[0]);

        var exception = await Assert.ThrowsExactlyAsync<DataFormatException>(() => ParquetSeriesReader.ReadAsync(
            FilePath, new SeriesReaderOptions { Target = "whole" }));
        Assert.AreEqual(2, exception.Line);
        Assert.AreEqual(2, exception.Column);
    }

    [TestMethod]
    public async Task Read_WithFaults_NamesThem()
    {
        await ParquetSeriesWriter.WriteAsync(FilePath, new Panel([Sample.Daily(1, 2)]));
        var exception = await Assert.ThrowsExactlyAsync<DataFormatException>(
            () => ParquetSeriesReader.ReadAsync(FilePath, new SeriesReaderOptions { Target = "close" }));
        Assert.Contains("There are: id, timestamp, value", exception.Message);
        exception = await Assert.ThrowsExactlyAsync<DataFormatException>(
            () => ParquetSeriesReader.ReadAsync(FilePath, new SeriesReaderOptions { Target = "id" }));
        Assert.Contains("holds text, not numbers", exception.Message);
        exception = await Assert.ThrowsExactlyAsync<DataFormatException>(
            () => ParquetSeriesReader.ReadAsync(FilePath, new SeriesReaderOptions { Timestamp = "value", Target = "timestamp" }));
        Assert.Contains("not timestamps", exception.Message);
        exception = await Assert.ThrowsExactlyAsync<DataFormatException>(
            () => ParquetSeriesReader.ReadAsync(Path.Combine(_folder.Root, "absent")));
        Assert.Contains("no such file", exception.Message);
    }

    private static SeriesReaderOptions Options(Panel panel) => new()
    {
        Id = LongFormat.Id,
        Timestamp = LongFormat.Timestamp,
        Target = LongFormat.Value,
        PastCovariates = ["p"],
        FutureCovariates = ["f"],
        StaticCovariates = ["s"],
        Frequency = panel[0].Frequency,
        MissingValues = MissingValuePolicy.ForwardFill,
    };
}
