namespace Sequence.Data.Windows;

/// <summary>One training example: what was known, and what came next. Both are views of the series, not copies.</summary>
public readonly ref struct Window
{
    internal Window(ReadOnlySpan<double> lookBack, ReadOnlySpan<double> horizon)
    {
        LookBack = lookBack;
        Horizon = horizon;
    }

    /// <summary>The values up to and including the origin; [look-back], oldest first.</summary>
    public ReadOnlySpan<double> LookBack { get; }

    /// <summary>The values after the origin; [horizon].</summary>
    public ReadOnlySpan<double> Horizon { get; }
}
