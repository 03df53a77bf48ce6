using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Jobs;
using Sequence.Daemon.Registry;

namespace Sequence.Daemon.Tests.Jobs;

/// <summary>Jobs with a script in the place of the command line, which trains nothing but does all else, and dies as told.</summary>
[TestClass]
public sealed class JobTests : IDisposable
{
    private const string Script = """
        for argument in "$@"; do
          case "$argument" in --out=*) out="${argument#--out=}" ;; esac
        done
        echo "progress 0.25" >&2
        echo "working in $(pwd)" >&2
        """;

    private readonly TemporaryFolder _folder = new();

    [TestInitialize]
    public void RequireShell()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("The child process is a script of sh, which this system lacks.");
        }
    }

    [TestMethod]
    public async Task Train_ThatSucceeds_MakesAChampionAndThenChallengers()
    {
        // Each run finds the checkpoint that the test laid there.
        await using var daemon = await StartAsync($"cp -r {_folder.File("made")} \"$out-made\" && mkdir \"$out\" && mv \"$out-made\" \"$out/checkpoint\"");
        await SeriesAsync(daemon, "a");
        var first = Make(1);
        var job = await TrainAsync(daemon, "m", """{"series":["a"],"options":{"model":"lstm-5","epochs":3}}""");
        var ended = await EndAsync(daemon, job);
        Assert.AreEqual("succeeded", ended.GetProperty("state").GetString(), ended.GetRawText());
        Assert.AreEqual(first, ended.GetProperty("version").GetString());
        Assert.Contains($"working in {Path.Combine(_folder.Path, "data", "jobs")}", ended.GetProperty("errors").GetString()!);
        CollectionAssert.AreEqual(new[] { "--model=lstm-5", "--epochs=3" }, ended.GetProperty("arguments").EnumerateArray().Select(one => one.GetString()).ToArray());
        var aliases = (await daemon.GetAsync("/models/m")).GetProperty("aliases");
        Assert.AreEqual(first, aliases.GetProperty("champion").GetString());

        // A job has ended before its folder is gone.
        await Until.TrueAsync(() => Directory.GetFileSystemEntries(Path.Combine(_folder.Path, "data", "jobs")).Length == 0);

        // Without series: as the last time.
        var second = Make(2);
        await EndAsync(daemon, await TrainAsync(daemon, "m", "{}"));
        aliases = (await daemon.GetAsync("/models/m")).GetProperty("aliases");
        Assert.AreEqual(first, aliases.GetProperty("champion").GetString());
        Assert.AreEqual(second, aliases.GetProperty("challenger").GetString());
    }

    [TestMethod]
    [DataRow("kill -ABRT $$", "signal 6")]
    [DataRow("kill -SEGV $$", "signal 11")]
    [DataRow("kill -9 $$", "signal 9")]
    [DataRow("echo last words >&2; exit 3", "exit code 3")]
    [DataRow("exit 0", "does not exist|lacks")]
    public async Task Train_WhoseProcessDies_CostsThisJobOnly(string death, string fault)
    {
        await using var daemon = await StartAsync(death);
        await SeriesAsync(daemon, "a");
        var ended = await EndAsync(daemon, await TrainAsync(daemon, "m", """{"series":["a"]}"""));
        Assert.AreEqual("failed", ended.GetProperty("state").GetString());
        Assert.IsTrue(fault.Split('|').Any(ended.GetProperty("fault").GetString()!.Contains), ended.GetRawText());
        Assert.AreEqual(death.Contains("last words"), ended.GetProperty("errors").GetString()!.Contains("last words"));
        await daemon.PostAsync("a", Days.Array([(40, 5)]));
        Assert.AreEqual(0, (await daemon.GetAsync("/models/m")).GetProperty("versions").GetArrayLength());
    }

    [TestMethod]
    [DataRow(3_000_000, null)]
    [DataRow(17_000_000, "more than 16,777,216 letters")]
    public async Task WalkForward_WithMuchOutput_IsTakenWholeOrSaysSo(int letters, string? fault)
    {
        await using var daemon = await StartAsync($"printf '{{\"a\":\"'; head -c {letters} /dev/zero | tr '\\0' x; printf '\"}}'");
        await SeriesAsync(daemon, "a");
        var answer = await daemon.SendAsync(HttpMethod.Post, "/jobs/walk-forward", """{"series":["a"],"options":{"models":"theta"}}""");
        Assert.AreEqual(HttpStatusCode.Accepted, answer.Status, answer.Body);
        var ended = await EndAsync(daemon, JsonDocument.Parse(answer.Body).RootElement.GetProperty("id").GetString()!);
        Assert.AreEqual(fault is null ? "succeeded" : "failed", ended.GetProperty("state").GetString());
        if (fault is null)
        {
            Assert.AreEqual(letters, ended.GetProperty("result").GetProperty("a").GetString()!.Length);
        }
        else
        {
            Assert.Contains(fault, ended.GetProperty("fault").GetString()!);
        }
    }

    [TestMethod]
    public async Task Job_Cancelled_EndsItsProcess()
    {
        await using var daemon = await StartAsync(Hang);
        await SeriesAsync(daemon, "a");
        var job = await TrainAsync(daemon, "m", """{"series":["a"]}""");
        var mark = await MarkAsync(job);
        Assert.AreEqual(0.25, (await daemon.UntilAsync($"/jobs/{job}", one => one.GetProperty("progress").GetDouble() > 0)).GetProperty("progress").GetDouble());
        Assert.AreEqual(HttpStatusCode.Accepted, (await daemon.SendAsync(HttpMethod.Delete, $"/jobs/{job}")).Status);
        Assert.AreEqual("cancelled", (await EndAsync(daemon, job)).GetProperty("state").GetString());
        Assert.IsFalse(Runs(mark));
        (await daemon.SendAsync(HttpMethod.Delete, $"/jobs/{job}")).Refused(HttpStatusCode.Conflict);
    }

    [TestMethod]
    public async Task Job_ThatTakesTooLong_IsEnded()
    {
        await using var daemon = await StartAsync(Hang, jobs => jobs with { TimeLimit = TimeSpan.FromMilliseconds(300) });
        await SeriesAsync(daemon, "a");
        var ended = await EndAsync(daemon, await TrainAsync(daemon, "m", """{"series":["a"]}"""));
        Assert.Contains("took longer", ended.GetProperty("fault").GetString()!);
    }

    [TestMethod]
    public async Task Job_ThatTakesTooMuchMemory_IsEnded()
    {
        await using var daemon = await StartAsync(Hang, jobs => jobs with { MemoryLimit = 1000 });
        await SeriesAsync(daemon, "a");
        var ended = await EndAsync(daemon, await TrainAsync(daemon, "m", """{"series":["a"]}"""));
        Assert.Contains("bytes of memory", ended.GetProperty("fault").GetString()!);
    }

    [TestMethod]
    public async Task Daemon_StoppedInTheMiddle_EndsTheProcessAndBeginsTheJobAgain()
    {
        string job;
        string mark;
        await using (var daemon = await StartAsync(Hang))
        {
            await SeriesAsync(daemon, "a");
            job = await TrainAsync(daemon, "m", """{"series":["a"]}""");
            mark = await MarkAsync(job);
        }

        Assert.IsFalse(Runs(mark));
        Make(1);
        await using var restarted = await StartAsync($"mkdir \"$out\" && cp -r {_folder.File("made")} \"$out/checkpoint\"");
        var ended = await EndAsync(restarted, job);
        Assert.AreEqual("succeeded", ended.GetProperty("state").GetString(), ended.GetRawText());
        Assert.AreEqual(1, ended.GetProperty("attempts").GetInt32());
    }

    [TestMethod]
    [DataRow("exec sleep 1000", true)]
    [DataRow("exec sleep 1000", false)]
    [DataRow("trap 'exit 130' TERM; while :; do sleep 0.02; done", true)]
    [DataRow("trap 'exit 130' TERM; while :; do sleep 0.02; done", false)]
    public async Task Process_ThatIsStoppedWithTheDaemon_BeginsTheJobAgain(string script, bool isDaemonFirst)
    {
        string job;
        var drained = new TaskCompletionSource();
        await using (var daemon = await StartAsync(script, configure: services => services.AddHostedService(_ => new HeldStop(drained.Task))))
        {
            await SeriesAsync(daemon, "a");
            job = await TrainAsync(daemon, "m", """{"series":["a"]}""");
            var mark = await MarkAsync(job);
            var stop = isDaemonFirst ? daemon.StopAsync() : null;
            await CommandRun.OfAsync("kill", "-TERM", mark.Split(' ')[0]);
            var folder = Path.Combine(_folder.Path, "data", "jobs", job);
            await Until.TrueAsync(() => !File.Exists(Path.Combine(folder, JobProcess.MarkFile)));
            stop ??= daemon.StopAsync();

            // The job is done with while the daemon still answers what it was asked before.
            await Until.TrueAsync(() => !Directory.Exists(folder));
            drained.SetResult();
            Assert.IsTrue(await stop);
        }

        Make(1);
        await using var restarted = await StartAsync($"mkdir \"$out\" && cp -r {_folder.File("made")} \"$out/checkpoint\"");
        var ended = await EndAsync(restarted, job);
        Assert.AreEqual("succeeded", ended.GetProperty("state").GetString(), ended.GetRawText());
        Assert.AreEqual(1, ended.GetProperty("attempts").GetInt32());
    }

    [TestMethod]
    public async Task Process_ThatOutlivedADaemon_IsEndedAtTheNextStart()
    {
        using var orphan = Process.Start("sleep", ["1000"]);
        using var stranger = Process.Start("sleep", ["1000"]);
        try
        {
            Leave("orphan", ProcessMark.Of(orphan.Id)!);

            // The number was given to another process meanwhile.
            var fields = ProcessMark.Of(stranger.Id)!.Split(' ');
            fields[1] += "0";
            Leave("stranger", string.Join(' ', fields));
            Leave("nonsense", "no mark");
            await using var daemon = await StartAsync("exit 0");
            Assert.IsTrue(orphan.WaitForExit(10_000));
            Assert.IsFalse(stranger.HasExited);
            Assert.IsEmpty(Directory.GetFileSystemEntries(Path.Combine(_folder.Path, "data", "jobs")));
        }
        finally
        {
            orphan.Kill();
            stranger.Kill();
        }

        void Leave(string name, string mark)
        {
            var folder = Path.Combine(_folder.Path, "data", "jobs", name);
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, JobProcess.MarkFile), mark);
        }
    }

    [TestMethod]
    public async Task Model_WithASchedule_IsTrainedWhenItIsTime()
    {
        await using var daemon = await StartAsync("exit 3", jobs => jobs with { AtOnce = 0 });
        await SeriesAsync(daemon, "a");
        var retraining = daemon.Services.GetRequiredService<Retraining>();
        var records = daemon.Services.GetRequiredService<ModelRecords>();
        var queue = daemon.Services.GetRequiredService<JobQueue>();
        await TrainAsync(daemon, "m", """{"series":["a"],"retrainEvery":"01:00:00"}""");
        await retraining.TrainDueAsync(default);
        Assert.HasCount(1, await queue.ListAsync());
        var first = (await queue.ClaimAsync("other", default))!;
        await queue.EndAsync(first, JobState.Succeeded, now => now);
        await records.ChangeAsync("m", old => old with { TrainedAt = old.TrainedAt - TimeSpan.FromHours(1) });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => retraining.TrainDueAsync(default)));
        var due = (await queue.ListAsync()).Single(job => !job.IsEnded);
        Assert.AreEqual("every 01:00:00", due.Reason);

        // One that waits already is the answer to drift as well.
        Assert.AreEqual(due.Id, (await retraining.RetrainAsync("m", "drift")).Id);
    }

    [TestMethod]
    public async Task Request_ThatIsWrong_IsRefused()
    {
        await using var daemon = await StartAsync("exit 0");
        await SeriesAsync(daemon, "a");
        (await daemon.SendAsync(HttpMethod.Put, "/series/hourly", """{"frequency":"H","model":"drift"}""")).Json();
        (string Path, string Body, HttpStatusCode Status)[] requests =
        [
            ("/models/m/train", """{"series":["none"]}""", HttpStatusCode.NotFound),
            ("/models/m/train", """{"series":["../a"]}""", HttpStatusCode.NotFound),
            ("/models/m/train", """{"series":["a","a"]}""", HttpStatusCode.BadRequest),
            ("/models/m/train", """{"series":["a","hourly"]}""", HttpStatusCode.BadRequest),
            ("/models/m/train", """{"series":["a"],"options":{"out":"x"}}""", HttpStatusCode.BadRequest),
            ("/models/m/train", """{"series":["a"],"alias":"king"}""", HttpStatusCode.BadRequest),
            ("/models/m/train", """{"series":["a"],"retrainEvery":"00:00:01"}""", HttpStatusCode.BadRequest),
            ("/models/m/train", """{"series":null}""", HttpStatusCode.BadRequest),
            ("/models/m/train", "{}", HttpStatusCode.NotFound),
            ("/models/m/train", "[]", HttpStatusCode.BadRequest),
            ("/models/.m/train", """{"series":["a"]}""", HttpStatusCode.BadRequest),
            ("/jobs/walk-forward", "{}", HttpStatusCode.BadRequest),
            ("/jobs/walk-forward", """{"series":[]}""", HttpStatusCode.BadRequest),
        ];
        foreach (var (path, body, status) in requests)
        {
            (await daemon.SendAsync(HttpMethod.Post, path, body)).Refused(status);
        }

        (await daemon.SendAsync(HttpMethod.Get, "/jobs/none")).Refused(HttpStatusCode.NotFound);
        Assert.AreEqual(0, (await daemon.GetAsync("/jobs")).GetArrayLength());
    }

    public void Dispose() => _folder.Dispose();

    private static string Hang => "exec sleep 1000";

    private static async Task SeriesAsync(RunningDaemon daemon, string id)
    {
        await daemon.PutAsync(id, """{"frequency":"D","model":"drift"}""");
        await daemon.PostAsync(id, Days.Array(Days.Prices(40), 0, 40));
    }

    private static async Task<string> TrainAsync(RunningDaemon daemon, string model, string body)
    {
        var answer = await daemon.SendAsync(HttpMethod.Post, $"/models/{model}/train", body);
        Assert.AreEqual(HttpStatusCode.Accepted, answer.Status, answer.Body);
        return JsonDocument.Parse(answer.Body).RootElement.GetProperty("id").GetString()!;
    }

    private static Task<JsonElement> EndAsync(RunningDaemon daemon, string job) => daemon.UntilAsync(
        $"/jobs/{job}", one => one.GetProperty("state").GetString() is "succeeded" or "failed" or "cancelled");

    private static bool Runs(string mark) => ProcessMark.Of(int.Parse(mark.Split(' ')[0])) == mark;

    private async Task<string> MarkAsync(string job)
    {
        var path = Path.Combine(_folder.Path, "data", "jobs", job, JobProcess.MarkFile);
        while (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            await Task.Delay(10);
        }

        return await File.ReadAllTextAsync(path);
    }

    /// <summary>Lays a checkpoint where the script finds it.</summary>
    private string Make(ulong seed)
    {
        Directory.CreateDirectory(_folder.File("made"));
        foreach (var (name, content) in Versions.Files(seed))
        {
            File.WriteAllBytes(Path.Combine(_folder.File("made"), name), content);
        }

        return Streaming.StreamingModel.Open(_folder.File("made")).Manifest.Sha256;
    }

    private Task<RunningDaemon> StartAsync(string end, Func<JobOptions, JobOptions>? options = null, Action<IServiceCollection>? configure = null)
    {
        var script = _folder.File("child.sh");
        File.WriteAllText(script, $"{Script}\n{end}\n");
        var jobs = new JobOptions { Program = ["/bin/sh", script], PollEvery = TimeSpan.FromMilliseconds(100) };
        return RunningDaemon.StartAsync(_folder.File("data"), configure, plain => plain with { Jobs = options?.Invoke(jobs) ?? jobs });
    }
}
