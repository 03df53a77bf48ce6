namespace Sequence.Daemon.Http;

/// <summary>How many rows an answer holds at most.</summary>
internal static class PageSize
{
    private const int Longest = 1000;
    private const int Usual = 100;

    /// <param name="limit">What was asked for; null for 100, or as many as there may be.</param>
    /// <param name="most">As many as there may be.</param>
    /// <exception cref="DaemonException">It is below 1 or above that.</exception>
    public static int Of(int? limit, int most = Longest) => (limit ?? Math.Min(Usual, most)) is var rows && rows >= 1 && rows <= most
        ? rows
        : throw new DaemonException(DaemonFault.Invalid, $"The limit is {limit}; give 1 to {most}.");
}
