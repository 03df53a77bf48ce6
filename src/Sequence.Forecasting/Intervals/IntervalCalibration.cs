using System.Text.Json;
using System.Text.Json.Serialization;
using Sequence.Data;
using Sequence.Data.Checkpoints;

namespace Sequence.Forecasting;

/// <summary>
/// What split-conformal calibration learns: for each step ahead the sorted scores of a model on rows it was not fitted
/// on. A score is an absolute error over the scale at its origin, |y - f| / s. The half-width of an interval is s at the
/// new origin times q, the k-th smallest of the n scores, k = ceil((n + 1) level / 100). When the scores to come are
/// exchangeable with these, it covers with probability at least level, and at most level + 100 / (n + 1) when no two
/// scores are equal. Without a scale, s = 1: every origin has the same width. Serialises with System.Text.Json.
/// </summary>
/// <remarks>
/// Sources: Lei, G'Sell, Rinaldo, Tibshirani and Wasserman, Distribution-free predictive inference for regression, 2018,
/// section 2.2 and for the scale section 5.2 (locally weighted conformal inference); one score list a step as in
/// Stankeviciute, Alaa and van der Schaar, Conformal time-series forecasting, 2021. Scores of a time series are
/// exchangeable only roughly, so coverage is to be checked by rolling origin.
/// </remarks>
public sealed record IntervalCalibration
{
    /// <summary>Creates a calibration.</summary>
    /// <param name="scores">For each step ahead, the scores in ascending order, [horizon][n of the step].</param>
    /// <param name="scale">What the absolute errors were divided by; null when by nothing.</param>
    /// <exception cref="DataFormatException">A step has no scores, or they are negative, not finite or not sorted.</exception>
    [JsonConstructor]
    public IntervalCalibration(double[][] scores, VolatilityScale? scale = null)
    {
        if (scores is null || scores.Length == 0)
        {
            throw new DataFormatException("An interval calibration holds no scores; calibrate on at least one row.");
        }

        for (var step = 0; step < scores.Length; step++)
        {
            if (!IsUsable(scores[step]))
            {
                throw new DataFormatException(
                    $"The interval calibration of step {step + 1} is not an ascending list of at least one finite, " +
                    "non-negative score; calibrate again.");
            }
        }

        Scores = scores;
        Scale = scale;
    }

    /// <summary>For each step ahead, the scores in ascending order, [horizon][n of the step].</summary>
    public double[][] Scores { get; }

    /// <summary>What the absolute errors were divided by; null when by nothing, so that every origin has the same width.</summary>
    public VolatilityScale? Scale { get; }

    /// <summary>Steps ahead that are calibrated.</summary>
    [JsonIgnore]
    public int Horizon => Scores.Length;

    /// <summary>Reads a calibration as it stands in a manifest.</summary>
    /// <param name="element">The calibration.</param>
    /// <param name="place">Where it stands, for error messages.</param>
    /// <exception cref="JsonException">A field is missing, unknown or of another type.</exception>
    /// <exception cref="DataFormatException">A step has no scores, or they are negative, not finite or not sorted.</exception>
    public static IntervalCalibration FromJson(JsonElement element, string place)
    {
        var fields = new JsonFields(element, place);
        List<double[]> scores = [];
        foreach (var step in fields.List(nameof(Scores)))
        {
            scores.Add(ReadScores(step, fields));
        }

        var scale = fields.Optional(nameof(Scale)) is { } stored
            ? VolatilityScale.FromJson(stored, $"{place}.{nameof(Scale)}")
            : null;
        fields.RequireNoOther();
        return new IntervalCalibration([.. scores], scale);
    }

    /// <summary>Makes a calibration of errors in any order.</summary>
    /// <param name="errors">
    /// For each step ahead, errors of either sign, already divided by the scale at their origins, [horizon][n of the step].
    /// </param>
    /// <param name="scale">What they were divided by; null when by nothing.</param>
    /// <exception cref="DataFormatException">A step has no errors, or one is not finite.</exception>
    public static IntervalCalibration FromErrors(
        IReadOnlyList<IReadOnlyList<double>> errors, VolatilityScale? scale = null)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return new IntervalCalibration(errors.Select(step => step.Select(Math.Abs).Order().ToArray()).ToArray(), scale);
    }

    /// <summary>
    /// Rolls an already fitted model over the last rows of a history. Origins are the row before the first calibration
    /// row up to the row before the last, one row apart; step s therefore has calibrationRows - s + 1 scores. The scale of
    /// an origin is that of the rows up to it, with its reference from the rows before the first calibration row; when the
    /// series does not move there, there is no scale and every origin has the same width.
    /// </summary>
    /// <param name="model">Fitted on rows before the calibration rows only.</param>
    /// <param name="history">The series with the calibration rows at its end.</param>
    /// <param name="calibrationRows">How many; at least the horizon.</param>
    /// <param name="horizon">Steps ahead to calibrate; at least 1.</param>
    /// <param name="scaleSpan">
    /// Span of the <see cref="VolatilityScale"/>, at least 1; null for the same width at every origin.
    /// </param>
    /// <param name="cancellationToken">Stops between origins.</param>
    /// <exception cref="DataFormatException">The history is too short or has missing values.</exception>
    public static IntervalCalibration Calibrate(
        IForecastModel model,
        TimeSeries history,
        int calibrationRows,
        int horizon,
        int? scaleSpan = VolatilityScale.DefaultSpan,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(calibrationRows, horizon);
        ArgumentOutOfRangeException.ThrowIfLessThan(scaleSpan ?? 1, 1, nameof(scaleSpan));
        var firstOrigin = history.Length - calibrationRows;
        if (firstOrigin < Math.Max(1, model.MinimumHistory))
        {
            throw new DataFormatException(
                $"Series '{history.Id}' has {history.Length} rows; {calibrationRows} for calibration leave " +
                $"{firstOrigin}, but {model.Name} needs {Math.Max(1, model.MinimumHistory)} before them. " +
                "Give a longer history or calibrate on fewer rows.");
        }

        HistoryCheck.RequireFinite(history, firstOrigin);
        var values = history.Values;
        var scale = scaleSpan is { } span ? VolatilityScale.Estimate(values.Span[..firstOrigin], span) : null;
        var errors = Enumerable.Range(0, horizon).Select(_ => new List<double>(calibrationRows)).ToArray();
        for (var rows = firstOrigin; rows < history.Length; rows++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ahead = Math.Min(horizon, history.Length - rows);
            var mean = model.Forecast(history.Slice(0, rows), horizon).Mean;
            var atOrigin = scale?.At(values.Span[..rows]) ?? 1;
            for (var step = 0; step < ahead; step++)
            {
                errors[step].Add((values.Span[rows + step] - mean[step]) / atOrigin);
            }
        }

        return FromErrors(errors, scale);
    }

    /// <summary>The score that gives an interval its level at a step, q; times the scale it is half the width.</summary>
    /// <param name="level">Coverage in percent, in (0, 100).</param>
    /// <param name="step">Steps ahead, from 1 to <see cref="Horizon"/>.</param>
    /// <exception cref="ConfigurationException">The level is outside (0, 100), or there are too few scores for it.</exception>
    /// <exception cref="ModelException">The step is not calibrated.</exception>
    public double Quantile(double level, int step)
    {
        IntervalLevels.Require([level]);
        if (step < 1 || step > Horizon)
        {
            throw new ModelException(
                $"Intervals are calibrated for steps 1 to {Horizon}, not for step {step}; calibrate with a longer horizon.");
        }

        var scores = Scores[step - 1];
        var rank = (int)RankOf(level, scores.Length);
        if (rank > scores.Length)
        {
            var needed = (int)Math.Ceiling((level / (100 - level)) - 1e-9);
            throw new ConfigurationException(
                $"An interval of {level} % at step {step} needs at least {needed} calibration errors, there are " +
                $"{scores.Length}. Calibrate on more rows, or ask for a level up to " +
                $"{Math.Floor(10_000.0 * scores.Length / (scores.Length + 1)) / 100} %.");
        }

        return scores[Math.Max(rank, 1) - 1];
    }

    /// <summary>Intervals mean -/+ half-width around point forecasts, narrowest level first.</summary>
    /// <param name="history">Everything known at the origin, which gives the scale; not read without a scale.</param>
    /// <param name="mean">Point forecasts, [at most <see cref="Horizon"/>].</param>
    /// <param name="levels">Coverage in percent, each in (0, 100).</param>
    /// <exception cref="ConfigurationException">A level is outside (0, 100), or there are too few scores for it.</exception>
    /// <exception cref="ModelException">There are more steps than are calibrated.</exception>
    public IReadOnlyList<PredictionInterval> Around(
        TimeSeries history, IReadOnlyList<double> mean, IReadOnlyList<double> levels)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(levels);
        var scale = Scale?.At(history.Values.Span) ?? 1;
        return IntervalLevels.Require(levels).Select(level =>
        {
            var halfWidths = mean.Select((_, index) => scale * Quantile(level, index + 1)).ToArray();
            return new PredictionInterval(
                level,
                mean.Zip(halfWidths, (centre, half) => centre - half).ToArray(),
                mean.Zip(halfWidths, (centre, half) => centre + half).ToArray());
        }).ToArray();
    }

    /// <summary>The highest level this many steps can be given, 100 n / (n + 1) percent with the n scores of the step that has fewest.</summary>
    /// <param name="horizon">Steps ahead, from 1 to <see cref="Horizon"/>.</param>
    public double WidestLevel(int horizon)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(horizon, Horizon);
        var fewest = Scores.Take(horizon).Min(scores => scores.Length);
        return 100.0 * fewest / (fewest + 1);
    }

    /// <summary>
    /// Intervals that are as wide as other levels ask, reported under the levels promised: what <see cref="AdaptiveConformal"/>
    /// finds. An effective level above <see cref="WidestLevel"/> gives the widest interval there is, one at or below 0 the
    /// narrowest; that of a higher promised level counts for no less than that of a lower one, so that intervals stay within
    /// one another.
    /// </summary>
    /// <param name="history">Everything known at the origin, which gives the scale; not read without a scale.</param>
    /// <param name="mean">Point forecasts, [at most <see cref="Horizon"/>].</param>
    /// <param name="levels">Promised coverage in percent, each in (0, 100).</param>
    /// <param name="effectiveLevels">The level each is asked at, in percent, in the same order.</param>
    /// <returns>Narrowest promised level first.</returns>
    /// <exception cref="ConfigurationException">A promised level is outside (0, 100).</exception>
    /// <exception cref="ModelException">There are more steps than are calibrated, or the lists differ in length.</exception>
    public IReadOnlyList<PredictionInterval> Around(
        TimeSeries history, IReadOnlyList<double> mean, IReadOnlyList<double> levels, IReadOnlyList<double> effectiveLevels)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(effectiveLevels);
        IntervalLevels.Require(levels);
        if (levels.Count != effectiveLevels.Count)
        {
            throw new ModelException($"Each level has an effective one; there are [{levels.Count}] and [{effectiveLevels.Count}].");
        }

        if (mean.Count > Horizon)
        {
            throw new ModelException(
                $"Intervals are calibrated for steps 1 to {Horizon}, not for step {mean.Count}; calibrate with a longer horizon.");
        }

        var scale = Scale?.At(history.Values.Span) ?? 1;
        var reached = double.NegativeInfinity;
        return levels.Zip(effectiveLevels).OrderBy(pair => pair.First).Select(pair =>
        {
            reached = Math.Max(reached, pair.Second);
            var halfWidths = mean.Select((_, index) => scale * Scores[index][Rank(reached, index) - 1]).ToArray();
            return new PredictionInterval(
                pair.First,
                mean.Zip(halfWidths, (centre, half) => centre - half).ToArray(),
                mean.Zip(halfWidths, (centre, half) => centre + half).ToArray());
        }).ToArray();

        int Rank(double level, int index) =>
            (int)Math.Clamp(RankOf(level, Scores[index].Length), 1, Scores[index].Length);
    }

    // Without the slack, 0.95 * 20 = 19.000000000000004 would ask for the 20th.
    private static double RankOf(double level, int scores) => Math.Ceiling(((scores + 1) * level / 100) - 1e-9);

    private static double[] ReadScores(JsonElement step, JsonFields fields)
    {
        const string Expected = "a list of lists of numbers";
        if (step.ValueKind != JsonValueKind.Array)
        {
            throw fields.Fault(nameof(Scores), Expected);
        }

        var scores = new double[step.GetArrayLength()];
        var index = 0;
        foreach (var score in step.EnumerateArray())
        {
            scores[index++] = score.ValueKind == JsonValueKind.Number
                ? score.GetDouble()
                : throw fields.Fault(nameof(Scores), Expected);
        }

        return scores;
    }

    private static bool IsUsable(double[]? scores)
    {
        if (scores is null || scores.Length == 0)
        {
            return false;
        }

        var before = 0.0;
        foreach (var score in scores)
        {
            if (!double.IsFinite(score) || score < before)
            {
                return false;
            }

            before = score;
        }

        return true;
    }
}
