using static TorchSharp.torch;

namespace Sequence.Torch.Tests.Compute;

[TestClass]
public sealed class ComputeThreadTests
{
    [TestMethod]
    public void Run_Work_RunsOnItsOwnThreadInOrder()
    {
        using var compute = new ComputeThread("order");
        List<(int Index, string? Thread)> seen = [];

        var tasks = Enumerable.Range(0, 20)
            .Select(i => compute.RunAsync(() =>
            {
                seen.Add((i, Thread.CurrentThread.Name));
                return i * i;
            }))
            .ToArray();
        Task.WaitAll(tasks, CancellationToken.None);

        CollectionAssert.AreEqual(Enumerable.Range(0, 20).Select(i => (i, (string?)"order")).ToArray(), seen);
        CollectionAssert.AreEqual(Enumerable.Range(0, 20).Select(i => i * i).ToArray(), tasks.Select(task => task.Result).ToArray());
    }

    [TestMethod]
    public void Run_TensorsMade_AreFreedWithTheWork()
    {
        using var compute = new ComputeThread();
        Tensor? escaped = null;

        var sum = compute.Run(() =>
        {
            escaped = ones(3);
            return escaped.sum().item<float>();
        });

        Assert.AreEqual(3f, sum);
        Assert.IsTrue(escaped!.IsInvalid);
    }

    [TestMethod]
    public void Run_Mode_SetsWhatIsRecordedAndRestoresIt()
    {
        using var compute = new ComputeThread();

        var recorded = compute.Run(() => is_grad_enabled());
        var disabled = compute.Run(() => (is_grad_enabled(), is_inference_mode_enabled()), GradientMode.Disabled);
        var inference = compute.Run(() => is_inference_mode_enabled(), GradientMode.Inference);
        var after = compute.Run(() => (is_grad_enabled(), is_inference_mode_enabled()));

        Assert.IsTrue(recorded);
        Assert.AreEqual((false, false), disabled);
        Assert.IsTrue(inference);
        Assert.AreEqual((true, false), after);
    }

    [TestMethod]
    public void Run_WorkThrows_ExceptionArrivesAndThreadGoesOn()
    {
        using var compute = new ComputeThread();

        Assert.ThrowsExactly<FormatException>(() => compute.Run(() => throw new FormatException("mine")));

        Assert.AreEqual(2, compute.Run(() => 2));
    }

    [TestMethod]
    public void Run_LibtorchRefuses_MessageNamesTheOperationInOneLine()
    {
        using var compute = new ComputeThread();

        var exception = Assert.ThrowsExactly<ModelException>(() => compute.Run(() => ones(2, 3).mm(ones(2, 3)).numel(), operation: "forecast"));

        StringAssert.StartsWith(exception.Message, "forecast was refused by libtorch: ", StringComparison.Ordinal);
        Assert.IsFalse(exception.Message.Contains('\n', StringComparison.Ordinal), exception.Message);
        Assert.IsFalse(exception.Message.Contains("Exception raised from", StringComparison.Ordinal), exception.Message);
    }

    [TestMethod]
    public void Run_ReturnsTensor_Throws()
    {
        using var compute = new ComputeThread();

        Assert.ThrowsExactly<ModelException>(() => compute.Run(() => ones(1)));
    }

    [TestMethod]
    public void Run_FromInsideWork_RunsWithinIt()
    {
        using var compute = new ComputeThread();

        Assert.AreEqual(5, compute.Run(() => compute.Run(() => 4) + 1));
    }

    [TestMethod]
    public void RunAsync_CancelledBeforeItsTurn_NeverRuns()
    {
        using var compute = new ComputeThread();
        using var gate = new ManualResetEventSlim();
        using var source = new CancellationTokenSource();
        var ran = false;
        var holding = compute.RunAsync(() =>
        {
            gate.Wait();
            return 0;
        });

        var waiting = compute.RunAsync(() => ran = true, cancellationToken: source.Token);
        source.Cancel();
        gate.Set();

        Assert.ThrowsExactly<TaskCanceledException>(() => waiting.GetAwaiter().GetResult());
        Assert.AreEqual(0, holding.Result);
        Assert.IsFalse(ran);
    }

    [TestMethod]
    public void RunAsync_WorkHonoursToken_IsCancelled()
    {
        using var compute = new ComputeThread();
        using var source = new CancellationTokenSource();

        var task = compute.RunAsync(
            () =>
            {
                source.Cancel();
                source.Token.ThrowIfCancellationRequested();
                return 1;
            },
            cancellationToken: source.Token);

        Assert.ThrowsExactly<TaskCanceledException>(() => task.GetAwaiter().GetResult());
        Assert.IsTrue(task.IsCanceled);
    }

    [TestMethod]
    public void Dispose_WorkQueued_FinishesItAndRefusesMore()
    {
        var compute = new ComputeThread();
        var task = compute.RunAsync(() => 7);

        compute.Dispose();
        compute.Dispose();

        Assert.IsTrue(task.IsCompletedSuccessfully);
        Assert.ThrowsExactly<ObjectDisposedException>(() => compute.Run(() => 1));
    }

    [TestMethod]
    public void Dispose_FromItsOwnWork_Throws()
    {
        using var compute = new ComputeThread();

        Assert.ThrowsExactly<InvalidOperationException>(() => compute.Run(compute.Dispose));
    }

    [TestMethod]
    public void Constructor_ZeroThreads_Throws() =>
        Assert.ThrowsExactly<ConfigurationException>(() => new ComputeThread(threads: 0));

    [TestMethod]
    public void Constructor_Threads_HoldForItsWork()
    {
        using var compute = new ComputeThread(threads: 1);

        Assert.AreEqual(1, compute.Run(() => get_num_threads()));
    }
}
