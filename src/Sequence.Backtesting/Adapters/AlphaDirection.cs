namespace Sequence.Backtesting;

/// <summary>Where a price is expected to go. The numbers are those of QuantConnect LEAN's InsightDirection.</summary>
public enum AlphaDirection
{
    /// <summary>It falls.</summary>
    Down = -1,

    /// <summary>It stays where it is.</summary>
    Flat = 0,

    /// <summary>It rises.</summary>
    Up = 1,
}
