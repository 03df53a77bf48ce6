namespace Sequence.Daemon.Workers;

/// <summary>A worker process does not do what it is for; says why.</summary>
internal sealed class WorkerException(string message, Exception? innerException = null) : SequenceException(message, innerException);
