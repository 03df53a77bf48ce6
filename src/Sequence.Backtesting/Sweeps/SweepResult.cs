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
        SharpeVariance = sharpes.Length > 1 ? Variance(sharpes) : 0;
        DeflatedSharpe = Best is null || sharpes.Length == 0
            ? double.NaN
            : Deflated(Best, SharpeVariance, sharpes.Length);
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
    /// <code>
    /// DSR = Phi((SR - SR0) sqrt(n - 1) / sqrt(1 - g3 SR + (g4 - 1) / 4 SR^2))
    /// SR0 = sqrt(V) ((1 - c) z(1 - 1/N) + c z(1 - 1/(N e)))
    /// </code>
    /// with V <see cref="SharpeVariance"/>, N <see cref="EffectiveTrials"/>, g3 and g4 the trial's skewness and kurtosis, c the Euler-Mascheroni
    /// constant and z the normal quantile. NaN without a best trial or where its returns do not vary. The trials are taken as independent, which
    /// neighbours on a grid are not: N is then too high and the ratio too strict. Source: Bailey and López de Prado, The deflated Sharpe ratio, 2014.
    /// </summary>
    public double DeflatedSharpe { get; }

    private double Score(SweepTrial trial) => Measure switch
    {
        SweepMeasure.Sharpe => trial.Sharpe,
        SweepMeasure.TotalReturn => trial.TotalReturn,
        _ => -trial.MaximumDrawdown,
    };

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }

    private static double Deflated(SweepTrial trial, double variance, int trials)
    {
        const double EulerMascheroni = 0.57721566490153286;
        static double Quantile(double probability) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, probability);
        var expected = trials == 1
            ? 0
            : Math.Sqrt(variance) * (((1 - EulerMascheroni) * Quantile(1 - (1.0 / trials))) + (EulerMascheroni * Quantile(1 - (1 / (trials * Math.E)))));
        var (sharpe, spread) = (trial.Sharpe, 1 - (trial.Skewness * trial.Sharpe) + ((trial.Kurtosis - 1) / 4 * trial.Sharpe * trial.Sharpe));
        return spread > 0
            ? MathNet.Numerics.Distributions.Normal.CDF(0, 1, (sharpe - expected) * Math.Sqrt(trial.Returns - 1) / Math.Sqrt(spread))
            : double.NaN;
    }
}
