namespace Sequence.Tests;

/// <summary>Comparisons of errors with bounds.</summary>
internal static class ErrorAssertions
{
    /// <summary>
    /// Asserts that an error is a number and at most a finite bound. The ordered assertions of MSTest hold for NaN, which
    /// compares as less than every number, and an infinite bound, from an infinite scale, would hold for anything.
    /// </summary>
    public static void IsWithin(this Assert _, double bound, double error, string what = "") => Assert.IsTrue(
        double.IsFinite(bound) && error <= bound,
        $"{what}{(what.Length == 0 ? "The" : ": the")} error is {error:g6}; at most {bound:g6} is allowed.");
}
