using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sequence.Daemon.Workers;

namespace Sequence.Daemon.Tests.Workers;

[TestClass]
public sealed class ModelWorkerTests
{
    // Answers every line with as many faults as it has questions, which a shell can count by their "Series".
    private const string Echo =
        """echo ready v1; while read -r line; do n=$(printf %s "$line" | grep -o '"Series"' | wc -l); out='{"Forecast":null,"Fault":"asked '$n'"}'; all=$out; while [ $n -gt 1 ]; do all="$all,$out"; n=$((n-1)); done; echo "[$all]"; done""";

    private static readonly WorkerQuestion Question = new("a", "D", [DateTimeOffset.UnixEpoch], [1], 1);

    [TestMethod]
    public async Task Ask_OfAWorker_IsAnsweredInOrderAndInBatches()
    {
        await using var worker = Start(Echo);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Refused(worker)));
        Assert.IsTrue(answers.All(one => one.Fault == DaemonFault.Conflict));
        var asked = answers.Select(one => int.Parse(one.Message.Split(' ')[1], CultureInfo.InvariantCulture)).ToArray();
        Assert.IsGreaterThan(1, asked.Max(), "while one batch was answered, the others gathered");
        Assert.IsLessThanOrEqualTo(64, asked.Max());
        Assert.AreEqual(1, worker.Starts);
    }

    [TestMethod]
    public async Task Kill_WhileIdle_RefusesUntilTheNextOneIsReady()
    {
        await using var worker = Start(Echo);
        Assert.AreEqual(DaemonFault.Conflict, (await Refused(worker)).Fault);
        using (var process = Process.GetProcessById(worker.ProcessId))
        {
            process.Kill();
        }

        DaemonException? down;
        do
        {
            down = await Refused(worker);
        }
        while (down.Fault == DaemonFault.Conflict && worker.Starts == 1);

        Assert.AreEqual(DaemonFault.Unavailable, down.Fault);
        Assert.Contains("being started again", down.Message);
        while ((await Refused(worker)).Fault == DaemonFault.Unavailable)
        {
            await Task.Yield();
        }

        Assert.AreEqual(2, worker.Starts);
    }

    [TestMethod]
    public async Task Abort_OverAQuestion_IsSaidWithItsLastWords()
    {
        await using var worker = Start("echo ready v1; read -r line; echo 'terminate called' >&2; kill -ABRT $$");
        var refusal = await Refused(worker);
        Assert.AreEqual(DaemonFault.Unavailable, refusal.Fault);
        Assert.Contains("exit code 134", refusal.Message);
        Assert.Contains("terminate called", refusal.Message);
    }

    [TestMethod]
    public async Task Ask_OfAWorkerThatHangs_EndsIt()
    {
        await using var worker = Start("echo ready v1; while read -r line; do :; done", answer: TimeSpan.FromMilliseconds(300));
        Assert.Contains("did not answer", (await Refused(worker)).Message);
    }

    [TestMethod]
    [DataRow("echo hello", "something else")]
    [DataRow("echo ready; sleep 9", "something else")]
    [DataRow("echo ready v2; sleep 9", "The checkpoint was changed")]
    [DataRow("exit 3", "exit code 3")]
    [DataRow("echo ready v1; read -r line; echo '[{}]'; sleep 9", "no answer")]
    [DataRow("echo ready v1; read -r line; echo '[]'; sleep 9", "no answer")]
    [DataRow("echo ready v1; read -r line; echo '\u00e9['; sleep 9", "no answer")]
    public async Task Ask_OfAWorkerThatSpeaksNonsense_IsUnavailable(string script, string said)
    {
        await using var worker = Start(script);
        var refusal = await Refused(worker);
        Assert.AreEqual(DaemonFault.Unavailable, refusal.Fault);
        Assert.Contains(said, refusal.Message);
    }

    [TestMethod]
    public async Task Ask_OfAProgramThatIsNotThere_IsUnavailable()
    {
        await using var worker = new ModelWorker("c", "v1", ["/nowhere/worker"], new WorkerOptions(), TimeProvider.System, NullLogger.Instance);
        Assert.Contains("cannot be started", (await Refused(worker)).Message);
    }

    [TestMethod]
    public async Task Ask_BeyondWhatMayWait_IsRefusedAtOnce()
    {
        var worker = Start("sleep 9", mostWaiting: 64);
        var asked = Enumerable.Range(0, 65).Select(_ => Refused(worker)).ToArray();
        Assert.Contains("64 forecasts wait", (await asked[64]).Message);
        Assert.IsFalse(asked[0].IsCompleted);
        await worker.DisposeAsync();
        Assert.Contains("stopping", (await asked[0]).Message);
    }

    private static ModelWorker Start(string script, TimeSpan? answer = null, int mostWaiting = 1000) => new(
        "c",
        "v1",
        ["bash", "-c", script],
        new WorkerOptions { FirstPause = TimeSpan.FromMilliseconds(500), AnswerLimit = answer ?? TimeSpan.FromSeconds(20), MostWaiting = mostWaiting },
        TimeProvider.System,
        NullLogger.Instance);

    private static Task<DaemonException> Refused(ModelWorker worker) => Assert.ThrowsExactlyAsync<DaemonException>(() => worker.AskAsync(Question));
}
