namespace Sequence.Data;

/// <summary>A checkpoint that cannot be opened or written: missing, truncated, corrupt, of a newer schema.</summary>
public sealed class CheckpointException : SequenceException
{
    /// <summary>Creates the exception; the message is prefixed with the path.</summary>
    public CheckpointException(string path, string message, Exception? innerException = null)
        : base($"{path}: {message}", innerException)
    {
        Path = path;
    }

    /// <summary>The file or directory at fault.</summary>
    public string Path { get; }
}
