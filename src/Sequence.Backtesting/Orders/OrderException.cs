namespace Sequence.Backtesting;

/// <summary>An order that cannot be placed: its size, its prices or its asset.</summary>
public sealed class OrderException : SequenceException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong with which order, and what to do.</param>
    public OrderException(string message)
        : base(message)
    {
    }
}
