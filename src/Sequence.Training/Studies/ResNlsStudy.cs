using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sequence.Data;
using Sequence.Data.Scalers;
using Sequence.Forecasting;

namespace Sequence.Training;

/// <summary>
/// The comparison of Jia, Anaissi and Suleiman ("ResNLS: An Improved Model for Stock Price Forecasting", 2023) with several
/// seeds, beside persistence and AR(5), on price levels and on log-returns.
/// </summary>
/// <remarks>
/// The last rows are the test part. Every model is fitted once on the rows before it and forecasts each test row from the
/// rows before that one; scalers are fitted on training rows, which exclude the validation slice. The paper keeps the last
/// epoch's weights; here the validation slice chooses the epoch, for every model in the same way.
/// </remarks>
public sealed class ResNlsStudy
{
    private const int AutoregressiveOrder = 5;

    private readonly ResNlsStudyOptions _options;

    /// <summary>Creates the study.</summary>
    /// <exception cref="ConfigurationException">An option is out of range.</exception>
    public ResNlsStudy(ResNlsStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Runs the study.</summary>
    /// <param name="close">Closing prices, positive and without missing values; rows outside the options' dates are left out.</param>
    /// <param name="progress">Told the share of trainings done, in [0, 1], after each.</param>
    /// <param name="cancellationToken">Stops the trainings under way; finished ones are in the partial results.</param>
    /// <exception cref="DataFormatException">The series is too short between the dates, not positive, or constant.</exception>
    /// <exception cref="ModelException">A training diverged.</exception>
    /// <exception cref="SequenceException">The partial results cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The study was stopped.</exception>
    public ResNlsStudyResult Run(
        TimeSeries close, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(close);
        var series = Cut(close);
        var persistence = Evaluate(new PersistenceForecaster(), series, cancellationToken);
        var yardstick = new ResNlsYardstick(persistence.Actual, persistence.Prices);
        var jobs = Jobs();
        var forecasts = new ResNlsForecasts[jobs.Count];
        using (var partial = new ResNlsPartialResults(_options.PartialResults))
        {
            RunAll(jobs, forecasts, series, partial, progress, cancellationToken);
        }

        var trainings = jobs
            .Select((job, index) => yardstick.Training(job.Target, job.Model, job.LookBack, job.Seed, forecasts[index]))
            .ToArray();
        var rows = new List<ResNlsStudyRow>();
        foreach (var target in _options.Targets)
        {
            IForecaster autoregression = new AutoregressiveForecaster(AutoregressiveOrder);
            if (target == ResNlsStudyTarget.LogReturn)
            {
                autoregression = new LogReturnForecaster(autoregression);
            }

            rows.Add(yardstick.Persistence(target));
            rows.Add(yardstick.Row(
                target, "ar", AutoregressiveOrder, [Evaluate(autoregression, series, cancellationToken).Prices]));
            foreach (var group in jobs
                .Select((job, index) => (Job: job, Index: index))
                .Where(entry => entry.Job.Target == target)
                .GroupBy(entry => (entry.Job.Model, entry.Job.LookBack)))
            {
                rows.Add(yardstick.Row(
                    target, group.Key.Model, group.Key.LookBack, [.. group.Select(entry => forecasts[entry.Index])]));
            }
        }

        var times = series.Timestamps.Span;
        return new ResNlsStudyResult(
            series.Id,
            times[0],
            times[^1],
            series.Length,
            times[^_options.TestRows],
            _options.TestRows,
            yardstick.ShareOfRises,
            _options with { PartialResults = null },
            rows,
            trainings);
    }

    private static (double[] Actual, double[] Prices) Columns(RollingOriginResult result) => (
        [.. result.Table.Rows.Select(row => row.Actual)], [.. result.Table.Rows.Select(row => row.Mean)]);

    private TimeSeries Cut(TimeSeries close)
    {
        var times = close.Timestamps.Span;
        var start = 0;
        while (start < times.Length && times[start] < _options.From)
        {
            start++;
        }

        var end = start;
        while (end < times.Length && times[end] <= _options.To)
        {
            end++;
        }

        var needed = _options.TestRows + (2 * AutoregressiveOrder) + 3;
        if (end - start < needed)
        {
            throw new DataFormatException(
                $"Series '{close.Id}' has {end - start} rows from {_options.From:yyyy-MM-dd} to {_options.To:yyyy-MM-dd}; the " +
                $"study needs at least {needed}, {_options.TestRows} of them to test on. Give a longer series or other dates.");
        }

        var series = close.Slice(start, end - start);
        var values = series.Values.Span;
        for (var row = 0; row < values.Length; row++)
        {
            if (!(values[row] > 0 && double.IsFinite(values[row])))
            {
                throw new DataFormatException(
                    $"Series '{close.Id}' has the value {values[row]} at {series.Timestamps.Span[row]:u}; the study takes " +
                    "log-returns, so every price must be positive. Choose a missing-value policy or another column.");
            }
        }

        if (values[^(_options.TestRows + 1)..].IndexOfAnyExcept(values[^1]) < 0)
        {
            throw new DataFormatException(
                $"Series '{close.Id}' does not move within the {_options.TestRows} test rows, so persistence makes no error to " +
                "compare with.");
        }

        return series;
    }

    private List<Job> Jobs()
    {
        var jobs = new List<Job>();
        foreach (var target in _options.Targets)
        {
            foreach (var model in _options.Models)
            {
                foreach (var lookBack in _options.LookBacks)
                {
                    for (var seed = 1; seed <= _options.Seeds; seed++)
                    {
                        jobs.Add(new(target, model, lookBack, seed));
                    }
                }
            }
        }

        return jobs;
    }

    private void RunAll(
        List<Job> jobs,
        ResNlsForecasts[] forecasts,
        TimeSeries series,
        ResNlsPartialResults partial,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        var data = DataFingerprint.Compute(new Panel([series]));
        var gate = new Lock();
        var done = 0;

        try
        {
            Parallel.For(
                0,
                jobs.Count,
                new ParallelOptions { MaxDegreeOfParallelism = _options.Workers, CancellationToken = cancellationToken },
                index =>
                {
                    forecasts[index] = Train(jobs[index], series, data, partial, cancellationToken);
                    lock (gate)
                    {
                        done++;
                        progress?.Report((double)done / jobs.Count);
                    }
                });
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
    }

    private ResNlsForecasts Train(
        Job job, TimeSeries series, string data, ResNlsPartialResults partial, CancellationToken cancellationToken)
    {
        var options = OptionsOf(job);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            $"{data} {_options.TestRows} {JsonSerializer.Serialize(options)}")));
        if (partial.Find(key) is { } known)
        {
            return known;
        }

        var recorder = new Recorder(new NeuralForecaster(options));
        var (_, prices) = Evaluate(recorder, series, cancellationToken);
        var training = recorder.Training!;
        var forecasts = new ResNlsForecasts(
            key, $"{job.Target} {options.Name} seed {job.Seed}", training.History.Count, training.BestEpoch, prices);
        partial.Add(forecasts);
        return forecasts;
    }

    private NeuralForecasterOptions OptionsOf(Job job)
    {
        var architecture = NeuralCatalogue.Create(job.Model, horizon: 1, job.LookBack);
        return new NeuralForecasterOptions
        {
            Name = NeuralCatalogue.FullName(job.Model, architecture),
            Architecture = architecture,
            Scaler = job.Target == ResNlsStudyTarget.LogReturn ? ScalerKind.LogReturn : ScalerKind.MinMax,
            ValidationFraction = _options.ValidationFraction,
            Training = _options.Training with { Seed = (ulong)job.Seed },
        };
    }

    private (double[] Actual, double[] Prices) Evaluate(
        IForecaster forecaster, TimeSeries series, CancellationToken cancellationToken)
    {
        try
        {
            return Columns(RollingOrigin.Evaluate(
                forecaster,
                series,
                new RollingOriginOptions
                {
                    Horizon = 1,
                    Step = 1,
                    Refit = RefitCadence.Once,
                    FirstOrigin = FirstOrigin.AfterRows(series.Length - _options.TestRows),
                },
                cancellationToken: cancellationToken));
        }
        catch (FoldException exception) when (exception.InnerException is SequenceException cause)
        {
            // There is one fit, so its fold says nothing.
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    private sealed record Job(ResNlsStudyTarget Target, string Model, int LookBack, int Seed);

    /// <summary>Fits a neural forecaster and remembers how its training went.</summary>
    private sealed class Recorder(NeuralForecaster inner) : IForecaster
    {
        public TrainingResult? Training { get; private set; }

        public string Name => inner.Name;

        public IForecastModel Fit(
            Panel history, IForecastModel? warmStart = null, CancellationToken cancellationToken = default)
        {
            var model = inner.Train(history, warmStart as NeuralForecastModel, cancellationToken: cancellationToken);
            Training = model.Training;
            return model;
        }
    }
}
