namespace Sequence.Torch;

/// <summary>How a check of this machine ended.</summary>
public enum DoctorVerdict
{
    /// <summary>Nothing to do.</summary>
    Ok,

    /// <summary>Works, but not as well as it could.</summary>
    Warning,

    /// <summary>Something needed does not work.</summary>
    Failure,
}
