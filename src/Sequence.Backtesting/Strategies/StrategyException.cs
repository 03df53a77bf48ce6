namespace Sequence.Backtesting;

/// <summary>A strategy that threw. What the run had come to by then is kept.</summary>
public sealed class StrategyException : SequenceException
{
    internal StrategyException(string strategy, int bar, DateTimeOffset time, BacktestResult? partialResult, Exception cause)
        : base($"Strategy '{strategy}' failed at bar {bar} ({time:u}): {cause.Message}", cause)
    {
        Strategy = strategy;
        Bar = bar;
        Time = time;
        PartialResult = partialResult;
    }

    /// <summary>Name of the strategy.</summary>
    public string Strategy { get; }

    /// <summary>Index of the market's bar.</summary>
    public int Bar { get; }

    /// <summary>Time of that bar.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The run up to that bar; null when the strategy failed at its start.</summary>
    public BacktestResult? PartialResult { get; }
}
