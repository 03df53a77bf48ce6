namespace Sequence.Backtesting;

/// <summary>A number computed bar by bar from the bars so far, NaN until it has seen enough of them.</summary>
public abstract class Indicator
{
    /// <summary>Value at the last bar; NaN before there is one.</summary>
    public double Value { get; private set; } = double.NaN;

    /// <summary>Value at the bar before; NaN before there is one.</summary>
    public double Previous { get; private set; } = double.NaN;

    /// <summary>Takes the next bar in.</summary>
    public void Update(in Bar bar)
    {
        Previous = Value;
        Value = Next(bar);
    }

    /// <summary>Whether this was below the other at the bar before and is above it now; equal values never cross.</summary>
    public bool CrossesAbove(Indicator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Previous < other.Previous && Value > other.Value;
    }

    /// <summary>Whether this was above the other at the bar before and is below it now; equal values never cross.</summary>
    public bool CrossesBelow(Indicator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.CrossesAbove(this);
    }

    /// <summary>The value at the next bar.</summary>
    protected abstract double Next(in Bar bar);
}
