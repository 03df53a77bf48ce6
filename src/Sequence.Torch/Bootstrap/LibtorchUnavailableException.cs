namespace Sequence.Torch;

/// <summary>libtorch cannot be loaded on this machine. The message gives the true cause and the remedy.</summary>
public sealed class LibtorchUnavailableException : SequenceException
{
    /// <summary>Creates the exception.</summary>
    public LibtorchUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
