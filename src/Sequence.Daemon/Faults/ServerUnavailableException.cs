namespace Sequence.Daemon;

/// <summary>The daemon cannot start because a server it needs, its database or the list of its cluster, does not answer; later it may.</summary>
public sealed class ServerUnavailableException : SequenceException
{
    internal ServerUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
