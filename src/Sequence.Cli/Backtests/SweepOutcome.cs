using System.Globalization;
using Sequence.Backtesting;

namespace Sequence.Cli.Backtests;

/// <summary>What a sweep came to, over all its accounts.</summary>
/// <param name="Trials">Every trial, in order.</param>
/// <param name="Measure">What made a trial the best.</param>
/// <param name="Best">The best trial, of equal ones the first; null when there is none with that measure.</param>
/// <param name="EffectiveTrials">Trials with a Sharpe ratio.</param>
/// <param name="DeflatedSharpe">Deflated Sharpe ratio of the best, as in <see cref="SweepResult.DeflatedSharpe"/>.</param>
internal sealed record SweepOutcome(
    IReadOnlyList<SweepTrial> Trials, SweepMeasure Measure, SweepTrial? Best, int EffectiveTrials, double DeflatedSharpe)
{
    /// <summary>The trials from the best down; those without the measure are left out.</summary>
    public IEnumerable<SweepTrial> Ranked => Trials.Where(trial => !double.IsNaN(Score(trial, Measure))).OrderByDescending(trial => Score(trial, Measure));

    /// <summary>Runs the trials of one account after those of another; each account has a folder of its own where there are several.</summary>
    public static SweepOutcome Run(
        SweepPlan plan,
        Market market,
        Func<ParameterSet, Strategy> strategy,
        Func<ParameterSet, BacktestOptions> account,
        string? folder,
        IProgress<double> progress,
        CancellationToken cancellationToken)
    {
        var groups = plan.Trials.Index().GroupBy(trial => SweepText.AccountKey(trial.Item), StringComparer.Ordinal).Select(group => group.ToArray()).ToArray();
        var trials = new SweepTrial[plan.Trials.Count];
        var done = 0;
        foreach (var (index, group) in groups.Index())
        {
            var part = folder is null || groups.Length == 1
                ? folder
                : Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"account-{index:D4}"));
            var (before, share) = ((double)done / trials.Length, (double)group.Length / trials.Length);
            var result = Sweep.Run(
                market,
                strategy,
                [.. group.Select(trial => trial.Item)],
                account(group[0].Item),
                plan.Options with { Folder = part },
                new Part(progress, before, share),
                cancellationToken);
            foreach (var trial in result.Trials)
            {
                var place = group[trial.Index].Index;
                trials[place] = trial with { Index = place };
            }

            done += group.Length;
        }

        return Of(trials, plan.Options.Measure);
    }

    internal static SweepOutcome Of(IReadOnlyList<SweepTrial> trials, SweepMeasure measure)
    {
        var best = trials.Where(trial => !double.IsNaN(Score(trial, measure))).MaxBy(trial => Score(trial, measure));
        double[] sharpes = [.. trials.Select(trial => trial.Sharpe).Where(double.IsFinite)];
        if (best is null || sharpes.Length == 0)
        {
            return new SweepOutcome(trials, measure, best, sharpes.Length, double.NaN);
        }

        var mean = sharpes.Average();
        var variance = sharpes.Length > 1 ? sharpes.Sum(sharpe => (sharpe - mean) * (sharpe - mean)) / (sharpes.Length - 1) : 0;
        return new SweepOutcome(
            trials,
            measure,
            best,
            sharpes.Length,
            SharpeInference.Deflated(best.Sharpe, best.Returns, best.Skewness, best.Kurtosis, variance, sharpes.Length));
    }

    private static double Score(SweepTrial trial, SweepMeasure measure) => measure switch
    {
        SweepMeasure.Sharpe => trial.Sharpe,
        SweepMeasure.TotalReturn => trial.TotalReturn,
        _ => -trial.MaximumDrawdown,
    };

    private sealed class Part(IProgress<double> whole, double before, double share) : IProgress<double>
    {
        public void Report(double value) => whole.Report(before + (value * share));
    }
}
