namespace Sequence.Tests;

/// <summary>Comparisons of errors, and of other measures that may come out as NaN, with upper bounds.</summary>
internal static class ErrorAssertions
{
    /// <summary>
    /// Asserts that a value is a number and at most a finite bound. The ordered assertions of MSTest hold for NaN, which
    /// compares as less than every number, and an infinite bound, from an infinite scale, would hold for anything.
    /// </summary>
    public static void IsWithin(this Assert _, double bound, double value, string what = "") => Assert.IsTrue(
        double.IsFinite(bound) && value <= bound,
        $"{what}{(what.Length == 0 ? "" : ": ")}{value:g6} is not within {bound:g6}.");
}
