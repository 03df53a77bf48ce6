using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Sequence.Torch;

/// <summary>
/// A thread of its own for libtorch. Work is a synchronous delegate that runs to its end on that thread inside its own dispose
/// scope and gives back managed values; every tensor it made is freed when it ends.
/// </summary>
/// <remarks>
/// Dispose scopes, the gradient mode and the default device belong to a thread in TorchSharp, so an <c>await</c> inside them
/// would leave them behind. Work is run in the order given. Work given from inside work runs at once, within it.
/// </remarks>
public sealed class ComputeThread : IDisposable
{
    private readonly BlockingCollection<Action> _queue = [];
    private readonly Thread _thread;
    private readonly int _threads;
    private volatile bool _disposed;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">The thread's name, seen in debuggers and dumps.</param>
    /// <param name="threads">How many threads one operation may use on this one; null takes <see cref="LibtorchBootstrap.Threads"/>.</param>
    /// <exception cref="ConfigurationException"><paramref name="threads"/> is below one.</exception>
    /// <exception cref="LibtorchUnavailableException">libtorch cannot be loaded on this machine.</exception>
    public ComputeThread(string name = "Sequence compute", int? threads = null)
    {
        if (threads < 1)
        {
            throw new ConfigurationException($"threads is {threads}; at least 1 is needed.");
        }

        _ = LibtorchBootstrap.Initialise();
        _threads = threads ?? LibtorchBootstrap.Threads;
        _thread = new Thread(Loop) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Runs work and waits for its result.</summary>
    /// <typeparam name="T">A managed type. A tensor would be freed with the scope it was made in and is refused.</typeparam>
    /// <param name="work">What to compute. It should watch <paramref name="cancellationToken"/> itself once it runs.</param>
    /// <param name="mode">Whether operations are recorded for gradients.</param>
    /// <param name="cancellationToken">Cancels work that has not started.</param>
    /// <param name="operation">What the work is, for messages; by default the calling member.</param>
    /// <returns>What <paramref name="work"/> returned.</returns>
    /// <exception cref="ModelException">libtorch refused an operation, or the result is a tensor.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work started or inside it.</exception>
    public T Run<T>(
        Func<T> work,
        GradientMode mode = GradientMode.Recorded,
        CancellationToken cancellationToken = default,
        [CallerMemberName] string operation = "") =>
        RunAsync(work, mode, cancellationToken, operation).GetAwaiter().GetResult();

    /// <inheritdoc cref="Run{T}"/>
    public void Run(
        Action work,
        GradientMode mode = GradientMode.Recorded,
        CancellationToken cancellationToken = default,
        [CallerMemberName] string operation = "")
    {
        ArgumentNullException.ThrowIfNull(work);
        _ = Run(
            () =>
            {
                work();
                return true;
            },
            mode,
            cancellationToken,
            operation);
    }

    /// <summary>Runs work without holding up the caller. As <see cref="Run{T}"/> otherwise.</summary>
    /// <inheritdoc cref="Run{T}"/>
    public Task<T> RunAsync<T>(
        Func<T> work,
        GradientMode mode = GradientMode.Recorded,
        CancellationToken cancellationToken = default,
        [CallerMemberName] string operation = "")
    {
        ArgumentNullException.ThrowIfNull(work);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        // Continuations must not run here: they would inherit this thread's scopes.
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Environment.CurrentManagedThreadId == _thread.ManagedThreadId)
        {
            Complete(completion, work, mode, operation, cancellationToken);
            return completion.Task;
        }

        try
        {
            _queue.Add(() => Complete(completion, work, mode, operation, cancellationToken), CancellationToken.None);
        }
        catch (InvalidOperationException exception)
        {
            throw new ObjectDisposedException("This compute thread takes no more work.", exception);
        }

        return completion.Task;
    }

    /// <summary>Takes no more work, finishes what was given, and ends the thread.</summary>
    /// <exception cref="InvalidOperationException">Called from work that runs on this thread, which cannot wait for itself.</exception>
    public void Dispose()
    {
        if (Environment.CurrentManagedThreadId == _thread.ManagedThreadId)
        {
            throw new InvalidOperationException("A compute thread cannot be disposed by work that runs on it.");
        }

        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _queue.CompleteAdding();
        _thread.Join();
        _queue.Dispose();
    }

    private static void Complete<T>(
        TaskCompletionSource<T> completion,
        Func<T> work,
        GradientMode mode,
        string operation,
        CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            completion.SetResult(Invoke(work, mode, operation));
        }
        catch (OperationCanceledException exception)
        {
            completion.SetCanceled(exception.CancellationToken);
        }
        catch (Exception exception)
        {
            completion.SetException(exception);
        }
    }

    private static T Invoke<T>(Func<T> work, GradientMode mode, string operation)
    {
        try
        {
            using var scope = NewDisposeScope();
            using IDisposable gradients = mode switch
            {
                GradientMode.Disabled => no_grad(),
                GradientMode.Inference => inference_mode(true),
                _ => enable_grad(true),
            };
            var result = work();
            return result is Tensor or nn.Module
                ? throw new ModelException($"{operation}: work on a compute thread returned a tensor or a module, which is freed with its scope. Copy the values to an array and return that.")
                : result;
        }
        catch (ExternalException exception)
        {
            throw LibtorchFault.Translate(exception, operation);
        }
    }

    private void Loop()
    {
        set_num_threads(_threads);
        foreach (var work in _queue.GetConsumingEnumerable())
        {
            work();
        }
    }
}
