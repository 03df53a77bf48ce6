namespace Sequence;

/// <summary>A model was given something it cannot compute on, most often a wrong shape.</summary>
public sealed class ModelException : SequenceException
{
    /// <summary>Creates the exception with a message that names the shapes expected and found.</summary>
    public ModelException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the fault that caused it.</summary>
    public ModelException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
