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
}
