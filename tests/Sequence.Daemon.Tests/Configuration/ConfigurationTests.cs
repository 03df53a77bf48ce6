using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sequence.Daemon.Configuration;

namespace Sequence.Daemon.Tests.Configuration;

[TestClass]
public sealed class ConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _files = new();

    private string File => _files.File("daemon.json");

    private string Elsewhere => _folder.File("daemon.json");

    [TestMethod]
    public void Read_OfAFile_TakesItsOptionsAndWhatIsTypedWins()
    {
        Write("""
            {
                // Where it listens.
                "dataDir": "/nowhere",
                "urls": "http://127.0.0.1:9000",
                "logLevel": "information",
                "logFormat": "json",
                "safety": { "hosts": ["a.example"] },
                "limits": { "burst": 7, "headersTimeout": "00:00:05", },
            }
            """);
        var read = new DaemonConfiguration { File = File, DataDir = _folder.Path }.Read();
        Assert.AreEqual(_folder.Path, read.DataDir);
        Assert.AreEqual("http://127.0.0.1:9000", read.Urls);
        Assert.AreEqual(LogLevel.Information, read.LogLevel);
        Assert.AreEqual(LogFormat.Json, read.LogFormat);
        Assert.AreEqual("a.example", read.Safety.Hosts.Single());
        Assert.AreEqual(new LimitOptions { Burst = 7, HeadersTimeout = TimeSpan.FromSeconds(5) }, read.Limits);
        Assert.AreEqual("http://127.0.0.1:1", new DaemonConfiguration { File = File, Urls = "http://127.0.0.1:1" }.Read().Urls);
    }

    [TestMethod]
    public void Read_OfAFileWithManyFaults_NamesThemAll()
    {
        Write("""
            {
                "urls": 3,
                "colour": "red",
                "logLevel": 3,
                "logFormat": "xml",
                "limits": { "burst": "many", "Burst": 4, "requestsPerSecond": -1, "headersTimeout": "soon", "size": 1 },
                "safety": null,
                "telemetry": { "otlpEndpoint": "nonsense", "otlpTransport": "grpc" }
            }
            """);
        var faults = Assert.ThrowsExactly<ConfigurationException>(() => new DaemonConfiguration { File = File }.Read()).Faults;
        foreach (var expected in (string[])[
            "'urls' that is 3", "'colour', which is no option", "'logLevel' that is 3", "'logFormat' that is \"xml\"; give text or json", "'limits.burst'",
            "Limits.RequestsPerSecond is -1", "'limits.headersTimeout' that is \"soon\"", "'limits.size', which is no option; there are limits.requestsPerSecond",
            "'safety' that is no object", "Telemetry.OtlpEndpoint is 'nonsense'", "DataDir is empty"])
        {
            Assert.IsTrue(faults.Any(fault => fault.Contains(expected, StringComparison.Ordinal)), $"{expected} is not in {string.Join('\n', faults)}");
        }

        Assert.HasCount(11, faults);
    }

    [TestMethod]
    [DataRow("{", "is no JSON")]
    [DataRow("[]", "is no JSON object")]
    [DataRow("", "is no JSON")]
    [DataRow("""{"urls":"http://127.0.0.1:1","urls":"http://127.0.0.1:2"}""", "is no JSON")]
    [DataRow("""{"urls":"http://127.0.0.1:1","Urls":"http://127.0.0.1:2"}""", "twice")]
    [DataRow("""{"\ud800":1}""", "is no JSON")]
    [DataRow("""{"urls":null}""", "'urls' that is null")]
    [DataRow("""{"safety":{"hosts":["a.example",null]}}""", "'safety.hosts' that is [\"a.example\",null]; give a list, each a text")]
    [DataRow("""{"jobs":{"program":[null]}}""", "'jobs.program' that is [null]")]
    public void Read_OfWhatIsNoObject_SaysSo(string text, string reason)
    {
        Write(text);
        var configuration = new DaemonConfiguration { File = File, DataDir = _folder.Path };
        Assert.Contains(reason, Assert.ThrowsExactly<ConfigurationException>(configuration.Read).Message);
        Assert.Contains("cannot be read", Assert.ThrowsExactly<ConfigurationException>((configuration with { File = File + "x" }).Read).Message);
    }

    /// <summary>What a file can say is all there is: an option that cannot travel through it would be lost at a reload.</summary>
    [TestMethod]
    public void Options_OfAnyKind_SurviveAReload()
    {
        var options = new DaemonOptions
        {
            DataDir = "a",
            LogLevel = LogLevel.Debug,
            Limits = new LimitOptions { Burst = 3, SlowestBody = 0.1, HeadersTimeout = TimeSpan.FromSeconds(2.5) },
            Telemetry = new TelemetryOptions { OtlpEndpoint = "http://127.0.0.1:4318", OtlpTransport = OtlpTransport.Http },
        };
        var (merged, taken, forRestart) = OptionTree.Merge(options, options with { });
        Assert.AreEqual(JsonSerializer.Serialize(options), JsonSerializer.Serialize(merged));
        Assert.IsEmpty(taken);
        Assert.IsEmpty(forRestart);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Reload_OfAGoodFile_TakesWhatItCanAndNamesTheRest(bool bySignal)
    {
        if (bySignal && OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("There is no SIGHUP here.");
        }

        if (bySignal)
        {
            // The file is a link out of the folder that is watched, so a change of it is not seen: the signal makes it look.
            System.IO.File.CreateSymbolicLink(File, Elsewhere);
        }

        Write("""{ "limits": { "mostSeries": 1 } }""");
        var log = new Lines();
        await using var daemon = await StartAsync(log);
        const string series = """{"frequency":"D","model":"drift"}""";
        await daemon.PutAsync("a", series);
        (await daemon.SendAsync(HttpMethod.Put, "/series/b", series)).Refused(HttpStatusCode.Conflict);

        var text = """{ "limits": { "mostSeries": 2, "mostConnections": 5 }, "logLevel": "information", "urls": "http://127.0.0.1:1" }""";
        if (bySignal)
        {
            await System.IO.File.WriteAllTextAsync(Elsewhere, text);
            using var kill = System.Diagnostics.Process.Start("kill", ["-HUP", Environment.ProcessId.ToString()]);
        }
        else
        {
            // As editors do: a new file is put in the place of the old.
            await System.IO.File.WriteAllTextAsync(File + "~", text);
            System.IO.File.Move(File + "~", File, overwrite: true);
        }

        Assert.Contains("LogLevel, Limits.MostSeries", await log.UntilAsync("changed now"));
        Assert.EndsWith("Limits.MostConnections", await log.UntilAsync("need a restart"));
        await daemon.PutAsync("b", series);
        var live = daemon.Services.GetRequiredService<LiveOptions>().Value;
        Assert.AreEqual(10_000, live.Limits.MostConnections);
        Assert.IsTrue(daemon.Services.GetRequiredService<ILoggerFactory>().CreateLogger("any").IsEnabled(LogLevel.Information));
        Assert.IsFalse(daemon.Services.GetRequiredService<ILoggerFactory>().CreateLogger("any").IsEnabled(LogLevel.Debug));
    }

    [TestMethod]
    [DataRow("""{ "safety": { "hosts": ["a.example", null] } }""", "'safety.hosts' that is")]
    [DataRow("""{ "\ud800": 1 }""", "surrogate")]
    public async Task Reload_OfAFileThatIsNoOptions_LeavesTheDaemonAsItIs(string text, string reason)
    {
        Write("{}");
        var log = new Lines();
        await using var daemon = await StartAsync(log);
        Write(text);
        Assert.Contains(reason, await log.UntilAsync("the old one stays"));
        Write("""{ "limits": { "mostSeries": 7 } }""");
        await log.UntilAsync("changed now");
        Assert.AreEqual(7, daemon.Services.GetRequiredService<LiveOptions>().Value.Limits.MostSeries);
        Assert.AreEqual("live", (await daemon.SendAsync(HttpMethod.Get, "/health/live")).Body);
    }

    [TestMethod]
    public async Task Reload_OfABrokenFile_NamesItsFaultsAndKeepsTheOld()
    {
        Write("""{ "limits": { "mostSeries": 1 } }""");
        var log = new Lines();
        await using var daemon = await StartAsync(log);
        Write("""{ "limits": { "mostSeries": 0, "colour": 1 } }""");
        var fault = await log.UntilAsync("the old one stays");
        Assert.Contains("Limits.MostSeries is 0", fault);
        Assert.Contains("'limits.colour'", fault);
        Assert.AreEqual(1, daemon.Services.GetRequiredService<LiveOptions>().Value.Limits.MostSeries);
        Write("""{ "limits": { "mostSeries": 7 } }""");
        await log.UntilAsync("changed now");
        Assert.AreEqual(7, daemon.Services.GetRequiredService<LiveOptions>().Value.Limits.MostSeries);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _files.Dispose();
    }

    private void Write(string text) => System.IO.File.WriteAllText(File, text);

    private Task<RunningDaemon> StartAsync(Lines log) => RunningDaemon.StartAsync(
        _folder.Path, services => services.AddSingleton<ILoggerProvider>(log), config: File);

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();
        private readonly SemaphoreSlim _more = new(0);

        public async Task<string> UntilAsync(string part)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (true)
            {
                if (_lines.FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal)) is { } found)
                {
                    return found;
                }

                await _more.WaitAsync(limit.Token);
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _lines.Enqueue(formatter(state, exception));
            _more.Release();
        }

        public void Dispose()
        {
        }
    }
}
