using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Drops;
using Sequence.Numerics;

namespace Sequence.Daemon.Tests.Drops;

[TestClass]
public sealed class DropTests : IDisposable
{
    private const string Daily = """{"frequency":"D","model":"persistence"}""";

    private readonly TemporaryFolder _folder = new();
    private readonly double[] _prices = Days.Prices(100);

    [TestMethod]
    public async Task File_OfSeveralSeries_IsTakenInAndPutAside()
    {
        await using var daemon = await StartAsync("a", "b");
        Drop("many.csv", "unique_id,timestamp,value,sequence\na,2020-01-01,1,10\nb,2020-01-01T00:00:00Z,2.5,\n\"a\",\"2020-01-02 00:00:00\",\"3\",11\r\n\nb,2020-01-02T01:00+01:00,-0,7\n");
        await AsideAsync("many.csv");
        var a = await ObservationsAsync(daemon, "a");
        CollectionAssert.AreEqual(new[] { 1.0, 3 }, a.Select(Value).ToArray());
        CollectionAssert.AreEqual(new[] { 10L, 11 }, a.Select(row => row.GetProperty("sequence").GetInt64()).ToArray());
        Assert.AreEqual(Days.First.AddDays(1), a[1].GetProperty("time").GetDateTimeOffset());
        CollectionAssert.AreEqual(new[] { 2.5, 0 }, (await ObservationsAsync(daemon, "b")).Select(Value).ToArray());
        Assert.IsFalse(Directory.EnumerateFiles(Inside("rejected")).Any());
        Assert.IsFalse(File.Exists(Inside("many.csv")));
    }

    [TestMethod]
    public async Task File_NamedAfterItsSeries_CanComeAgain()
    {
        await using var daemon = await StartAsync("a");
        Drop("a.csv", Rows(0, 10));
        await AsideAsync("a.csv");
        Drop("a.csv", Rows(5, 10));
        await Until.TrueAsync(() => Aside("done", "a.csv").Length == 2);
        CollectionAssert.AreEqual(_prices[..15], (await ObservationsAsync(daemon, "a")).Select(Value).ToArray());
    }

    [TestMethod]
    public async Task RejectedRows_OfAFileThatWasTidiedAway_OutliveTheNextOfItsName()
    {
        await using var daemon = await StartAsync("a");
        Drop("a.csv", Rows(0, 2) + "2020-01-03,nan\n");
        await AsideAsync("a.csv");
        File.Delete(Aside("done", "a.csv").Single());
        Drop("a.csv", Rows(0, 10));
        await AsideAsync("a.csv");
        Drop("a.csv", Rows(0, 10) + "2020-01-11,none\n");
        await Until.TrueAsync(() => Aside("done", "a.csv").Length == 2);
        var lists = Aside("rejected", "a.csv").Order(StringComparer.Ordinal).Select(File.ReadAllText).ToArray();
        Assert.HasCount(2, lists);
        Assert.Contains("nan", lists[0]);
        Assert.Contains("none", lists[1]);
    }

    [TestMethod]
    public void NameAside_OfAFileThatIsReadAgain_IsTheSame()
    {
        var drops = DropFolder.Open(Inside(string.Empty));
        Drop("a.csv", Rows(0, 1));
        var file = drops.Files().Single();
        var aside = drops.NameAside(file);
        File.WriteAllText(drops.Rejected(aside), "of an interrupted reading");
        Assert.AreEqual(aside, drops.NameAside(file));

        // A copy that kept its time is another file.
        var written = file.LastWriteTimeUtc;
        drops.PutAside(file, aside);
        Drop("a.csv", Rows(0, 2));
        File.SetLastWriteTimeUtc(Inside("a.csv"), written);
        Assert.AreNotEqual(aside, drops.NameAside(drops.Files().Single()));
        File.SetLastWriteTimeUtc(Inside("a.csv"), written.AddSeconds(1));
        Assert.AreNotEqual(aside, drops.NameAside(drops.Files().Single()));
    }

    [TestMethod]
    public async Task File_ThatIsThereAtTheStart_IsTakenIn()
    {
        Directory.CreateDirectory(Inside(string.Empty));
        await using (var daemon = await RunningDaemon.StartAsync(_folder.Path))
        {
            await daemon.PutAsync("a", Daily);
        }

        Drop("a.csv", Rows(0, 10));
        await using var watching = await StartAsync();
        await AsideAsync("a.csv");
        Assert.HasCount(10, await ObservationsAsync(watching, "a"));
    }

    [TestMethod]
    public async Task File_WithWrongRows_StoresTheOthersAndSaysWhy()
    {
        await using var daemon = await StartAsync("a", "b");
        Drop(
            "some.csv",
            "id,time,value\na,2020-01-01,1\na,2020-01-02,nan\na,01/03/2020,2\nnone,2020-01-01,3\n../b,2020-01-01,3\na,2020-01-04T05:00Z,4\n" +
            $"a,2020-01-05\na,2020-01-06,{new string('1', 3000)}\na,2020-01-07,5\n\"b,2020-01-01,6\nb,2020-01-02,1e999\nb,2020-01-03,\u0001\"\n");
        await AsideAsync("some.csv");
        CollectionAssert.AreEqual(new[] { 1.0, 5 }, (await ObservationsAsync(daemon, "a")).Select(Value).ToArray());
        CollectionAssert.AreEqual(new[] { 6.0 }, (await ObservationsAsync(daemon, "b")).Select(Value).ToArray());
        var rejected = await File.ReadAllLinesAsync(Aside("rejected", "some.csv").Single());
        Assert.AreEqual("line,reason,row", rejected[0]);
        (int Line, string Reason)[] expected =
        [
            (3, "no finite number"), (4, "ISO 8601"), (5, "There is no series 'none'"), (6, "id of a series"), (7, "whole number of steps"), (8, "2 fields"),
            (9, "longer than 1024"), (12, "no finite number"), (13, "no finite number"),
        ];
        var found = rejected.Skip(1).OrderBy(row => int.Parse(row.Split(',')[0], CultureInfo.InvariantCulture)).ToArray();
        Assert.HasCount(expected.Length, found, string.Join('\n', found));
        foreach (var ((line, reason), row) in expected.Zip(found))
        {
            Assert.StartsWith($"{line},", row);
            Assert.Contains(reason, row);
        }
    }

    [TestMethod]
    [DataRow("a;b\n1;2\n", "header")]
    [DataRow("time,value,extra\n2020-01-01,1,2\n", "header")]
    [DataRow("time,value,value\n2020-01-01,1,2\n", "header")]
    [DataRow("\n\n", "empty")]
    [DataRow("time,value\n", null)]
    public async Task File_WithoutAHeaderOfObservations_IsPutAsideWithTheReason(string content, string? reason)
    {
        await using var daemon = await StartAsync("a");
        Drop("a.csv", content);
        await AsideAsync("a.csv");
        Assert.IsEmpty(await ObservationsAsync(daemon, "a"));
        var rejected = Aside("rejected", "a.csv");
        Assert.HasCount(reason is null ? 0 : 1, rejected);
        if (reason is not null)
        {
            Assert.Contains(reason, await File.ReadAllTextAsync(rejected[0]));
        }
    }

    [TestMethod]
    public async Task File_OfNoise_DoesNotKeepTheOthersWaiting()
    {
        await using var daemon = await StartAsync("b");
        var noise = new byte[3_000_000];
        var random = new CounterRandom(3);
        for (var index = 0; index < noise.Length; index++)
        {
            noise[index] = (byte)random.NextUInt32();
        }

        Place("a.csv", path => File.WriteAllBytes(path, noise));
        Place("a-line.csv", path => File.WriteAllBytes(path, [.. Encoding.UTF8.GetBytes("time,value\n"), .. Enumerable.Repeat((byte)'7', 3_000_000)]));
        Drop("b.csv", Rows(0, 5));
        await AsideAsync("a.csv");
        await AsideAsync("a-line.csv");
        await AsideAsync("b.csv");
        Assert.HasCount(5, await ObservationsAsync(daemon, "b"));
    }

    [TestMethod]
    public async Task Folder_LinksAndOtherFiles_AreLeftAlone()
    {
        var secret = _folder.File("secret.csv");
        await File.WriteAllTextAsync(secret, Rows(0, 5));
        await using var daemon = await StartAsync("a", "secret", "b");
        File.CreateSymbolicLink(Inside("a.csv"), secret);
        Directory.CreateDirectory(Inside("folder.csv"));
        await File.WriteAllTextAsync(Inside(".a.csv"), Rows(0, 5));
        await File.WriteAllTextAsync(Inside("a.txt"), Rows(0, 5));
        await File.WriteAllTextAsync(Inside("empty.csv"), string.Empty);
        Drop("b.csv", Rows(0, 5));
        await AsideAsync("b.csv");
        Assert.IsEmpty(await ObservationsAsync(daemon, "a"));
        Assert.IsTrue(File.Exists(secret));
        Assert.HasCount(1, Directory.GetFiles(Inside("done")));
    }

    [TestMethod]
    public async Task Store_ThatIsAway_LeavesTheFileUntilItIsBack()
    {
        await using (var daemon = await RunningDaemon.StartAsync(_folder.Path))
        {
            await daemon.PutAsync("a", Daily);
        }

        BreakableStore? store = null;
        await using var watching = await StartAsync([], services => store = BreakableStore.Replace(services));
        Drop("a.csv", Rows(0, 10));
        await store!.Refused.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.IsTrue(File.Exists(Inside("a.csv")));
        store.IsAway = false;
        await AsideAsync("a.csv");
        CollectionAssert.AreEqual(_prices[..10], (await ObservationsAsync(watching, "a")).Select(Value).ToArray());
    }

    [TestMethod]
    public async Task Series_WhoseModelCannotBeUsed_KeepsTheFileButNotTheOthersWaiting()
    {
        var checkpoint = SmallCheckpoints.WriteStack(_folder.Path, "m");
        await using (var daemon = await StartAsync("a", "c"))
        {
            await daemon.PutAsync("b", """{"frequency":"D","model":"checkpoint:m"}""");
        }

        // Rows of b fill more than a batch, before and behind those of others.
        Directory.Move(checkpoint, checkpoint + "-away");
        await using (var daemon = await StartAsync())
        {
            Drop("many.csv", "id,time,value\n" + Of("a", 0, 10) + Of("b", 0, 11_000) + Of("c", 0, 10) + Of("b", 11_000, 10) + Of("a", 10, 10));
            await Until.TrueAsync(async () => (await ObservationsAsync(daemon, "a")).Length == 20);
            Assert.HasCount(10, await ObservationsAsync(daemon, "c"));
            Assert.IsTrue(File.Exists(Inside("many.csv")));
        }

        Directory.Move(checkpoint + "-away", checkpoint);
        await using var mended = await StartAsync();
        await AsideAsync("many.csv");
        Assert.AreEqual(Days.First.AddDays(11_009), (await mended.GetAsync("/series/b")).GetProperty("state").GetProperty("lastEventTime").GetDateTimeOffset());
        Assert.HasCount(20, await ObservationsAsync(mended, "a"));
        Assert.IsEmpty(Directory.GetFiles(Inside("rejected")));

        static string Of(string id, int start, int count) => string.Concat(Enumerable.Range(start, count).Select(day => string.Create(
            CultureInfo.InvariantCulture, $"{id},{Days.First.AddDays(day):yyyy-MM-dd},{100 + (day % 7)}\n")));
    }

    [TestMethod]
    public async Task Store_ThatIsGone_EndsTheReading()
    {
        BreakableStore? store = null;
        await using var daemon = await StartAsync(["a"], services => store = BreakableStore.Replace(services));
        store!.IsGone = true;
        using var content = new MemoryStream(Encoding.UTF8.GetBytes("id,time,value\n" + string.Concat(Enumerable.Range(0, 40_000).Select(
            row => $"series-{row / 10_000},{Days.First.AddDays(row % 10_000):yyyy-MM-dd},1\n"))));
        await using var rejected = new RejectedRows(_folder.File("rejected.csv"));
        var reader = daemon.Services.GetRequiredService<DropReader>();
        var error = await Assert.ThrowsExactlyAsync<DaemonException>(() => reader.ReadAsync(content, "many.csv", rejected, default));
        Assert.Contains("The store is gone", error.Message);
        Assert.IsLessThan(content.Length / 2, content.Position);
        store.IsGone = false;
    }

    [TestMethod]
    public async Task Daemon_StoppedInTheMiddleOfAFile_StoresNothingTwice()
    {
        // Three batches; the daemon is stopped once the first is stored and the second refused.
        var rows = string.Concat(Enumerable.Range(0, 25_000).Select(day => string.Create(
            CultureInfo.InvariantCulture, $"{Days.First.AddDays(day):yyyy-MM-dd},{day % 7},{day}\n")));
        BreakableStore? store = null;
        await using (var daemon = await StartAsync(["a"], services => store = BreakableStore.Replace(services)))
        {
            store!.Passing = 1;
            Drop("a.csv", "time,value,sequence\n" + rows);
            await store.Refused.WaitAsync(TimeSpan.FromSeconds(20));
            Assert.IsNotEmpty(await ObservationsAsync(daemon, "a"));
        }

        Assert.IsTrue(File.Exists(Inside("a.csv")));
        await using var again = await StartAsync();
        await AsideAsync("a.csv");
        var stored = 0;
        DateTimeOffset? after = null;
        do
        {
            var page = await again.GetAsync("/series/a/observations?limit=10000" + (after is null ? string.Empty : $"&after={after:yyyy-MM-dd}Z"));
            stored += page.GetProperty("observations").EnumerateArray().Count(row => row.GetProperty("revision").GetInt32() == 0);
            after = page.GetProperty("after").ValueKind == JsonValueKind.Null ? null : page.GetProperty("after").GetDateTimeOffset();
        }
        while (after is not null);
        Assert.AreEqual(25_000, stored);
    }

    [TestMethod]
    [DataRow("../outside")]
    [DataRow("a/../../outside")]
    [DataRow("")]
    public void Options_FolderOutsideTheDataFolder_IsRefused(string folder)
    {
        var options = new DaemonOptions { DataDir = _folder.Path, Drops = new DropOptions { Folder = folder } };
        Assert.Contains("Drops.Folder", Assert.ThrowsExactly<ConfigurationException>(options.Validate).Message);
    }

    public void Dispose() => _folder.Dispose();

    private static double Value(JsonElement row) => row.GetProperty("value").GetDouble();

    private static async Task<JsonElement[]> ObservationsAsync(RunningDaemon daemon, string id) =>
        [.. (await daemon.GetAsync($"/series/{id}/observations?limit=10000")).GetProperty("observations").EnumerateArray()];

    private Task<RunningDaemon> StartAsync(params string[] series) => StartAsync(series, _ => { });

    private async Task<RunningDaemon> StartAsync(string[] series, Action<IServiceCollection> configure)
    {
        var daemon = await RunningDaemon.StartAsync(_folder.Path, configure, options => options with
        {
            Drops = new DropOptions { Folder = "drops", Settle = TimeSpan.FromMilliseconds(20), Rescan = TimeSpan.FromMilliseconds(100) },
        });
        foreach (var id in series)
        {
            await daemon.PutAsync(id, Daily);
        }

        return daemon;
    }

    private string Inside(string name) => Path.Combine(_folder.Path, "drops", name);

    private string Rows(int start, int count) => "time,value\n" + string.Concat(Enumerable.Range(start, count).Select(day => string.Create(
        CultureInfo.InvariantCulture, $"{Days.First.AddDays(day):yyyy-MM-dd},{_prices[day]:R}\n")));

    private void Drop(string name, string content) => Place(name, path => File.WriteAllText(path, content));

    private void Place(string name, Action<string> write)
    {
        write(Inside(name + ".new"));
        File.Move(Inside(name + ".new"), Inside(name));
    }

    private Task AsideAsync(string name) => Until.TrueAsync(() => Aside("done", name).Length > 0);

    /// <summary>What was put into a folder for the files of a name: each with the time it was written.</summary>
    private string[] Aside(string folder, string name) =>
        Directory.Exists(Inside(folder)) ? Directory.GetFiles(Inside(folder), Path.ChangeExtension(name, ".*Z*.csv")) : [];
}
