namespace Sequence.Forecasting;

/// <summary>
/// Runs the folds. Each stretch of folds from one fit to the next shares a model; workers take fits and forecasts as they
/// become possible, and what comes out of a fold does not depend on who takes it when.
/// </summary>
internal sealed class Walk
{
    private readonly FoldWork _work;
    private readonly IReadOnlyList<RollingOriginFold> _folds;
    private readonly RollingOriginOptions _options;
    private readonly FoldFolder? _folder;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly FinishedFold?[] _finished;
    private readonly long _started;
    private readonly Lock _progressLock = new();
    private int _done;

    public Walk(
        FoldWork work,
        IReadOnlyList<RollingOriginFold> folds,
        RollingOriginOptions options,
        FoldFolder? folder,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        (_work, _folds, _options, _folder) = (work, folds, options, folder);
        (_progress, _cancellationToken) = (progress, cancellationToken);
        _finished = new FinishedFold?[folds.Count];
        _started = options.Clock.GetTimestamp();
        foreach (var fold in folder?.Read().Where(fold => fold.Index < folds.Count) ?? [])
        {
            _finished[fold.Index] = fold;
            _done++;
        }
    }

    /// <summary>Runs to the end, or to the end of the time budget.</summary>
    /// <returns>The finished folds, without a hole.</returns>
    /// <exception cref="FoldException">A fold failed.</exception>
    public IReadOnlyList<FinishedFold> Run()
    {
        try
        {
            if (_options.Refit.ReadsForecasts)
            {
                RunInOrder();
            }
            else
            {
                using var queue = new FoldQueue(_folds, _finished, _options, this);
                queue.Run(_cancellationToken);
            }
        }
        catch (FoldFault fault)
        {
            throw new FoldException(fault, new ForecastTable([.. Whole(fault.Fold).SelectMany(fold => fold.Rows)]));
        }

        return [.. Whole(_folds.Count)];
    }

    public bool IsOutOfTime =>
        _options.TimeBudget is { } budget && _options.Clock.GetElapsedTime(_started) >= budget;

    public FittedModel Fit(RollingOriginFold fold, FittedModel? before) => _work.Fit(fold, before);

    public void Forecast(RollingOriginFold fold, FittedModel model)
    {
        var finished = new FinishedFold(fold.Index, fold.Fit, _work.Forecast(fold, model));
        try
        {
            _folder?.Write(finished);
        }
        catch (SequenceException exception)
        {
            throw new FoldFault(fold.Index, _work.OriginOf(fold), null, exception);
        }

        _finished[fold.Index] = finished;
        lock (_progressLock)
        {
            _progress?.Report((double)++_done / _folds.Count);
        }
    }

    private IEnumerable<FinishedFold> Whole(int end) => _finished.Take(end).TakeWhile(fold => fold is not null).OfType<FinishedFold>();

    /// <summary>One fold after another, deciding at each whether to fit by the forecasts known there.</summary>
    private void RunInOrder()
    {
        var known = new KnownForecasts();
        var fits = new List<RollingOriginFold>();
        FittedModel? model = null;
        var isCurrent = false;
        foreach (var asPlanned in _folds)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (_finished[asPlanned.Index] is { } finished)
            {
                if (finished.Fitted)
                {
                    fits.Add(asPlanned);
                    isCurrent = false;
                    known.Clear();
                }

                known.Add(finished.Rows);
                continue;
            }

            if (asPlanned.Index > 0 && IsOutOfTime)
            {
                return;
            }

            var fold = asPlanned with { Fit = fits.Count == 0 || IsDue(asPlanned, fits[^1], known) };
            var isWarm = _options.RefitStart == RefitStart.Warm;
            if (fold.Fit)
            {
                model = Fit(fold, isWarm && fits.Count > 0 ? Current() : null);
                fits.Add(fold);
                isCurrent = true;
                known.Clear();
            }

            Forecast(fold, Current());
            known.Add(_finished[fold.Index]!.Rows);

            // The model in force, fitted again where its fold was finished by an earlier run.
            FittedModel Current()
            {
                if (!isCurrent)
                {
                    FittedModel? before = null;
                    foreach (var fit in isWarm ? fits : fits[^1..])
                    {
                        before = Fit(fit, before);
                    }

                    (model, isCurrent) = (before, true);
                }

                return model!;
            }
        }
    }

    private bool IsDue(RollingOriginFold fold, RollingOriginFold lastFit, KnownForecasts known)
    {
        var origin = _work.OriginOf(fold);
        try
        {
            return _options.Refit.IsDue(
                new RefitQuestion(fold, origin, lastFit.Index, _work.OriginOf(lastFit), known.UpTo(origin)));
        }
        catch (Exception exception)
        {
            throw new FoldFault(fold.Index, origin, null, exception);
        }
    }
}
