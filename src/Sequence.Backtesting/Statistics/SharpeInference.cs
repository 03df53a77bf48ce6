namespace Sequence.Backtesting;

/// <summary>
/// How much a measured Sharpe ratio proves. Everywhere SR is a period's ratio mean(r) / s(r), not annualised; g3 is the skewness and g4
/// the kurtosis, not in excess (3 for a normal distribution); n the number of returns.
/// </summary>
/// <remarks>
/// Bailey and López de Prado, "The Sharpe Ratio Efficient Frontier", 2012, and "The Deflated Sharpe Ratio", 2014. quantstats and LEAN put
/// the excess kurtosis in the place of g4, which makes the standard error wrong; passing that number here reproduces theirs.
/// </remarks>
public static class SharpeInference
{
    private const double EulerMascheroni = 0.57721566490153286;

    /// <summary>
    /// Probability that the true ratio is above SR*: Phi((SR - SR*) sqrt(n - 1) / sqrt(1 - g3 SR + (g4 - 1) / 4 SR^2)), 2012, equation 11.
    /// NaN for fewer than two returns, an undefined moment, or a variance that is not positive.
    /// </summary>
    /// <param name="sharpe">SR, a period.</param>
    /// <param name="benchmark">SR*, a period.</param>
    /// <param name="observations">n.</param>
    /// <param name="skewness">g3.</param>
    /// <param name="kurtosis">g4, not in excess.</param>
    public static double Probabilistic(double sharpe, double benchmark, int observations, double skewness, double kurtosis)
    {
        var variance = Variance(sharpe, skewness, kurtosis);
        return observations < 2 || !(variance > 0)
            ? double.NaN
            : NormalDistribution.Cumulative((sharpe - benchmark) * Math.Sqrt(observations - 1) / Math.Sqrt(variance));
    }

    /// <summary>
    /// <see cref="Probabilistic(double, double, int, double, double)"/> of a series: SR with s of n - 1, population skewness and kurtosis.
    /// NaN for fewer than two returns or where they do not vary; missing returns (NaN) are left out.
    /// </summary>
    /// <param name="returns">Simple returns, fractions a period.</param>
    /// <param name="benchmark">SR*, a period.</param>
    public static double Probabilistic(ReadOnlySpan<double> returns, double benchmark) => Probabilistic(
        PerPeriod(returns),
        benchmark,
        Moments.Count(returns),
        DistributionStatistics.Skewness(returns, SkewnessConvention.Population),
        DistributionStatistics.Kurtosis(returns, KurtosisConvention.Population));

    /// <summary>
    /// The highest ratio to be expected from N independent trials without skill, SR0 = sqrt(V) ((1 - c) z(1 - 1/N) + c z(1 - 1/(N e))), z
    /// the normal quantile, c the Euler-Mascheroni constant; 2014, equation 1. 0 for a single trial, which selects nothing.
    /// </summary>
    /// <param name="variance">V, the variance of the trials' ratios, a period (an annual one is A times as large).</param>
    /// <param name="trials">N, at least 1.</param>
    /// <exception cref="ConfigurationException">No trial, or a variance that is negative or not finite.</exception>
    public static double ExpectedMaximum(double variance, int trials)
    {
        List<string> faults = [];
        if (trials < 1)
        {
            faults.Add($"trials is {trials}; give the number of variants tried, at least 1.");
        }

        if (!(variance >= 0) || double.IsInfinity(variance))
        {
            faults.Add($"variance is {variance}; give the variance of the trials' Sharpe ratios, at least 0.");
        }

        ConfigurationException.ThrowIfAny(faults);
        return trials == 1
            ? 0
            : Math.Sqrt(variance) * (((1 - EulerMascheroni) * UpperQuantile(1.0 / trials))
                + (EulerMascheroni * UpperQuantile(1 / (trials * Math.E))));
    }

    /// <summary>
    /// Deflated Sharpe ratio: the probability that the true ratio is above zero given that it is the best of N trials,
    /// <see cref="Probabilistic(double, double, int, double, double)"/> with SR* = <see cref="ExpectedMaximum"/>; 2014, equation 2.
    /// </summary>
    /// <param name="sharpe">SR of the best trial, a period.</param>
    /// <param name="observations">n.</param>
    /// <param name="skewness">g3.</param>
    /// <param name="kurtosis">g4, not in excess.</param>
    /// <param name="variance">V, the variance of the trials' ratios, a period.</param>
    /// <param name="trials">N.</param>
    public static double Deflated(
        double sharpe, int observations, double skewness, double kurtosis, double variance, int trials) =>
        Probabilistic(sharpe, ExpectedMaximum(variance, trials), observations, skewness, kurtosis);

    /// <summary>
    /// Deflated Sharpe ratio of the best trial's returns, with N and V taken from the ratios of all trials, the best among them (V with
    /// N - 1; 0 for a single one). NaN where <see cref="Probabilistic(ReadOnlySpan{double}, double)"/> is.
    /// </summary>
    /// <param name="returns">Simple returns of the best trial, fractions a period.</param>
    /// <param name="trialSharpes">SR of every trial, a period, finite; a trial that never traded has 0.</param>
    /// <exception cref="Data.DataFormatException">A trial's ratio is not finite.</exception>
    public static double Deflated(ReadOnlySpan<double> returns, ReadOnlySpan<double> trialSharpes)
    {
        for (var trial = 0; trial < trialSharpes.Length; trial++)
        {
            if (!double.IsFinite(trialSharpes[trial]))
            {
                throw new Data.DataFormatException(
                    $"The Sharpe ratio of trial {trial} is {trialSharpes[trial]}; give a finite number, 0 for a trial that never traded.");
            }
        }

        var variance = trialSharpes.Length < 2 ? 0 : Moments.Variance(trialSharpes);
        return Probabilistic(returns, ExpectedMaximum(variance, trialSharpes.Length));
    }

    /// <summary>
    /// Minimum track record length: returns needed before SR differs from SR* at a confidence,
    /// 1 + (1 - g3 SR + (g4 - 1) / 4 SR^2) (z(confidence) / (SR - SR*))^2, in periods; 2012, equation 13. Below SR* it is the length after
    /// which the ratio is that much too low; infinite where SR = SR*.
    /// </summary>
    /// <param name="sharpe">SR, a period.</param>
    /// <param name="benchmark">SR*, a period.</param>
    /// <param name="skewness">g3.</param>
    /// <param name="kurtosis">g4, not in excess.</param>
    /// <param name="confidence">Probability above 0 and below 1.</param>
    /// <exception cref="ConfigurationException">The confidence is not a probability.</exception>
    public static double MinimumTrackRecordLength(
        double sharpe, double benchmark, double skewness, double kurtosis, double confidence = 0.95)
    {
        StatisticsGuard.Probability(confidence, nameof(confidence));
        var needed = NormalDistribution.Quantile(1 - confidence) / (sharpe - benchmark);
        return 1 + (Variance(sharpe, skewness, kurtosis) * needed * needed);
    }

    /// <summary><see cref="MinimumTrackRecordLength(double, double, double, double, double)"/> with SR, g3 and g4 of a series; NaN where they are.</summary>
    /// <param name="returns">Simple returns, fractions a period.</param>
    /// <param name="benchmark">SR*, a period.</param>
    /// <param name="confidence">Probability above 0 and below 1.</param>
    public static double MinimumTrackRecordLength(ReadOnlySpan<double> returns, double benchmark, double confidence) =>
        MinimumTrackRecordLength(
            PerPeriod(returns),
            benchmark,
            DistributionStatistics.Skewness(returns, SkewnessConvention.Population),
            DistributionStatistics.Kurtosis(returns, KurtosisConvention.Population),
            confidence);

    /// <summary>mean(r) / s(r), s with n - 1: the ratio a period that the methods here take.</summary>
    public static double PerPeriod(ReadOnlySpan<double> returns) =>
        ReturnStatistics.Sharpe(returns, 1, SharpeConvention.MeanOverStd);

    /// <summary>n - 1 times the variance of the estimate.</summary>
    private static double Variance(double sharpe, double skewness, double kurtosis) =>
        1 - (skewness * sharpe) + ((kurtosis - 1) / 4 * sharpe * sharpe);

    /// <summary>z(1 - p), from p itself so that no digit is lost for many trials.</summary>
    private static double UpperQuantile(double probability) => -NormalDistribution.Quantile(probability);
}
