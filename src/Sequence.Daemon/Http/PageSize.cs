namespace Sequence.Daemon.Http;

/// <summary>How many rows an answer holds at most.</summary>
internal static class PageSize
{
    private const int Longest = 1000;
    private const int Usual = 100;

    // Each step is answered with its outcome, which the store is searched for.
    private const int MostSteps = 10_000;

    /// <param name="limit">What was asked for; null for 100, or as many as there may be.</param>
    /// <param name="most">As many as there may be.</param>
    /// <exception cref="DaemonException">It is below 1 or above that.</exception>
    public static int Of(int? limit, int most = Longest) => (limit ?? Math.Min(Usual, most)) is var rows && rows >= 1 && rows <= most
        ? rows
        : throw new DaemonException(DaemonFault.Invalid, $"The limit is {limit}; give 1 to {most}.");

    /// <summary>How many forecasts of a horizon: as many as were asked for, or fewer, so that they have at most 10,000 steps together.</summary>
    /// <param name="limit">What was asked for; null for 100.</param>
    /// <param name="horizon">Steps of each.</param>
    /// <exception cref="DaemonException">The limit is below 1 or above 1,000.</exception>
    public static int OfForecasts(int? limit, int horizon) => Math.Min(Of(limit), Math.Max(1, MostSteps / horizon));
}
