namespace Sequence.Forecasting;

/// <summary>Rows in half-open positions.</summary>
/// <param name="Start">First row.</param>
/// <param name="End">Row after the last.</param>
public readonly record struct RowRange(int Start, int End)
{
    /// <summary>Number of rows.</summary>
    public int Count => End - Start;

    /// <summary>Whether a row is one of them.</summary>
    public bool Contains(int row) => row >= Start && row < End;
}
