using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>
/// Probability of backtest overfitting by combinatorially symmetric cross-validation: time is cut into S blocks; each half of the blocks
/// once chooses the trial with the highest Sharpe ratio, and the other half ranks it among all. Bailey, Borwein, López de Prado and Zhu,
/// "The Probability of Backtest Overfitting", 2015.
/// </summary>
public static class OverfittingProbability
{
    private const int MostBlocks = 20;

    /// <summary>
    /// Runs all S! / (S/2)!^2 splits. The statistic is mean / s (n - 1) of the rows of a half, 0 for a trial that does not vary there.
    /// Trials of equal ratio out of sample share the mean of their ranks; of those equal in sample the first is chosen.
    /// </summary>
    /// <param name="returns">Returns of all trials over the same periods, fractions; [periods x trials], row by row.</param>
    /// <param name="trials">N, at least 2.</param>
    /// <param name="blocks">S, even, from 2 to 20, at most the periods. Block k holds rows floor(k T / S) to floor((k + 1) T / S) - 1, so that no row is lost where S does not divide T.</param>
    /// <exception cref="ConfigurationException">Trials or blocks are out of range; all faults at once.</exception>
    /// <exception cref="DataFormatException">The matrix is not whole, or a return is not finite.</exception>
    public static OverfittingEstimate Estimate(ReadOnlySpan<double> returns, int trials, int blocks = 16)
    {
        Require(returns, trials, blocks);
        var sums = new BlockSums(returns, trials, blocks);
        var (logits, inSample, outOfSample) = (new List<double>(), new List<double>(), new List<double>());
        var (chosenRatios, otherRatios) = (new double[trials], new double[trials]);
        for (var half = 0u; half < 1u << blocks; half++)
        {
            if (System.Numerics.BitOperations.PopCount(half) != blocks / 2)
            {
                continue;
            }

            sums.Sharpes(half, chosenRatios);
            sums.Sharpes(~half, otherRatios);
            var best = chosenRatios.AsSpan().IndexOf(chosenRatios.Max());
            var rank = Rank(otherRatios, best) / (trials + 1);
            logits.Add(Math.Log(rank / (1 - rank)));
            inSample.Add(chosenRatios[best]);
            outOfSample.Add(otherRatios[best]);
        }

        var (intercept, slope, squared) = Moments.Line(inSample.ToArray(), outOfSample.ToArray());
        return new OverfittingEstimate(
            logits.Count(logit => logit <= 0) / (double)logits.Count,
            logits,
            inSample,
            outOfSample,
            intercept,
            slope,
            squared,
            outOfSample.Count(ratio => ratio < 0) / (double)outOfSample.Count);
    }

    /// <summary>Rank from 1 (lowest) of one among all, equal ones sharing the mean.</summary>
    private static double Rank(double[] ratios, int index)
    {
        var (lower, equal) = (0, 0);
        foreach (var ratio in ratios)
        {
            lower += ratio < ratios[index] ? 1 : 0;
            equal += ratio == ratios[index] ? 1 : 0;
        }

        return lower + ((equal + 1) / 2.0);
    }

    private static void Require(ReadOnlySpan<double> returns, int trials, int blocks)
    {
        List<string> faults = [];
        if (trials < 2)
        {
            faults.Add($"trials is {trials}; give at least 2, for a single one is not chosen.");
        }

        if (blocks < 2 || blocks > MostBlocks || blocks % 2 != 0)
        {
            faults.Add($"blocks is {blocks}; give an even number from 2 to {MostBlocks}.");
        }

        ConfigurationException.ThrowIfAny(faults);
        if (returns.Length % trials != 0)
        {
            throw new DataFormatException($"{returns.Length} returns do not make whole rows of {trials} trials; give every trial every period.");
        }

        if (returns.Length / trials < blocks)
        {
            throw new DataFormatException($"{returns.Length / trials} periods do not fill {blocks} blocks; give more periods or fewer blocks.");
        }

        for (var index = 0; index < returns.Length; index++)
        {
            if (!double.IsFinite(returns[index]))
            {
                throw new DataFormatException(
                    $"The return of trial {index % trials} in period {index / trials} is {returns[index]}; it must be finite.");
            }
        }
    }

    /// <summary>Count, sum and sum of squares of each block and trial, about the trial's mean so that squares cancel little.</summary>
    private sealed class BlockSums
    {
        private readonly int _trials;
        private readonly int[] _counts;
        private readonly double[] _means;
        private readonly double[] _scales;
        private readonly double[] _sums;
        private readonly double[] _squares;

        internal BlockSums(ReadOnlySpan<double> returns, int trials, int blocks)
        {
            _trials = trials;
            _counts = new int[blocks];
            _means = new double[trials];
            _scales = new double[trials];
            _sums = new double[blocks * trials];
            _squares = new double[blocks * trials];
            var periods = returns.Length / trials;
            for (var index = 0; index < returns.Length; index++)
            {
                _means[index % trials] += returns[index] / periods;
                _scales[index % trials] = Math.Max(_scales[index % trials], Math.Abs(returns[index]));
            }

            for (var block = 0; block < blocks; block++)
            {
                var end = (int)((block + 1L) * periods / blocks);
                for (var period = (int)((long)block * periods / blocks); period < end; period++)
                {
                    _counts[block]++;
                    for (var trial = 0; trial < trials; trial++)
                    {
                        var deviation = returns[(period * trials) + trial] - _means[trial];
                        _sums[(block * trials) + trial] += deviation;
                        _squares[(block * trials) + trial] += deviation * deviation;
                    }
                }
            }
        }

        /// <summary>mean / s of every trial over the blocks whose bit is set.</summary>
        internal void Sharpes(uint half, double[] ratios)
        {
            for (var trial = 0; trial < _trials; trial++)
            {
                var (count, sum, squares) = (0, 0.0, 0.0);
                for (var block = 0; block < _counts.Length; block++)
                {
                    if ((half >> block & 1) != 0)
                    {
                        count += _counts[block];
                        sum += _sums[(block * _trials) + trial];
                        squares += _squares[(block * _trials) + trial];
                    }
                }

                var variance = (squares - (sum * sum / count)) / (count - 1);
                var rounding = 1e-14 * _scales[trial];
                ratios[trial] = variance > rounding * rounding ? (_means[trial] + (sum / count)) / Math.Sqrt(variance) : 0;
            }
        }
    }
}
