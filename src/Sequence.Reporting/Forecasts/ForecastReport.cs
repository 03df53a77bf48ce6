using System.Globalization;

namespace Sequence.Reporting;

/// <summary>
/// What a forecasting run found, and its page: the data, the models beside their baselines, the forecast with its intervals,
/// errors by horizon, residuals, training curves, and how to make it again. Parts without content are left out.
/// </summary>
public sealed record ForecastReport
{
    /// <summary>File name of the page.</summary>
    public const string FileName = "index.html";

    private const int ForecastColor = 1;

    /// <summary>Title of the page.</summary>
    public required string Title { get; init; }

    /// <summary>A sentence below the title.</summary>
    public string? Subtitle { get; init; }

    /// <summary>Name of what is forecast, with its unit; the vertical axis of the charts.</summary>
    public required string Target { get; init; }

    /// <summary>The data: source, rows, period, frequency, split.</summary>
    public IReadOnlyList<ReportFact> Data { get; init; } = [];

    /// <summary>Columns of the table of models.</summary>
    public IReadOnlyList<ReportMeasure> Measures { get; init; } = [];

    /// <summary>Rows of the table of models, each with one value a measure.</summary>
    public IReadOnlyList<ModelScore> Models { get; init; } = [];

    /// <summary>How the measures were taken: folds, horizon, refits.</summary>
    public string? Evaluation { get; init; }

    /// <summary>The forecast past the end of the data.</summary>
    public ForecastFan? Forecast { get; init; }

    /// <summary>Errors by step of the horizon.</summary>
    public IReadOnlyList<HorizonErrors> ErrorsByHorizon { get; init; } = [];

    /// <summary>Residuals of one model.</summary>
    public ResidualSeries? Residuals { get; init; }

    /// <summary>Losses by epoch.</summary>
    public IReadOnlyList<TrainingCurve> Training { get; init; } = [];

    /// <summary>How the run is made again: command, seed, versions, machine, time.</summary>
    public IReadOnlyList<ReportFact> Provenance { get; init; } = [];

    /// <summary>Writes the page as <see cref="FileName"/> into a folder, whole or not at all.</summary>
    /// <returns>Full path of the page.</returns>
    /// <exception cref="ArgumentException">Columns that belong together differ in length.</exception>
    /// <exception cref="SequenceException">The file cannot be written.</exception>
    public async Task<string> WriteAsync(string directory, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var path = Path.GetFullPath(Path.Combine(directory, FileName));
        await ToHtmlReport().WriteAsync(path, cancellationToken);
        return path;
    }

    /// <summary>The page, to which more can be added.</summary>
    /// <exception cref="ArgumentException">Columns that belong together differ in length.</exception>
    public HtmlReport ToHtmlReport()
    {
        var report = new HtmlReport(Title, Subtitle);
        if (Forecast is { } forecast)
        {
            report.AddHeading("Forecast").AddChart(FanChart(forecast));
        }

        if (Models.Count > 0)
        {
            report.AddHeading("Models").AddTable(ModelTable());
        }

        if (ErrorsByHorizon.Count > 0)
        {
            report.AddHeading("Errors by horizon").AddChart(HorizonChart());
        }

        if (Residuals is { } residuals)
        {
            AddResiduals(report, residuals);
        }

        if (Training.Count > 0)
        {
            report.AddHeading("Training");
            foreach (var curve in Training)
            {
                report.AddChart(TrainingChart(curve));
            }
        }

        if (Data.Count > 0)
        {
            report.AddHeading("Data").AddFacts(Data);
        }

        if (Provenance.Count > 0)
        {
            report.AddHeading("How this was made").AddFacts(Provenance);
        }

        return report;
    }

    private ReportTable ModelTable()
    {
        if (Models.FirstOrDefault(model => model.Values.Count != Measures.Count) is { } odd)
        {
            throw new ArgumentException($"Model '{odd.Model}' has {odd.Values.Count} values for {Measures.Count} measures.");
        }

        var best = Measures.Select((measure, column) =>
        {
            var values = Models.Select(model => model.Values[column]).Where(double.IsFinite).ToArray();
            return values.Length < 2 || measure.Goal == MeasureGoal.None ? double.NaN
                : measure.Goal == MeasureGoal.Lowest ? values.Min() : values.Max();
        }).ToArray();
        var rows = Models.Select(model => new ReportRow(
            [
                new ReportCell(model.IsBaseline ? $"{model.Model} (baseline)" : model.Model),
                .. model.Values.Select((value, column) => new ReportCell(value) { IsBest = value == best[column] }),
            ],
            model.IsBaseline));
        var caption = Evaluation is null ? "Bold: the best of its column." : $"{Evaluation} Bold: the best of its column.";
        return new ReportTable(["Model", .. Measures.Select(measure => measure.Name)], [.. rows], caption);
    }

    private Chart FanChart(ForecastFan forecast)
    {
        var history = Chart.Seconds(forecast.HistoryTimestamps);
        var ahead = Chart.Seconds(forecast.Timestamps);

        // The forecast starts where the history ends, so that no gap is left between the two.
        double[] joint = forecast.History.Length > 0 && double.IsFinite(forecast.History[^1]) ? [forecast.History[^1]] : [];
        double[] times = joint.Length > 0 ? [history[^1], .. ahead] : ahead;
        var layers = new List<ChartLayer>();
        foreach (var interval in forecast.Intervals.OrderByDescending(interval => interval.Level))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{interval.Level:0.##} % interval");
            layers.Add(new BandLayer(name, times, [.. joint, .. interval.Lower], [.. joint, .. interval.Upper])
            {
                Color = ForecastColor,
            });
        }

        layers.Add(new LineLayer("history", history, forecast.History) { Color = 0 });
        layers.Add(new LineLayer($"forecast ({forecast.Model})", times, [.. joint, .. forecast.Mean]) { Color = ForecastColor });
        var description = $"The last {forecast.History.Length} values of {Target} and the forecast of {forecast.Model} " +
            $"for {forecast.Mean.Length} steps with {forecast.Intervals.Count} intervals.";
        return new Chart($"{Target}: history and forecast", description, layers)
        {
            Axis = ChartAxis.Time,
            VerticalLabel = Target,
        };
    }

    private Chart HorizonChart()
    {
        var layers = ErrorsByHorizon.Select(errors => new LineLayer(
            errors.IsBaseline ? $"{errors.Model} (baseline)" : errors.Model,
            [.. Enumerable.Range(1, errors.MeanAbsoluteErrors.Length).Select(step => (double)step)],
            errors.MeanAbsoluteErrors)
        {
            IsDashed = errors.IsBaseline,
        });
        return new Chart("Mean absolute error by steps ahead", "One line a model; lower is better.", [.. layers])
        {
            Axis = ChartAxis.Count,
            HorizontalLabel = "steps ahead",
            VerticalLabel = $"mean absolute error of {Target}",
            IncludesZero = true,
        };
    }

    private void AddResiduals(HtmlReport report, ResidualSeries residuals)
    {
        var known = residuals.Values.Where(double.IsFinite).ToArray();
        report.AddHeading("Residuals").AddParagraph($"Observed less forecast, {residuals.Model}.");
        report.AddChart(new Chart(
            "Residuals over time",
            "Each dot is one observation less its forecast; without bias they lie evenly about zero.",
            [new PointLayer(residuals.Model, Chart.Seconds(residuals.Timestamps), residuals.Values)])
        {
            Axis = ChartAxis.Time,
            VerticalLabel = $"residual of {Target}",
            IncludesZero = true,
        });
        report.AddChart(new Chart(
            "Distribution of the residuals",
            $"Histogram of {known.Length} residuals.",
            [BarLayer.Histogram(residuals.Model, known)])
        {
            HorizontalLabel = $"residual of {Target}",
            VerticalLabel = "count",
        });
    }

    private static Chart TrainingChart(TrainingCurve curve)
    {
        var layers = new List<ChartLayer> { new LineLayer("training", Epochs(curve.Training), curve.Training) };
        if (curve.Validation.Length > 0)
        {
            layers.Add(new LineLayer("validation", Epochs(curve.Validation), curve.Validation));
        }

        return new Chart($"Loss of {curve.Model}", "Training and validation loss by epoch.", layers)
        {
            Axis = ChartAxis.Count,
            HorizontalLabel = "epoch",
            VerticalLabel = "loss",
            Marks = curve.BestEpoch is { } best ? [new ChartMark(best, best == 0 ? "start kept" : $"best epoch {best}")] : [],
        };

        static double[] Epochs(double[] losses) => [.. Enumerable.Range(1, losses.Length).Select(epoch => (double)epoch)];
    }
}
