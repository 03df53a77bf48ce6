namespace Sequence.Daemon.Tests;

/// <summary>Waits for what the daemon does after it has answered.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var end = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            Assert.IsFalse(end.IsCancellationRequested, "It did not come about in time.");
            await Task.Delay(5);
        }
    }
}
