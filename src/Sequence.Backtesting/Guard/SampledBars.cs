using Sequence.Numerics;

namespace Sequence.Backtesting;

/// <summary>The bars after which the guard cuts.</summary>
internal static class SampledBars
{
    /// <summary>
    /// Half of them lie anywhere, half at bars with a decision, because a rule that seldom acts shows itself there; each half
    /// is drawn one from each of equal parts. The first bar with a decision and the last bar but one are always among them.
    /// </summary>
    /// <param name="bars">Bars of the market.</param>
    /// <param name="first">First bar that could have a decision.</param>
    /// <param name="decided">Bars with a decision, in order.</param>
    /// <param name="options">How many, and the seed.</param>
    /// <returns>In order, each once; the last bar of the market is never among them.</returns>
    public static int[] Draw(int bars, int first, IReadOnlyList<int> decided, LookAheadOptions options)
    {
        var random = new CounterRandom(options.Seed);
        var end = bars - 1;
        var inside = decided.TakeWhile(bar => bar < end).ToArray();
        var chosen = new SortedSet<int>();
        if (first < end)
        {
            chosen.Add(inside.Length > 0 ? inside[0] : first);
            chosen.Add(end - 1);
        }

        var rest = Math.Max(options.Samples - 2, 0);
        var atDecisions = Math.Min((rest + 1) / 2, inside.Length);
        foreach (var place in Strata(random, inside.Length, atDecisions))
        {
            chosen.Add(inside[place]);
        }

        foreach (var place in Strata(random, end - first, rest - atDecisions))
        {
            chosen.Add(first + place);
        }

        return [.. chosen];
    }

    private static IEnumerable<int> Strata(CounterRandom random, int length, int count)
    {
        count = Math.Min(count, length);
        for (var part = 0; part < count; part++)
        {
            var start = (int)((long)length * part / count);
            var stop = (int)((long)length * (part + 1) / count);
            yield return start + random.NextInt(stop - start);
        }
    }
}
