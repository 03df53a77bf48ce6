namespace Sequence.Daemon;

/// <summary>A request that is refused, with the kind of the reason.</summary>
internal sealed class DaemonException : SequenceException
{
    public DaemonException(DaemonFault fault, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Fault = fault;
    }

    public DaemonFault Fault { get; }

    /// <summary>That a series is not there, and how to make it.</summary>
    public static DaemonException NoSeries(string id) => new(DaemonFault.NotFound, $"There is no series '{id}'. Create it first: PUT /series/{id}.");
}
