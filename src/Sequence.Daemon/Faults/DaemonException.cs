namespace Sequence.Daemon;

/// <summary>A request that is refused, with the kind of the reason.</summary>
[GenerateSerializer]
internal sealed class DaemonException : SequenceException
{
    public DaemonException(DaemonFault fault, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Fault = fault;
    }

    [Id(0)]
    public DaemonFault Fault { get; }
}
