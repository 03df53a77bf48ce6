namespace Sequence.Daemon;

/// <summary>A request that is refused, with the kind of the reason.</summary>
internal sealed class DaemonException : SequenceException
{
    /// <summary>What is said of a series whose node is gone; the engine's own words are for the log.</summary>
    public const string NoAnswer = "The series does not answer at the moment: the node that held it may be gone. Send it again later.";

    public DaemonException(DaemonFault fault, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Fault = fault;
    }

    public DaemonFault Fault { get; }

    /// <summary>That a series is not there, and how to make it.</summary>
    public static DaemonException NoSeries(string id) => new(DaemonFault.NotFound, $"There is no series '{id}'. Create it first: PUT /series/{id}.");
}
