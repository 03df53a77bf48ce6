namespace Sequence.Backtesting;

/// <summary>What a sweep came to.</summary>
public sealed class SweepResult
{
    internal SweepResult(IReadOnlyList<SweepTrial> trials, SweepMeasure measure)
    {
        Trials = trials;
        Measure = measure;
        Best = trials.Where(trial => !double.IsNaN(Score(trial))).MaxBy(Score);
        var sharpes = trials.Select(trial => trial.Sharpe).Where(double.IsFinite).ToArray();
        EffectiveTrials = sharpes.Length;
        SharpeVariance = sharpes.Length > 1 ? Moments.Variance(sharpes) : 0;
        DeflatedSharpe = Best is null || sharpes.Length == 0
            ? double.NaN
            : SharpeInference.Deflated(Best.Sharpe, Best.Returns, Best.Skewness, Best.Kurtosis, SharpeVariance, sharpes.Length);
    }

    /// <summary>Every trial, in order.</summary>
    public IReadOnlyList<SweepTrial> Trials { get; }

    /// <summary>What made a trial the best.</summary>
    public SweepMeasure Measure { get; }

    /// <summary>The best trial, of equal ones the first; null when there is none with that measure.</summary>
    public SweepTrial? Best { get; }

    /// <summary>Trials with a Sharpe ratio, N of the deflated one.</summary>
    public int EffectiveTrials { get; }

    /// <summary>Variance of their Sharpe ratios (divisor N - 1), a bar; 0 for a single one.</summary>
    public double SharpeVariance { get; }

    /// <summary>
    /// Deflated Sharpe ratio of the best trial: the probability that its true Sharpe ratio is above zero, given that it is the best of so many,
    /// <see cref="SharpeInference.Deflated(double, int, double, double, double, int)"/> with V <see cref="SharpeVariance"/> and N
    /// <see cref="EffectiveTrials"/>. NaN without a best trial or where its returns do not vary. The trials are taken as independent, which
    /// neighbours on a grid are not: N is then too high and the ratio too strict.
    /// </summary>
    public double DeflatedSharpe { get; }

    private double Score(SweepTrial trial) => Measure switch
    {
        SweepMeasure.Sharpe => trial.Sharpe,
        SweepMeasure.TotalReturn => trial.TotalReturn,
        _ => -trial.MaximumDrawdown,
    };
}
