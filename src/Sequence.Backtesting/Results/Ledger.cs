namespace Sequence.Backtesting;

/// <summary>
/// Where the money went. At every bar
/// <code>
/// equity = cash at the start + Realised + Unrealised - Commissions - Borrow - Financing + Dividends
/// </code>
/// Spread and slippage are in the prices of fills, so in Realised and Unrealised; they are counted beside.
/// </summary>
public sealed class Ledger
{
    /// <summary>Sum of size (exit - entry) over closed trades, in cash.</summary>
    public double Realised { get; internal set; }

    /// <summary>Sum of size (last price - entry) over open trades, in cash.</summary>
    public double Unrealised { get; internal set; }

    /// <summary>Commissions paid, rebates taken off.</summary>
    public double Commissions { get; internal set; }

    /// <summary>Half the spread on every market and stop fill, already in the prices.</summary>
    public double Spread { get; internal set; }

    /// <summary>Slippage, already in the prices.</summary>
    public double Slippage { get; internal set; }

    /// <summary>Cost of borrowing what was sold short.</summary>
    public double Borrow { get; internal set; }

    /// <summary>Interest on negative cash.</summary>
    public double Financing { get; internal set; }

    /// <summary>Dividends received less paid.</summary>
    public double Dividends { get; internal set; }

    /// <summary>Cash value of everything bought and sold.</summary>
    public double Traded { get; internal set; }
}
