using Sequence.Data;
using Sequence.Torch;

namespace Sequence.LongRangeArena.Tests.Runs;

[TestClass]
public sealed class ArenaRunTests
{
    private static readonly ArenaRunOptions Options = new() { Task = new TinyTask(), Model = ArenaModel.Get("s4d") };

    [TestMethod]
    public void Execute_ToTheEnd_LearnsAndKeepsItsResult()
    {
        using var folder = new TemporaryFolder();
        var arena = new ArenaFolder(folder.Path);
        var stages = new List<string>();
        var result = ArenaRun.Execute(Options with { Epochs = 12 }, arena, new Callback(progress => stages.Add(progress.Stage)));
        Assert.IsGreaterThan(0.85, result.Accuracy);
        Assert.AreEqual(12, result.EpochsDone);
        Assert.AreEqual("epochs", result.EndedBy);
        Assert.IsFalse(result.IsComparable);
        CollectionAssert.AreEqual(new[] { 120, 40, 60 }, result.Examples.ToArray());
        CollectionAssert.AreEqual(new[] { "data", "training", "test" }, stages.Distinct().ToArray());

        var read = ArenaRunFolder.Results(arena).Single();
        Assert.AreEqual(result with { Examples = read.Examples }, read);
        var run = ArenaRunFolder.Of(arena, Options);
        Assert.IsFalse(File.Exists(Path.Combine(run.Path, "training-state.safetensors")));
        Assert.HasCount(12, File.ReadAllLines(Path.Combine(run.Path, "metrics.jsonl")));

        // Asked for again it is not run again.
        var task = new TinyTask();
        Assert.AreEqual(read.Accuracy, ArenaRun.Execute(Options with { Task = task, Epochs = 12, Resume = true }, arena).Accuracy);
        Assert.AreEqual(0, task.Loads);
    }

    [TestMethod]
    public void Execute_CancelledAnywhereAndResumed_EndsWithTheResultOfAnUnbrokenRun()
    {
        using var folder = new TemporaryFolder();
        var whole = ArenaRun.Execute(Options, new(Path.Combine(folder.Path, "whole")));
        foreach (var stop in new[] { 1, 4, 9, 23 })
        {
            var arena = new ArenaFolder(Path.Combine(folder.Path, $"{stop}"));
            using var cancellation = new CancellationTokenSource();
            var seen = 0;
            var progress = new Callback(value =>
            {
                if (value.Stage == "training" && ++seen == stop)
                {
                    cancellation.Cancel();
                }
            });
            Assert.Throws<OperationCanceledException>(() => ArenaRun.Execute(Options, arena, progress, cancellation.Token));
            Assert.IsEmpty(ArenaRunFolder.Results(arena));
            var resumed = ArenaRun.Execute(Options with { Resume = true }, arena);
            Assert.AreEqual(
                whole with { Seconds = 0, Finished = default, Examples = resumed.Examples },
                resumed with { Seconds = 0, Finished = default });
            CollectionAssert.AreEqual(Weights(new(Path.Combine(folder.Path, "whole"))), Weights(arena));
        }

        static byte[] Weights(ArenaFolder arena) =>
            File.ReadAllBytes(Path.Combine(ArenaRunFolder.Of(arena, Options).Path, "weights.safetensors"));
    }

    [TestMethod]
    public void Execute_InAFolderThatIsNotFree_SaysWhatStandsThere()
    {
        using var folder = new TemporaryFolder();
        var arena = new ArenaFolder(folder.Path);
        ArenaRun.Execute(Options with { Epochs = 1 }, arena);
        Assert.Contains("has ended", Fault(Options with { Epochs = 1 }));
        Assert.Contains("epochs 2, there 1", Fault(Options with { Epochs = 2, Resume = true }));
        Assert.Contains(
            "time budget 5, there none", Fault(Options with { Epochs = 1, Resume = true, TimeBudget = TimeSpan.FromSeconds(5) }));

        // Folders are named by task, model, preset and seed; somebody moved one.
        var other = ArenaRunFolder.Of(arena, Options with { Seed = 2 }).Path;
        Directory.Move(ArenaRunFolder.Of(arena, Options).Path, other);
        Assert.Contains("seed 2, there 1", Fault(Options with { Epochs = 1, Seed = 2, Resume = true }));
        var model = Options with { Model = ArenaModel.Get("transformer") };
        Directory.Move(other, ArenaRunFolder.Of(arena, model).Path);
        Assert.Contains("model transformer, there s4d", Fault(model with { Epochs = 1, Resume = true }));

        string Fault(ArenaRunOptions options) =>
            Assert.ThrowsExactly<ConfigurationException>(() => ArenaRun.Execute(options, arena)).Message;
    }

    [TestMethod]
    public void Execute_WithTheStateOfAnotherTraining_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var (one, other) = (new ArenaFolder(folder.Path), new ArenaFolder(Path.Combine(folder.Path, "other")));
        Stop(Options, one);
        Stop(Options with { Seed = 2 }, other);
        var state = Path.Combine(ArenaRunFolder.Of(one, Options).Path, "training-state.safetensors");
        File.Copy(
            Path.Combine(ArenaRunFolder.Of(other, Options with { Seed = 2 }).Path, "training-state.safetensors"), state, overwrite: true);
        Assert.Contains(
            "another model or other data",
            Assert.ThrowsExactly<ConfigurationException>(() => ArenaRun.Execute(Options with { Resume = true }, one)).Message);

        File.WriteAllBytes(state, File.ReadAllBytes(state)[..^7]);
        Assert.Throws<SequenceException>(() => ArenaRun.Execute(Options with { Resume = true }, one));
        Assert.Contains(
            "was stopped", Assert.ThrowsExactly<ConfigurationException>(() => ArenaRun.Execute(Options, one)).Message);
        File.Delete(Path.Combine(ArenaRunFolder.Of(one, Options).Path, "run.json"));
        Assert.Contains(
            "run.json", Assert.ThrowsExactly<ConfigurationException>(() => ArenaRun.Execute(Options, one)).Message);

        static void Stop(ArenaRunOptions options, ArenaFolder arena)
        {
            using var cancellation = new CancellationTokenSource();
            var stop = new Callback(value => Cancel(value.Stage));
            Assert.Throws<OperationCanceledException>(() => ArenaRun.Execute(options, arena, stop, cancellation.Token));

            void Cancel(string stage)
            {
                if (stage == "training")
                {
                    cancellation.Cancel();
                }
            }
        }
    }

    [TestMethod]
    public void Results_OfADamagedFile_NameIt()
    {
        using var folder = new TemporaryFolder();
        var arena = new ArenaFolder(folder.Path);
        ArenaRun.Execute(Options with { Epochs = 1 }, arena);
        var path = Path.Combine(ArenaRunFolder.Of(arena, Options).Path, "result.json");
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length += 17)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Contains(path, Assert.ThrowsExactly<DataFormatException>(() => ArenaRunFolder.Results(arena)).Message);
        }
    }

    [TestMethod]
    public void Execute_WithATimeBudget_SaysWhatEndedIt()
    {
        using var folder = new TemporaryFolder();
        var result = ArenaRun.Execute(
            Options with { Epochs = 1_000_000, TimeBudget = TimeSpan.FromSeconds(1) }, new(folder.Path));
        Assert.AreEqual("time budget", result.EndedBy);
        Assert.IsGreaterThanOrEqualTo(1.0, result.Seconds);
        Assert.ThrowsExactly<ConfigurationException>(() => ArenaRun.Execute(
            Options with { Seed = 2, TimeBudget = TimeSpan.FromTicks(1) }, new(folder.Path)));
    }

    [TestMethod]
    public void Execute_WithOptionsOutOfRange_IsRefusedBeforeAnythingIsWritten()
    {
        using var folder = new TemporaryFolder();
        var arena = new ArenaFolder(Path.Combine(folder.Path, "arena"));
        Assert.ThrowsExactly<ConfigurationException>(() => ArenaRun.Execute(Options with { Epochs = 0 }, arena));
        Assert.ThrowsExactly<ConfigurationException>(
            () => ArenaRun.Execute(Options with { TimeBudget = TimeSpan.Zero }, arena));
        _ = LibtorchBootstrap.Initialise();
        if (!TorchSharp.torch.cuda.is_available())
        {
            Assert.ThrowsExactly<ConfigurationException>(
                () => ArenaRun.Execute(Options with { Device = ComputeDevice.Parse("cuda") }, arena));
        }

        Assert.IsFalse(Directory.Exists(arena.Path));
    }

    private sealed class Callback(Action<ArenaProgress> action) : IProgress<ArenaProgress>
    {
        public void Report(ArenaProgress value) => action(value);
    }
}
