namespace Sequence.Streaming;

/// <summary>How a layer can be run one input at a time.</summary>
public enum StepKind
{
    /// <summary>A step with a finite state gives exactly the output of the whole sequence.</summary>
    Exact,

    /// <summary>Each step runs again over the last look-back inputs; exact for models that are trained on windows.</summary>
    Windowed,

    /// <summary>An output depends on inputs that come after it, so there is no step.</summary>
    None,
}
