using System.Globalization;
using Sequence.Tests;

namespace Sequence.Benchmarks.Daemon;

/// <summary>
/// Kills the daemon (kill -9) at random moments while five clients append to four series, starts it again each time and
/// counts what was acknowledged and is not there, what is there twice, and states that are not those of a replay. The
/// expected count of each is 0.
/// </summary>
/// <remarks>Arguments: rounds (default 50), seed (default 1).</remarks>
internal static class KillExperiment
{
    internal static int Run(string[] arguments)
    {
        var rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 50;
        var seed = arguments.Length > 1 ? ulong.Parse(arguments[1], CultureInfo.InvariantCulture) : 1;
        var folder = Directory.CreateTempSubdirectory("sequence-daemon-kill-").FullName;
        try
        {
            var result = new KillRounds(folder, seed).RunAsync(rounds).GetAwaiter().GetResult();
            Console.WriteLine($"| kill -9 under load, {rounds} rounds | count |");
            Console.WriteLine("|---|---|");
            Console.WriteLine($"| observations acknowledged | {result.Acknowledged:N0} |");
            Console.WriteLine($"| acknowledged and lost | {result.Lost:N0} |");
            Console.WriteLine($"| stored twice | {result.Duplicated:N0} |");
            Console.WriteLine($"| stored and never sent, or with another value | {result.Foreign:N0} |");
            Console.WriteLine($"| states after a restart unlike a replay | {result.StatesUnlikeReplay:N0} of {4 * (rounds + 1):N0} |");
            Console.WriteLine($"| states in the last receipts before a kill unlike a replay | {result.ReceiptsUnlikeReplay:N0} |");
            Console.WriteLine($"| batches whose answer the kill swallowed | {result.Unanswered:N0} |");
            Console.WriteLine($"| of these stored, so that sending them again stored nothing | {result.UnansweredButStored:N0} |");
            Console.WriteLine($"Slowest start to listening: {result.SlowestStart.TotalSeconds:F1} s.");
            return result.IsWhole ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
