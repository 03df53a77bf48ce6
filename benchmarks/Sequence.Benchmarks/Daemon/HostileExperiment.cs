using System.Globalization;
using Sequence.Tests;

namespace Sequence.Benchmarks.Daemon;

/// <summary>
/// Sends requests that no client should send to the daemon, a process of its own, while a good client goes on appending;
/// counts how they were answered and how the daemon's memory moved.
/// </summary>
/// <remarks>Arguments: requests (default 10,000), seed (default 1).</remarks>
internal static class HostileExperiment
{
    private const int Parts = 5;

    internal static int Run(string[] arguments)
    {
        var count = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 10_000;
        var seed = arguments.Length > 1 ? ulong.Parse(arguments[1], CultureInfo.InvariantCulture) : 1;
        var folder = Directory.CreateTempSubdirectory("sequence-daemon-hostile-").FullName;
        try
        {
            return RunAsync(folder, count, seed).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(string folder, int count, ulong seed)
    {
        using var daemon = await DaemonProcess.StartAsync(folder);
        using var run = new HostileRun(daemon.Address, TimeSpan.FromMinutes(1));
        List<double> resident = [];
        for (var part = 0; part < Parts; part++)
        {
            await run.SendAsync(seed + (ulong)part, count / Parts);
            resident.Add(ResidentMemory.Megabytes(daemon.Id));
        }

        var kinds = run.Answers.Keys.Select(key => key.Kind).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        Console.WriteLine("| kind | requests | answers |");
        Console.WriteLine("|---|---|---|");
        foreach (var kind in kinds)
        {
            var answers = run.Answers.Where(one => string.Equals(one.Key.Kind, kind, StringComparison.Ordinal)).OrderByDescending(one => one.Value).ToArray();
            Console.WriteLine($"| {kind} | {answers.Sum(one => one.Value):N0} | {string.Join(", ", answers.Select(one => $"{one.Key.Answer} {one.Value:N0}"))} |");
        }

        // 505 is how the server refuses a version of HTTP that there is not.
        var broken = run.Answers.Where(one => one.Key.Answer is ['5', ..] and not "503" and not "505").Sum(one => one.Value);
        var silent = run.Answers.Where(one => string.Equals(one.Key.Answer, "no answer", StringComparison.Ordinal)).Sum(one => one.Value);
        Console.WriteLine($"5xx other than 503 and 505 (no such version of HTTP): {broken:N0}; without an answer within a minute: {silent:N0}.");
        Console.WriteLine($"The good client: {run.Appended:N0} appends acknowledged, {run.GoodClientFaults.Count:N0} refused. {string.Join(" ", run.GoodClientFaults.Take(3))}");
        Console.WriteLine($"Resident MB after each fifth: {string.Join(", ", resident.Select(one => one.ToString("F0", CultureInfo.InvariantCulture)))}");
        daemon.Signal("TERM");
        var exit = await daemon.WaitAsync();
        Console.WriteLine($"Exit code after SIGTERM: {exit}. Logged: {daemon.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length} lines.");
        Console.WriteLine(string.Join('\n', daemon.Error.Split('\n').Take(5)));
        return broken == 0 && silent == 0 && run.GoodClientFaults.IsEmpty && exit == 0 ? 0 : 1;
    }
}
