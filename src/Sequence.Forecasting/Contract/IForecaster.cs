using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>
/// A way of making forecasts: given a past, it fits a model. Holds options, never state, so that several fits may run at
/// the same time.
/// </summary>
public interface IForecaster
{
    /// <summary>Short name for tables, for example "seasonal-naive-5".</summary>
    string Name { get; }

    /// <summary>
    /// Tells this forecaster from one that would fit another model on the same history. A stopped evaluation goes on only
    /// with a forecaster of the same fingerprint.
    /// </summary>
    /// <value>Default: the type and the name; a forecaster with options that its name does not hold adds them.</value>
    string Fingerprint => $"{GetType().FullName} {Name}";

    /// <summary>Fits on everything in <paramref name="history"/> and nothing after it.</summary>
    /// <param name="history">Series up to the origin, without missing values.</param>
    /// <param name="warmStart">A model this forecaster fitted before, to start from; null fits from cold.</param>
    /// <param name="cancellationToken">Stops a long fit.</param>
    /// <exception cref="DataFormatException">A series is too short or has missing values.</exception>
    IForecastModel Fit(Panel history, IForecastModel? warmStart = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Fits with a seed and a validation part beside the warm start. A forecaster with no use for them, the default, is
    /// fitted on all rows.
    /// </summary>
    /// <param name="history">Series up to the origin, without missing values.</param>
    /// <param name="context">Warm start, validation part and seed.</param>
    /// <param name="cancellationToken">Stops a long fit.</param>
    /// <exception cref="DataFormatException">A series is too short or has missing values.</exception>
    IForecastModel Fit(Panel history, FitContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Fit(history, context.WarmStart, cancellationToken);
    }
}
