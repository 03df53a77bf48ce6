namespace Sequence.Daemon.Jobs;

/// <summary>A job that ended without success, and why.</summary>
internal sealed class JobFailedException(string message) : SequenceException(message);
