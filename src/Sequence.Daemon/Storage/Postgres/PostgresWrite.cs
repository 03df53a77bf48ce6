namespace Sequence.Daemon.Storage.Postgres;

/// <summary>
/// One write that waits for its commit. What it asks is a <see cref="SeriesDefinition"/> to create, an <see cref="Append"/>, a
/// <see cref="StateSnapshot"/>, an <see cref="IssuedForecast"/>, a <see cref="Change"/> of a document, or nothing, which
/// commits all the same.
/// </summary>
internal sealed class PostgresWrite(object? request)
{
    private readonly TaskCompletionSource<object?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public object? Request => request;

    /// <summary>What it is answered with once it is committed.</summary>
    public object? Result { get; set; }

    /// <summary>Why it is refused, whatever becomes of the others of its transaction.</summary>
    public DaemonException? Refusal { get; set; }

    public Task<object?> Done => _done.Task;

    public void Committed()
    {
        if (Refusal is null)
        {
            _done.SetResult(Result);
        }
        else
        {
            _done.SetException(Refusal);
        }
    }

    public void Failed(Exception reason) => _done.SetException(reason);

    /// <summary>Observations of a series.</summary>
    internal sealed record Append(string Id, IReadOnlyList<Measurement> Batch);

    /// <summary>A document to put in place of a revision; without a body, to delete.</summary>
    internal sealed record Change(string Kind, string Key, long Revision, byte[]? Body);
}
