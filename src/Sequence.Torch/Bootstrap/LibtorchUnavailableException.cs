namespace Sequence.Torch;

/// <summary>
/// libtorch cannot be used on this machine as it is. The message says what was tried, what the loader answered and what
/// to do; the loader's own exception is the inner one.
/// </summary>
/// <remarks>
/// Example: "SEQUENCE_LIBTORCH names /opt/libtorch, which holds libtorch 2.7.1; exactly 2.10.0 is needed. Download that
/// version or unset the variable."
/// </remarks>
public sealed class LibtorchUnavailableException : SequenceException
{
    /// <summary>Creates the exception with what failed and how to mend it.</summary>
    /// <param name="cause">What was tried and what went wrong.</param>
    /// <param name="remedy">What the user can do about it.</param>
    /// <param name="innerException">The loader's or the file system's own exception, if there was one.</param>
    public LibtorchUnavailableException(string cause, string remedy, Exception? innerException = null)
        : base($"{cause} {remedy}", innerException)
    {
        Cause = cause;
        Remedy = remedy;
    }

    /// <summary>What was tried and what went wrong.</summary>
    public string Cause { get; }

    /// <summary>What the user can do about it.</summary>
    public string Remedy { get; }
}
