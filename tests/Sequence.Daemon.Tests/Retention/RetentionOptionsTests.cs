using System.Text.Json;
using Sequence.Daemon.Configuration;

namespace Sequence.Daemon.Tests.Retention;

[TestClass]
public sealed class RetentionOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    [DataRow("23:59:59")]
    [DataRow("-1.00:00:00")]
    [DataRow("36501.00:00:00")]
    [DataRow("10675199.02:48:05.4775807")]
    public void Options_OfAnAgeOutOfRange_AreRefused(string age)
    {
        var options = new DaemonOptions { DataDir = _folder.Path, Retention = new RetentionOptions { Forecasts = TimeSpan.Parse(age) } };
        Assert.Contains($"Retention.Forecasts is {age}; give 1.00:00:00", Assert.ThrowsExactly<ConfigurationException>(options.Validate).Faults.Single());
    }

    [TestMethod]
    [DataRow("""{ "retention": { "forecasts": "90.00:00:00" } }""", 90)]
    [DataRow("""{ "retention": { "forecasts": "1.00:00:00" } }""", 1)]
    [DataRow("""{ "retention": { "forecasts": "36500.00:00:00" } }""", 36_500)]
    [DataRow("""{ "retention": { "forecasts": null } }""", null)]
    [DataRow("""{ "retention": { } }""", null)]
    [DataRow("{ }", null)]
    public void Read_OfAFile_TakesTheAgeAndKeepsItThroughAReload(string text, int? days)
    {
        var read = Read(text);
        TimeSpan? expected = days is { } given ? TimeSpan.FromDays(given) : null;
        Assert.AreEqual(expected, read.Retention.Forecasts);
        var (merged, _, forRestart) = OptionTree.Merge(read, read with { Retention = new RetentionOptions { Forecasts = TimeSpan.FromDays(7) } });
        Assert.AreEqual("Retention.Forecasts", forRestart.Single());
        Assert.AreEqual(JsonSerializer.Serialize(read), JsonSerializer.Serialize(merged));
    }

    [TestMethod]
    [DataRow("""{ "retention": { "forecasts": 90 } }""", "'retention.forecasts' that is 90; give a time such as")]
    [DataRow("""{ "retention": { "forecasts": "soon" } }""", "'retention.forecasts' that is \"soon\"")]
    [DataRow("""{ "retention": { "observations": "9.00:00:00" } }""", "'retention.observations', which is no option; there are retention.forecasts")]
    [DataRow("""{ "retention": null }""", "'retention' that is no object")]
    [DataRow("""{ "retention": { "forecasts": "01:00:00" } }""", "Retention.Forecasts is 01:00:00")]
    public void Read_OfAFileWithAFault_NamesIt(string text, string fault) =>
        Assert.Contains(fault, Assert.ThrowsExactly<ConfigurationException>(() => Read(text)).Faults.Single());

    public void Dispose() => _folder.Dispose();

    private DaemonOptions Read(string text)
    {
        var file = _folder.File("daemon.json");
        File.WriteAllText(file, text);
        return new DaemonConfiguration { File = file, DataDir = _folder.Path }.Read();
    }
}
