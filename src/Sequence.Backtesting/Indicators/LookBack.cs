namespace Sequence.Backtesting;

internal static class LookBack
{
    /// <summary>The look-back if it can be used.</summary>
    /// <exception cref="ConfigurationException">It is below the minimum.</exception>
    public static int Require(int bars, int minimum = 1) => bars >= minimum
        ? bars
        : throw new ConfigurationException($"An indicator has a look-back of {bars} bars; give at least {minimum}.");
}
