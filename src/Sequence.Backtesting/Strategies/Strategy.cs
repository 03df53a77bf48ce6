namespace Sequence.Backtesting;

/// <summary>
/// A trading rule: a function that is given a setup at the start of a run and returns what to do after every bar. Its state
/// lives in what that function creates, so a strategy can run many times, also at once.
/// </summary>
/// <param name="name">Name for tables.</param>
/// <param name="start">Declares indicators and returns the action of every bar.</param>
/// <example>
/// <code>
/// var cross = new Strategy("sma-cross", setup =>
/// {
///     var fast = setup.Use(new SimpleMovingAverage(10));
///     var slow = setup.Use(new SimpleMovingAverage(30));
///     return context =>
///     {
///         if (fast.CrossesAbove(slow)) context.Buy();
///         else if (fast.CrossesBelow(slow)) context.Close();
///     };
/// });
/// </code>
/// </example>
public sealed class Strategy(string name, Func<StrategySetup, Action<StrategyContext>> start)
{
    /// <summary>Creates a strategy without indicators or state.</summary>
    /// <param name="name">Name for tables.</param>
    /// <param name="everyBar">What to do after every bar.</param>
    public Strategy(string name, Action<StrategyContext> everyBar)
        : this(name, _ => everyBar)
    {
    }

    /// <summary>Name for tables.</summary>
    public string Name { get; } = name;

    internal Func<StrategySetup, Action<StrategyContext>> Start { get; } = start;
}
