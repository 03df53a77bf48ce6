using Sequence.Numerics;

namespace Sequence.Benchmarks.Daemon;

/// <summary>Starts of the daemon on copies of a closed store that were damaged in several ways.</summary>
internal static class BrokenFiles
{
    private const int OfEachKind = 8;
    private const int PageSize = 4096;
    private const int Header = 100;

    private static readonly (string Kind, Action<byte[], CounterRandom> Damage, bool IsCut)[] Kinds =
    [
        ("one bit", (bytes, random) => bytes[random.NextInt(bytes.Length)] ^= (byte)(1 << random.NextInt(8)), false),
        ("64 bytes", (bytes, random) => Overwrite(bytes, random.NextInt(bytes.Length - 64), 64, random), false),
        ("a page", (bytes, random) => Overwrite(bytes, PageSize * random.NextInt(bytes.Length / PageSize), PageSize, random), false),
        ("a page of zeros", (bytes, random) => bytes.AsSpan(PageSize * random.NextInt(bytes.Length / PageSize), PageSize).Clear(), false),
        ("8 bytes of the header", (bytes, random) => Overwrite(bytes, random.NextInt(Header - 8), 8, random), false),
        ("cut off", (_, _) => { }, true),
    ];

    /// <summary>Damages copies of the store of a run whose daemon was stopped, starts the daemon on each and reads everything back.</summary>
    /// <returns>Whether none of them gave wrong data, crashed or answered a fault of the daemon.</returns>
    public static async Task<bool> RunAsync(FaultRun run)
    {
        var random = new CounterRandom(1);
        var store = Path.Combine(run.Folder, "store.db");
        var good = await File.ReadAllBytesAsync(store);
        Console.WriteLine($"Starts on damaged copies of a closed store of {good.Length:N0} bytes, {OfEachKind} of each kind:");
        Console.WriteLine();
        Console.WriteLine("| overwritten | refused, exit code 2 | all data right | damage met while reading: 503 | wrong data | anything else |");
        Console.WriteLine("|---|---|---|---|---|---|");
        var (isWhole, sentence) = (true, string.Empty);
        foreach (var (kind, damage, isCut) in Kinds)
        {
            var outcomes = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var one = 0; one < OfEachKind; one++)
            {
                var bytes = (byte[])good.Clone();
                damage(bytes, random);
                await File.WriteAllBytesAsync(store, isCut ? bytes[..random.NextInt(bytes.Length)] : bytes);
                File.Delete(store + "-wal");
                File.Delete(store + "-shm");
                var outcome = await StartAsync(run);
                if (outcome.StartsWith("refused", StringComparison.Ordinal))
                {
                    (sentence, outcome) = (outcome, "refused");
                }

                outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            }

            var other = outcomes.Where(one => one.Key is not ("refused" or "right" or "503" or "wrong")).ToArray();
            isWhole &= other.Length == 0 && !outcomes.ContainsKey("wrong");
            Console.WriteLine($"| {kind} | {Count("refused")} | {Count("right")} | {Count("503")} | {Count("wrong")} | {string.Join("; ", other.Select(one => $"{one.Value} x {one.Key}"))} |");

            int Count(string outcome) => outcomes.GetValueOrDefault(outcome);
        }

        await File.WriteAllBytesAsync(store, good);
        Console.WriteLine($"The last refusal: {sentence.ReplaceLineEndings(" ")}");
        return isWhole;
    }

    private static async Task<string> StartAsync(FaultRun run)
    {
        try
        {
            await run.StartDaemonAsync();
        }
        catch (InvalidOperationException refusal)
        {
            return refusal.Message.Contains("exit code 2", StringComparison.Ordinal) ? $"refused: {refusal.Message}" : refusal.Message;
        }

        try
        {
            return await run.Load.CheckAsync() == (0, 0, 0) ? "right" : "wrong";
        }
        catch (HttpRequestException error) when (error.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable)
        {
            return "503";
        }
        catch (HttpRequestException error)
        {
            return $"{error.StatusCode} {run.Daemon!.Error}";
        }
        finally
        {
            await run.Daemon!.KillAsync();
        }
    }

    private static void Overwrite(byte[] bytes, int at, int count, CounterRandom random)
    {
        for (var index = 0; index < count; index++)
        {
            bytes[at + index] = (byte)random.NextInt(256);
        }
    }
}
