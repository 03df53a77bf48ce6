namespace Sequence.Daemon.Dashboard;

/// <summary>Reads what a panel shows, so that one that cannot be read leaves the others.</summary>
internal static class Readings
{
    /// <summary>What was read; or null, and why.</summary>
    public static async Task<(T? Value, string? Fault)> TryAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return (await read(), null);
        }
        catch (Exception error) when (error is DaemonException or TimeoutException or OrleansException)
        {
            return (null, error.Message);
        }
    }
}
