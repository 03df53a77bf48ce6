using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Backtesting;

/// <summary>Forecasts of prices as signals for other engines.</summary>
public static class AlphaSignals
{
    /// <summary>
    /// The signal of one forecast. With p the price now, m the mean forecast at the step and b the dead band,
    /// <code>
    /// magnitude  r = m / p - 1
    /// direction  up where r > b, down where r &lt; -b, else flat
    /// sigma      (upper - lower) / (2 z((1 + level) / 2)), of the widest interval at the step
    /// confidence P(up) = Phi((m - p (1 + b)) / sigma), P(down) = Phi((p (1 - b) - m) / sigma), P(flat) = 1 - P(up) - P(down)
    /// </code>
    /// Phi is the normal distribution and z its quantile: the price is taken as normal about the mean, whatever shape the model's own
    /// distribution has, so confidence is an approximation. The three probabilities sum to one; an interval without width makes it 1.
    /// </summary>
    /// <param name="forecast">A forecast of prices.</param>
    /// <param name="priceNow">Price at the origin, positive.</param>
    /// <param name="sourceModel">Name of the model; null without.</param>
    /// <param name="step">Steps ahead, from 1; null for the last.</param>
    /// <param name="deadBand">b, a fraction that is not negative: smaller expected returns are flat.</param>
    /// <param name="weight">Share of the portfolio, not negative; null leaves it to the engine.</param>
    /// <exception cref="ConfigurationException">Lists every fault of step, dead band and weight.</exception>
    /// <exception cref="DataFormatException">
    /// The price is not positive, the forecast or its interval at the step is not finite, the interval is upside down, or the time
    /// forecast does not come after the origin.
    /// </exception>
    public static AlphaSignal From(
        Forecast forecast,
        double priceNow,
        string? sourceModel = null,
        int? step = null,
        double deadBand = 0,
        double? weight = null)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        var steps = step ?? forecast.Horizon;
        Check(forecast, steps, deadBand, weight);
        if (priceNow is not (> 0 and < double.PositiveInfinity))
        {
            throw new DataFormatException($"The price of '{forecast.SeriesId}' at {forecast.Origin:u} is {priceNow}; a signal needs a positive price.");
        }

        var mean = forecast.Mean[steps - 1];
        var period = forecast.Timestamps[steps - 1] - forecast.Origin;
        if (!double.IsFinite(mean) || period <= TimeSpan.Zero)
        {
            throw new DataFormatException(
                $"The forecast of '{forecast.SeriesId}' from {forecast.Origin:u} is {mean} at {forecast.Timestamps[steps - 1]:u}, {steps} steps ahead; " +
                "a signal needs a finite value at a later time.");
        }

        var expected = (mean / priceNow) - 1;
        var direction = expected > deadBand ? AlphaDirection.Up : expected < -deadBand ? AlphaDirection.Down : AlphaDirection.Flat;
        return new AlphaSignal(
            forecast.SeriesId,
            direction,
            expected,
            Confidence(forecast, steps, priceNow, deadBand, direction),
            period,
            steps,
            weight,
            forecast.Origin.UtcDateTime,
            sourceModel);
    }

    private static void Check(Forecast forecast, int steps, double deadBand, double? weight)
    {
        var faults = new List<string>();
        if (steps < 1 || steps > forecast.Horizon)
        {
            faults.Add($"The step is {steps}; the forecast of '{forecast.SeriesId}' has steps 1 to {forecast.Horizon}.");
        }

        if (deadBand is not (>= 0 and < double.PositiveInfinity))
        {
            faults.Add($"The dead band is {deadBand}; give a fraction that is not negative, such as 0.001.");
        }

        if (weight is not (null or (>= 0 and < double.PositiveInfinity)))
        {
            faults.Add($"The weight is {weight}; give a share of the portfolio that is not negative, the direction says which way.");
        }

        ConfigurationException.ThrowIfAny(faults);
    }

    private static double? Confidence(Forecast forecast, int steps, double priceNow, double deadBand, AlphaDirection direction)
    {
        if (forecast.Intervals.Count == 0)
        {
            return null;
        }

        var widest = forecast.Intervals.MaxBy(interval => interval.Level)!;
        var (lower, upper) = (widest.Lower[steps - 1], widest.Upper[steps - 1]);
        var sigma = (upper - lower) / (2 * NormalDistribution.Quantile((1 + (widest.Level / 100)) / 2));
        if (!double.IsFinite(sigma) || sigma < 0)
        {
            throw new DataFormatException(
                $"The {widest.Level} % interval of '{forecast.SeriesId}' from {forecast.Origin:u} is [{lower}, {upper}] {steps} steps ahead; " +
                "a signal needs finite ends, the lower one first.");
        }

        if (sigma == 0)
        {
            return 1;
        }

        var mean = forecast.Mean[steps - 1];
        var rise = NormalDistribution.Cumulative((mean - (priceNow * (1 + deadBand))) / sigma);
        var fall = NormalDistribution.Cumulative(((priceNow * (1 - deadBand)) - mean) / sigma);
        return direction switch
        {
            AlphaDirection.Up => rise,
            AlphaDirection.Down => fall,
            _ => Math.Max(0, 1 - rise - fall),
        };
    }
}
