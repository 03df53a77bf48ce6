using Sequence.Data;
using Sequence.Data.Scalers;
using Sequence.Forecasting;

namespace Sequence.Streaming;

/// <summary>
/// A forecast model that maps the last rows of a series, scaled, to scaled forecasts: x = transform(last look-back + lag
/// values), y = f(x), forecast = invert(y, anchored at the last value). What f runs on, the derived type decides.
/// Thread-safe when f is.
/// </summary>
/// <remarks>
/// A series is scaled by the scaler fitted on it in training. A series without one is refused, even when there is only
/// one scaler: the level of one series says nothing about another's. Intervals come from <see cref="CalibratedModel"/>
/// around this model.
/// </remarks>
public abstract class WindowForecastModel : IForecastModel
{
    /// <summary>Creates the model.</summary>
    /// <param name="name">Name of the forecaster that fitted it.</param>
    /// <param name="architecture">Gives look-back and horizon; its only feature is the target.</param>
    /// <param name="scalers">The fitted scaler of each series; at least one.</param>
    /// <exception cref="ModelException">The architecture has other inputs than the target, or there is no scaler.</exception>
    protected WindowForecastModel(
        string name, Architecture architecture, IReadOnlyDictionary<string, Scaler> scalers)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(scalers);
        if (architecture.Features != 1)
        {
            throw new ModelException(
                $"Model '{name}' takes {architecture.Features} inputs a row; forecasting from the target alone needs 1.");
        }

        if (scalers.Count == 0)
        {
            throw new ModelException($"Model '{name}' has no scalers, so it was fitted on no series.");
        }

        Name = name;
        Architecture = architecture;
        Scalers = scalers;
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <summary>What the model computes.</summary>
    public Architecture Architecture { get; }

    /// <summary>The fitted scaler of each series, by series identifier.</summary>
    public IReadOnlyDictionary<string, Scaler> Scalers { get; }

    /// <inheritdoc />
    public int MinimumHistory => Architecture.LookBack + Scalers.Values.Max(scaler => scaler.Lag);

    /// <inheritdoc />
    /// <remarks>The intervals are empty: <paramref name="levels"/> is read by <see cref="CalibratedModel"/>.</remarks>
    public Forecast Forecast(TimeSeries history, int horizon, IReadOnlyList<double>? levels = null)
    {
        var window = new float[Architecture.LookBack];
        var (scaler, last) = Scale(history, horizon, window);
        var output = new float[Architecture.Horizon];
        Evaluate(window, output);
        return Unscale(history, horizon, output, scaler, last);
    }

    /// <summary>Forecasts several histories in one evaluation, each as <see cref="Forecast"/> does.</summary>
    /// <param name="questions">Histories, and how many steps ahead each is forecast.</param>
    /// <returns>The forecasts, in the order of the questions; without intervals.</returns>
    /// <exception cref="DataFormatException">A history is too short, has missing values, or is of an unknown series.</exception>
    /// <exception cref="ModelException">A horizon is longer than the model's, or a forecast is not finite.</exception>
    public Forecast[] ForecastBatch(IReadOnlyList<(TimeSeries History, int Horizon)> questions)
    {
        ArgumentNullException.ThrowIfNull(questions);
        if (questions.Count == 0)
        {
            return [];
        }

        var windows = new float[questions.Count * Architecture.LookBack];
        var scales = new (Scaler Scaler, double Last)[questions.Count];
        for (var index = 0; index < scales.Length; index++)
        {
            var (history, horizon) = questions[index];
            scales[index] = Scale(history, horizon, windows.AsSpan(index * Architecture.LookBack, Architecture.LookBack));
        }

        var outputs = new float[questions.Count * Architecture.Horizon];
        EvaluateBatch(windows, outputs, questions.Count);
        return [.. questions.Select((question, index) => Unscale(
            question.History,
            question.Horizon,
            outputs.AsSpan(index * Architecture.Horizon, Architecture.Horizon),
            scales[index].Scaler,
            scales[index].Last))];
    }

    /// <summary>The function f.</summary>
    /// <param name="window">Scaled values, [look-back], oldest first.</param>
    /// <param name="output">Scaled forecasts, [trained horizon].</param>
    protected abstract void Evaluate(ReadOnlySpan<float> window, Span<float> output);

    /// <summary>The function f of several windows; one after the other unless the derived type has a better way.</summary>
    /// <param name="windows">Scaled values, [count, look-back].</param>
    /// <param name="outputs">Scaled forecasts, [count, trained horizon].</param>
    /// <param name="count">Number of windows.</param>
    protected virtual void EvaluateBatch(ReadOnlySpan<float> windows, Span<float> outputs, int count)
    {
        for (var index = 0; index < count; index++)
        {
            Evaluate(
                windows.Slice(index * Architecture.LookBack, Architecture.LookBack),
                outputs.Slice(index * Architecture.Horizon, Architecture.Horizon));
        }
    }

    private (Scaler Scaler, double Last) Scale(TimeSeries history, int horizon, Span<float> window)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        if (horizon > Architecture.Horizon)
        {
            throw new ModelException(
                $"Model '{Name}' was trained to forecast {Architecture.Horizon} steps; {horizon} are asked for. Shorten the " +
                "horizon, or train with a longer one.");
        }

        if (!Scalers.TryGetValue(history.Id, out var scaler))
        {
            var known = string.Join(", ", Scalers.Keys.Order(StringComparer.Ordinal).Take(5));
            throw new DataFormatException(
                $"Model '{Name}' was not trained on series '{history.Id}' but on {Scalers.Count}: {known}" +
                $"{(Scalers.Count > 5 ? ", ..." : string.Empty)}.");
        }

        var values = Window(history, Architecture.LookBack + scaler.Lag);
        var scaled = new double[Architecture.LookBack];
        scaler.Transform(values, scaled);
        for (var row = 0; row < scaled.Length; row++)
        {
            window[row] = (float)scaled[row];
        }

        return (scaler, values[^1]);
    }

    private Forecast Unscale(TimeSeries history, int horizon, ReadOnlySpan<float> output, Scaler scaler, double last)
    {
        var mean = new double[horizon];
        for (var index = 0; index < horizon; index++)
        {
            mean[index] = output[index];
        }

        scaler.Invert(mean, last, mean);
        var step = Array.FindIndex(mean, value => !double.IsFinite(value));
        if (step >= 0)
        {
            throw new ModelException(
                $"Model '{Name}' leaves the range of numbers on series '{history.Id}' at step {step + 1} of {horizon}; the " +
                "last values lie far outside those it was trained on. Train again.");
        }

        return new Forecast(history.Id, history.Timestamps.Span[^1], history.FutureTimestamps(horizon), mean, []);
    }

    private ReadOnlySpan<double> Window(TimeSeries history, int rows)
    {
        if (history.Length < rows)
        {
            throw new DataFormatException(
                $"Series '{history.Id}' has {history.Length} rows; model '{Name}' needs at least {rows}. Give a longer history.");
        }

        var start = history.Length - rows;
        var values = history.Values.Span[start..];
        for (var row = 0; row < rows; row++)
        {
            if (!double.IsFinite(values[row]))
            {
                throw new DataFormatException(
                    $"Series '{history.Id}' has the value {values[row]} at {history.Timestamps.Span[start + row]:u} (row " +
                    $"{start + row}), within the last {rows} rows that model '{Name}' reads. Resolve missing values first.");
            }
        }

        return values;
    }
}
