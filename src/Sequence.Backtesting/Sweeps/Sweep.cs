using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>Runs a strategy with many sets of parameters.</summary>
/// <remarks>
/// A trial that fails is recorded with its message and the sweep goes on. A sweep that is stopped keeps the files of its finished parts. The best
/// of many trials looks good by chance alone, so the result always has its deflated Sharpe ratio, <see cref="SweepResult.DeflatedSharpe"/>.
/// </remarks>
/// <example>
/// <code>
/// var result = Sweep.Run(market, set => SmaCross(set.Integer("fast"), set.Integer("slow")), trials, options);
/// Console.WriteLine($"{result.Best?.Parameters}: {result.Best?.Sharpe:F3} a bar, deflated {result.DeflatedSharpe:P1}");
/// </code>
/// </example>
public static class Sweep
{
    /// <summary>Runs every trial.</summary>
    /// <param name="market">Bars, shared by all trials.</param>
    /// <param name="strategy">Makes the strategy of a trial; called from several threads at the same time.</param>
    /// <param name="trials">The parameters, from <see cref="ParameterGrid"/> or <see cref="RandomSearch"/>; of the same names.</param>
    /// <param name="options">Account and rules; null takes the defaults.</param>
    /// <param name="sweepOptions">How to run them; null takes the defaults.</param>
    /// <param name="progress">Told the share of trials done, in [0, 1], when a part is finished; never from two threads at once.</param>
    /// <param name="cancellationToken">Stops inside a trial.</param>
    /// <returns>Every trial, the best one and its deflated Sharpe ratio; the same for any number of workers.</returns>
    /// <exception cref="ConfigurationException">An option cannot be used, there is no trial, or the folder holds another sweep.</exception>
    /// <exception cref="DataFormatException">A file of a finished part is damaged.</exception>
    /// <exception cref="SequenceException">The folder cannot be written.</exception>
    public static SweepResult Run(
        Market market,
        Func<ParameterSet, Strategy> strategy,
        IReadOnlyList<ParameterSet> trials,
        BacktestOptions? options = null,
        SweepOptions? sweepOptions = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(strategy);
        ArgumentNullException.ThrowIfNull(trials);
        options ??= new BacktestOptions();
        sweepOptions ??= new SweepOptions();
        options.Validate(market);
        sweepOptions.Validate();
        if (trials.Count == 0)
        {
            throw new ConfigurationException("The sweep has no trials; give at least one set of parameters.");
        }

        if (trials.Any(trial => !trial.Names.SequenceEqual(trials[0].Names, StringComparer.Ordinal)))
        {
            throw new ConfigurationException(
                $"The trials of a sweep have different parameters; give each of them [{string.Join(", ", trials[0].Names)}], in this order.");
        }

        var folder = sweepOptions.Folder is { } path
            ? SweepFolder.Open(path, SweepFingerprint.Of(market, trials, options, sweepOptions))
            : null;
        SweepTrial RunTrial(int index)
        {
            try
            {
                var result = Backtest.Run(market, strategy(trials[index]), options, cancellationToken);
                return SweepTrial.Of(index, trials[index], result);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                return SweepTrial.Failed(index, trials[index], exception.Message);
            }
        }

        var parts = new SweepParts(trials, sweepOptions.PartTrials, folder, progress);
        parts.Run(RunTrial, sweepOptions.Workers, cancellationToken);
        return new SweepResult(parts.Results, sweepOptions.Measure);
    }
}
