using CsCheck;
using Sequence.Data.Csv;
using Sequence.Data.Tests.Support;

namespace Sequence.Data.Tests.Csv;

[TestClass]
public sealed class CsvSeriesWriterTests
{
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    [TestMethod]
    [DataRow("a.csv")]
    [DataRow("a.csv.gz")]
    public async Task Write_ThenRead_GivesThePanelBack(string name)
    {
        var path = Path.Combine(_folder.Root, name);
        await Panels.Any.SampleAsync(
            async panel =>
            {
                await CsvSeriesWriter.WriteAsync(path, panel);
                Panels.AssertSame(Filled(panel), Reread(path, panel));
            },
            iter: 50,
            threads: 1);
    }

    [TestMethod]
    public async Task Write_OfOneRow_IsTheLongFormat()
    {
        var path = Path.Combine(_folder.Root, "a.csv");
        await CsvSeriesWriter.WriteAsync(path, new Panel([Sample.Daily(0.1, double.NaN)]));
        Assert.AreEqual(
            "id,timestamp,value\ny,2024-01-01T00:00:00Z,0.1\ny,2024-01-02T00:00:00Z,\n", await File.ReadAllTextAsync(path));
    }

    [TestMethod]
    public async Task Write_ThatFails_LeavesWhatWasThere()
    {
        var path = _folder.Write("a.csv", "before");
        var other = new TimeSeries(
            "z", new Frequency(FrequencyUnit.Day), new[] { Sample.Monday }, new double[] { 1 },
            staticCovariates: new Dictionary<string, double>(StringComparer.Ordinal) { ["s"] = 1 });
        await Assert.ThrowsExactlyAsync<ConfigurationException>(
            () => CsvSeriesWriter.WriteAsync(path, new Panel([Sample.Daily(1), other])));
        Assert.AreEqual("before", await File.ReadAllTextAsync(path));
        await Assert.ThrowsExactlyAsync<SequenceException>(
            () => CsvSeriesWriter.WriteAsync(Path.Combine(_folder.Root, "absent", "a.csv"), new Panel([Sample.Daily(1)])));
        Assert.HasCount(1, Directory.GetFileSystemEntries(_folder.Root));
    }

    private static Panel Filled(Panel panel) =>
        new(panel.Select(series => MissingValues.Apply(series, MissingValuePolicy.ForwardFill)));

    private static Panel Reread(string path, Panel panel) => CsvSeriesReader.Read(path, new CsvSeriesOptions
    {
        Id = LongFormat.Id,
        Timestamp = LongFormat.Timestamp,
        Target = LongFormat.Value,
        PastCovariates = ["p"],
        FutureCovariates = ["f"],
        StaticCovariates = ["s"],
        Frequency = panel[0].Frequency,
        MissingValues = MissingValuePolicy.ForwardFill,
    });
}
