namespace Sequence.Torch;

/// <summary>What one check of this machine found.</summary>
/// <param name="Name">What was checked, such as "libtorch".</param>
/// <param name="Verdict">How it ended.</param>
/// <param name="Found">What was found, in a few words.</param>
/// <param name="Remedy">What to do about it; null where there is nothing to do.</param>
public sealed record DoctorFinding(string Name, DoctorVerdict Verdict, string Found, string? Remedy = null);
