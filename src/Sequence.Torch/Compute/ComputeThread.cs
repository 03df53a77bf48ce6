using System.Collections.Concurrent;
using TorchSharp;

namespace Sequence.Torch;

/// <summary>
/// A thread for libtorch work. Each piece of work is one synchronous delegate in a dispose scope of its own, so whatever
/// tensors it makes and does not hand over are gone when it returns.
/// </summary>
/// <remarks>
/// Dispose scopes, no_grad and inference_mode belong to a thread: work that awaited inside one would come back without it.
/// Results should be managed values.
/// </remarks>
public sealed class ComputeThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">Name of the thread, for debuggers.</param>
    /// <exception cref="LibtorchUnavailableException">libtorch cannot be loaded.</exception>
    public ComputeThread(string name)
    {
        LibtorchBootstrap.Initialise();
        _thread = new Thread(Loop) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Runs the work on the thread and waits for its result; an exception comes out unchanged.</summary>
    /// <exception cref="InvalidOperationException">Called from the thread itself, which would wait for ever.</exception>
    /// <exception cref="ObjectDisposedException">The thread has been stopped.</exception>
    public T Run<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        ObjectDisposedException.ThrowIf(_work.IsAddingCompleted, this);
        if (Environment.CurrentManagedThreadId == _thread.ManagedThreadId)
        {
            throw new InvalidOperationException($"Compute thread '{_thread.Name}' cannot wait for itself.");
        }

        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                using var scope = torch.NewDisposeScope();
                completion.SetResult(work());
            }
            catch (Exception error)
            {
                completion.SetException(error);
            }
        });
        return completion.Task.GetAwaiter().GetResult();
    }

    /// <summary>Finishes the work accepted so far and ends the thread.</summary>
    public void Dispose()
    {
        if (_work.IsAddingCompleted)
        {
            return;
        }

        _work.CompleteAdding();
        if (Environment.CurrentManagedThreadId != _thread.ManagedThreadId)
        {
            _thread.Join();
        }

        _work.Dispose();
    }

    private void Loop()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
