using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Registry;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Tests.Registry;

[TestClass]
public sealed class ModelRegistryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task Model_RegisteredAndNamed_ServesItsSeriesAndSoAfterARestart()
    {
        string version;
        await using (var daemon = await RunningDaemon.StartAsync(_folder.Path))
        {
            var missing = await daemon.SendAsync(HttpMethod.Put, "/series/a", """{"frequency":"D","model":"model:m"}""");
            Assert.Contains("no model 'm'", missing.Refused(HttpStatusCode.BadRequest));
            version = await daemon.UploadAsync("m", 3);
            Assert.AreEqual(version, await daemon.UploadAsync("m", 3));
            (await daemon.AliasAsync("m", "champion", version)).Json();
            await daemon.PutAsync("a", """{"frequency":"D","model":"model:m","horizon":2}""");
            await daemon.PostAsync("a", Days.Array(Days.Prices(30), 0, 30));
            Assert.AreEqual(version, await daemon.ForecastVersionAsync("a"));
        }

        await using var restarted = await RunningDaemon.StartAsync(_folder.Path);
        Assert.AreEqual(version, await restarted.ForecastVersionAsync("a"));
        var model = await restarted.GetAsync("/models/m");
        Assert.AreEqual(version, model.GetProperty("aliases").GetProperty("champion").GetString());
        Assert.AreEqual(1, model.GetProperty("versions").GetArrayLength());
        Assert.AreEqual("m", (await restarted.GetAsync("/models"))[0].GetProperty("name").GetString());
    }

    [TestMethod]
    public async Task Champion_WhoseSelfCheckFails_IsRefusedAndTheOldServes()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        var (first, second) = (await daemon.UploadAsync("m", 3), await daemon.UploadAsync("m", 4));
        (await daemon.AliasAsync("m", "champion", first)).Json();
        await daemon.Services.GetRequiredService<ModelRecords>().ChangeAsync("m", old => old with
        {
            Versions = [.. old.Versions.Select(one => one.Hash == second
                ? one with { SelfCheck = one.SelfCheck.ToDictionary(pair => pair.Key, pair => pair.Value.Select(value => value * 1.00001).ToArray()) }
                : one)],
        });
        Assert.Contains("self-check", (await daemon.AliasAsync("m", "champion", second)).Refused(HttpStatusCode.Conflict));
        var model = await daemon.GetAsync("/models/m");
        Assert.AreEqual(first, model.GetProperty("aliases").GetProperty("champion").GetString());
    }

    [TestMethod]
    public async Task Champion_ThatASeriesCannotRunOn_IsRefused()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        (await daemon.AliasAsync("m", "champion", await daemon.UploadAsync("m", 3))).Json();
        await daemon.PutAsync("a", """{"frequency":"D","model":"model:m"}""");
        var hourly = (await daemon.SendArchiveAsync("m", CheckpointArchive.Write(Versions.Files(4, "H")))).Json().GetProperty("version").GetString()!;
        Assert.Contains("Series 'a'", (await daemon.AliasAsync("m", "champion", hourly)).Refused(HttpStatusCode.Conflict));
    }

    [TestMethod]
    public async Task RollBack_GoesBackThroughTheChampionsBefore()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        List<string> versions = [];
        for (ulong seed = 1; seed <= 3; seed++)
        {
            versions.Add(await daemon.UploadAsync("m", seed));
            (await daemon.AliasAsync("m", "champion", versions[^1])).Json();
        }

        foreach (var expected in (string[])[versions[1], versions[0]])
        {
            var model = (await daemon.SendAsync(HttpMethod.Post, "/models/m/rollback")).Json();
            Assert.AreEqual(expected, model.GetProperty("aliases").GetProperty("champion").GetString());
        }

        Assert.Contains("no champion before", (await daemon.SendAsync(HttpMethod.Post, "/models/m/rollback")).Refused(HttpStatusCode.Conflict));
        var named = await daemon.SendAsync(HttpMethod.Delete, $"/models/m/versions/{versions[0]}");
        Assert.Contains("Champion of model", named.Refused(HttpStatusCode.Conflict));
        Assert.AreEqual(HttpStatusCode.NoContent, (await daemon.SendAsync(HttpMethod.Delete, $"/models/m/versions/{versions[2]}")).Status);
        (await daemon.SendAsync(HttpMethod.Delete, $"/models/m/versions/{versions[2]}")).Refused(HttpStatusCode.NotFound);
        Assert.Contains("no version", (await daemon.AliasAsync("m", "champion", versions[2])).Refused(HttpStatusCode.NotFound));
    }

    [TestMethod]
    public async Task Aliases_MovedByManyAtOneTime_LoseNoMove()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        var registry = daemon.Services.GetRequiredService<ModelRegistry>();
        List<string> versions = [];
        for (ulong seed = 1; seed <= 8; seed++)
        {
            versions.Add((await registry.AddAsync("m", Versions.Files(seed), "test")).Hash);
        }

        await Task.WhenAll(versions.Select((version, index) => Task.Run(async () =>
        {
            await registry.MoveAsync("m", ModelAlias.Shadow, version);
            await registry.MoveAsync("m", ModelAlias.Champion, version);
        })));
        var record = await daemon.Services.GetRequiredService<ModelRecords>().GetAsync("m");
        CollectionAssert.AreEquivalent(versions, (string[])[.. record.Before, record[ModelAlias.Champion]!]);
    }

    [TestMethod]
    public async Task Alias_MovedByAnotherNode_IsFollowed()
    {
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, change: plain => plain with { Registry = new RegistryOptions { PollEvery = TimeSpan.FromMilliseconds(50) } });
        var (first, second) = (await daemon.UploadAsync("m", 3), await daemon.UploadAsync("m", 4));
        (await daemon.AliasAsync("m", "champion", first)).Json();
        await daemon.PutAsync("a", """{"frequency":"D","model":"model:m"}""");
        await daemon.PostAsync("a", Days.Array(Days.Prices(30), 0, 30));
        await daemon.Services.GetRequiredService<ModelRecords>().ChangeAsync("m", old => old.With(ModelAlias.Champion, second));
        await daemon.UntilAsync("/series/a/forecast", forecast => forecast.GetProperty("modelVersion").GetString() == second);
    }

    [TestMethod]
    public async Task Versions_MoreThanAllowed_AreRefusedOrMakeRoom()
    {
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, change: plain => plain with { Registry = new RegistryOptions { MostVersions = 2 } });
        var registry = daemon.Services.GetRequiredService<ModelRegistry>();
        var (first, second) = (await daemon.UploadAsync("m", 1), await daemon.UploadAsync("m", 2));
        (await daemon.AliasAsync("m", "champion", first)).Json();
        var refusal = await daemon.SendArchiveAsync("m", CheckpointArchive.Write(Versions.Files(3)));
        Assert.Contains("the most it may have", refusal.Refused(HttpStatusCode.Conflict));
        var third = await registry.AddAsync("m", Versions.Files(3), "test", makeRoom: true);
        var record = await daemon.Services.GetRequiredService<ModelRecords>().GetAsync("m");
        CollectionAssert.AreEqual(new[] { first, third.Hash }, record.Versions.Select(one => one.Hash).ToArray());
    }

    [TestMethod]
    public async Task Version_ThatIsRefused_LeavesNoArchiveUnlessAnotherModelHasIt()
    {
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, change: plain => plain with { Registry = new RegistryOptions { MostVersions = 2 } });
        await daemon.UploadAsync("m", 1);
        await daemon.UploadAsync("m", 2);
        var shared = await daemon.UploadAsync("other", 3);
        foreach (ulong seed in (ulong[])[3, 4])
        {
            (await daemon.SendArchiveAsync("m", CheckpointArchive.Write(Versions.Files(seed)))).Refused(HttpStatusCode.Conflict);
        }

        var archives = await daemon.Services.GetRequiredService<IDocumentStore>().ListAsync(VersionCache.Kind, null, 10);
        var known = (await daemon.Services.GetRequiredService<ModelRecords>().ListAsync()).SelectMany(record => record.Versions).Select(one => one.Hash);
        CollectionAssert.AreEquivalent(known.ToArray(), archives.Select(one => one.Key).ToArray());
        (await daemon.AliasAsync("other", "champion", shared)).Json();
    }

    [TestMethod]
    public async Task Version_RefusedWhileAnotherModelRegistersIt_KeepsItsArchive()
    {
        BreakableDocuments documents = null!;
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path,
            services => documents = BreakableDocuments.Replace(services),
            plain => plain with { Registry = new RegistryOptions { MostVersions = 2 } });
        await daemon.UploadAsync("m", 1);
        await daemon.UploadAsync("m", 2);
        var hash = string.Empty;
        documents.BeforeDelete = async kind =>
        {
            if (kind == VersionCache.Kind)
            {
                documents.BeforeDelete = null;
                hash = await daemon.UploadAsync("other", 3);
            }
        };
        (await daemon.SendArchiveAsync("m", CheckpointArchive.Write(Versions.Files(3)))).Refused(HttpStatusCode.Conflict);
        Assert.IsNotNull(await documents.FindAsync(VersionCache.Kind, hash));
        (await daemon.AliasAsync("other", "champion", hash)).Json();
    }

    [TestMethod]
    public async Task RollBack_WhenTheVersionBetweenWasDeleted_IsNoMoveToTheChampionItself()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        var (first, second, third) = (await daemon.UploadAsync("m", 1), await daemon.UploadAsync("m", 2), await daemon.UploadAsync("m", 3));
        foreach (var version in (string[])[third, first, second, first, second, first])
        {
            (await daemon.AliasAsync("m", "champion", version)).Json();
        }

        Assert.AreEqual(HttpStatusCode.NoContent, (await daemon.SendAsync(HttpMethod.Delete, $"/models/m/versions/{second}")).Status);
        var model = (await daemon.SendAsync(HttpMethod.Post, "/models/m/rollback")).Json();
        Assert.AreEqual(third, model.GetProperty("aliases").GetProperty("champion").GetString());
        Assert.Contains("no champion before", (await daemon.SendAsync(HttpMethod.Post, "/models/m/rollback")).Refused(HttpStatusCode.Conflict));
    }

    [TestMethod]
    public async Task Folder_OutsideIncoming_IsRefused()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        Directory.CreateDirectory(_folder.File("incoming"));
        SmallCheckpoints.WriteStack(_folder.Path, "direct", 5);
        Directory.Move(Path.Combine(_folder.Path, "models", "direct"), Path.Combine(_folder.Path, "incoming", "five"));
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "incoming", "link"), Path.Combine(_folder.Path, "incoming", "five"));
        }

        foreach (var path in (string[])["../incoming/five", "..", ".", "", "/etc", "five/../five", "link", "none"])
        {
            var refusal = await daemon.SendAsync(HttpMethod.Put, "/models/m/versions", System.Text.Json.JsonSerializer.Serialize(new { path }));
            Assert.Contains("incoming", refusal.Refused(HttpStatusCode.BadRequest), path);
        }

        (await daemon.SendAsync(HttpMethod.Put, "/models/m/versions", """{"path":"five"}""")).Json();
    }

    [TestMethod]
    public async Task Request_ThatIsWrong_IsRefused()
    {
        (string Method, string Path, string Body, string Type, HttpStatusCode Status)[] requests =
        [
            ("PUT", "/models/m/versions", "{}", "text/plain", HttpStatusCode.UnsupportedMediaType),
            ("PUT", "/models/m/versions", "no archive", "application/zip", HttpStatusCode.BadRequest),
            ("PUT", "/models/m/versions", "no archive", "application/x-tar", HttpStatusCode.BadRequest),
            ("PUT", "/models/..%2f/versions", "{}", "application/json", HttpStatusCode.BadRequest),
            ("PUT", "/models/m/aliases/champion", """{"version":"x"}""", "application/json", HttpStatusCode.NotFound),
            ("PUT", "/models/m/aliases/king", """{"version":"x"}""", "application/json", HttpStatusCode.NotFound),
            ("PUT", "/models/m/aliases/champion", """{"version":"x","more":1}""", "application/json", HttpStatusCode.BadRequest),
            ("POST", "/models/m/promote", "{}", "application/json", HttpStatusCode.NotFound),
            ("POST", "/models/m/promote", "null", "application/json", HttpStatusCode.BadRequest),
            ("POST", "/models/m/rollback", "", "application/json", HttpStatusCode.NotFound),
            ("DELETE", "/models/m/versions/x", "", "application/json", HttpStatusCode.NotFound),
            ("DELETE", "/models/m/aliases/champion", "", "application/json", HttpStatusCode.Conflict),
        ];
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        foreach (var (method, path, body, type, status) in requests)
        {
            (await daemon.SendAsync(new HttpMethod(method), path, body, type)).Refused(status);
        }

        Assert.AreEqual(0, (await daemon.GetAsync("/models")).GetArrayLength());
    }

    public void Dispose() => _folder.Dispose();
}
