using System.Numerics.Tensors;
using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>
/// The mean of the history at the origin, f[n+h] = (1/w) sum of y[n-w+1..n], over the last w rows or over all of them.
/// </summary>
public sealed class MeanForecaster : LocalForecaster<NoParameters>
{
    /// <summary>Creates the forecaster.</summary>
    /// <param name="window">Rows to average, w; null averages the whole history.</param>
    /// <exception cref="ConfigurationException">The window is below 1.</exception>
    public MeanForecaster(int? window = null)
    {
        if (window < 1)
        {
            throw new ConfigurationException($"Mean: window is {window}; give at least 1 row, or null for the whole history.");
        }

        Window = window;
    }

    /// <summary>Rows averaged; null for the whole history.</summary>
    public int? Window { get; }

    /// <inheritdoc />
    public override string Name => Window is null ? "mean" : $"mean-{Window}";

    /// <inheritdoc />
    public override int MinimumFitRows => Window ?? 1;

    /// <inheritdoc />
    protected override NoParameters FitSeries(TimeSeries history, NoParameters? warmStart) => NoParameters.Instance;

    /// <inheritdoc />
    protected internal override int MinimumHistory(NoParameters parameters) => Window ?? 1;

    /// <inheritdoc />
    protected internal override void Forecast(TimeSeries history, NoParameters parameters, Span<double> mean)
    {
        var rows = history.Values.Span[^(Window ?? history.Length)..];
        mean.Fill(TensorPrimitives.Sum(rows) / rows.Length);
    }
}
