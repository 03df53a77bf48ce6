namespace Sequence;

/// <summary>
/// Base of every error that Sequence raises on purpose. The message says what was wrong, where, and what to do.
/// </summary>
public class SequenceException : Exception
{
    /// <summary>Creates the exception with a message that says what was wrong, where, and what to do.</summary>
    public SequenceException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the fault that caused it.</summary>
    public SequenceException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
