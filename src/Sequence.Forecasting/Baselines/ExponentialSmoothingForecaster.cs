using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;
using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>
/// Exponential smoothing in the Holt-Winters family: a level, optionally a trend (straight or damped) and a season
/// (additive or multiplicative) of m rows. With an additive season
/// <code>
/// l[t] = alpha (y[t] - s[t-m]) + (1 - alpha)(l[t-1] + phi b[t-1])
/// b[t] = beta (l[t] - l[t-1]) + (1 - beta) phi b[t-1]
/// s[t] = gamma (y[t] - l[t-1] - phi b[t-1]) + (1 - gamma) s[t-m]
/// f[n+h] = l[n] + (phi + ... + phi^h) b[n] + s[n+h-m*ceil(h/m)]
/// </code>
/// and with a multiplicative one the season divides and multiplies instead of being subtracted and added.
/// </summary>
/// <remarks>
/// The parameters minimise the sum of squared one-step errors: Nelder-Mead from a few fixed starting points (or from the
/// earlier parameters in a warm start), so a fit is reproducible. The initial state comes from the first rows of
/// whatever history is given. Sources: Hyndman and Athanasopoulos, Forecasting: principles and practice, 3rd edition,
/// sections 8.1 to 8.4; Hyndman, Koehler, Ord and Snyder, Forecasting with exponential smoothing, 2008.
/// </remarks>
public sealed class ExponentialSmoothingForecaster : LocalForecaster<ExponentialSmoothingParameters>
{
    private const double Smallest = 1e-4;
    private const double LeastDamping = 0.98;
    private const double MostDamping = 0.8;

    private static readonly ExponentialSmoothingParameters[] Starts =
    [
        new(0.2, 0.1, 0.1, 0.95), new(0.5, 0.1, 0.3, 0.9), new(0.9, 0.05, 0.5, 0.95),
    ];

    /// <summary>Creates the forecaster.</summary>
    /// <param name="trend">How it continues a trend.</param>
    /// <param name="season">How a season acts on the level.</param>
    /// <param name="period">Rows in a season, m; at least 2 with a season, otherwise unread.</param>
    /// <exception cref="ConfigurationException">An option cannot be used.</exception>
    public ExponentialSmoothingForecaster(
        TrendComponent trend = TrendComponent.None, SeasonComponent season = SeasonComponent.None, int period = 1)
    {
        var faults = new List<string>();
        if (!Enum.IsDefined(trend))
        {
            faults.Add($"Exponential smoothing: trend is {trend}; give None, Additive or Damped.");
        }

        if (!Enum.IsDefined(season))
        {
            faults.Add($"Exponential smoothing: season is {season}; give None, Additive or Multiplicative.");
        }

        if (season != SeasonComponent.None && period is < 2 or > 1_000_000)
        {
            faults.Add($"Exponential smoothing: period is {period}; a season has between 2 and 1000000 rows.");
        }

        ConfigurationException.ThrowIfAny(faults);
        Trend = trend;
        Season = season;
        Period = season == SeasonComponent.None ? 1 : period;
    }

    /// <summary>How it continues a trend.</summary>
    public TrendComponent Trend { get; }

    /// <summary>How a season acts on the level.</summary>
    public SeasonComponent Season { get; }

    /// <summary>Rows in a season; 1 without one.</summary>
    public int Period { get; }

    /// <summary>"ets" with trend and season, for example "ets-damped-additive-12".</summary>
    public override string Name
    {
        get
        {
            var trend = Trend switch { TrendComponent.Additive => "-trend", TrendComponent.Damped => "-damped", _ => string.Empty };
            return Season switch
            {
                SeasonComponent.Additive => $"ets{trend}-additive-{Period}",
                SeasonComponent.Multiplicative => $"ets{trend}-multiplicative-{Period}",
                _ => $"ets{trend}",
            };
        }
    }

    /// <summary>Two seasons and at least 4 rows.</summary>
    public override int MinimumFitRows => Math.Max(4, 2 * Period);

    /// <inheritdoc />
    protected override ExponentialSmoothingParameters FitSeries(
        TimeSeries history, ExponentialSmoothingParameters? warmStart)
    {
        ArgumentNullException.ThrowIfNull(history);
        RequireUsable(history);
        var values = history.Values;
        var initial = ExponentialSmoothingState.Initial(
            values.Span, Trend != TrendComponent.None, Season, Period);
        var scale = ScaleOf(values.Span);
        var best = warmStart ?? Starts[0];
        var leastError = double.PositiveInfinity;

        double Error(Vector<double> point)
        {
            var parameters = Unpack(point);
            var error = initial.Copy().Filter(values.Span, parameters) / scale;
            if (error < leastError)
            {
                leastError = error;
                best = parameters;
            }

            // The simplex cannot order points by NaN, which a multiplicative season reaches when the level crosses zero.
            return double.IsFinite(error) ? error : double.MaxValue / 4;
        }

        foreach (var start in warmStart is null ? Starts : [warmStart])
        {
            try
            {
                NelderMeadSimplex.Minimum(ObjectiveFunction.Value(Error), Pack(start), 1e-10, 400);
            }
            catch (MaximumIterationsException)
            {
                // The best point seen is kept in any case; a flat valley needs no further digits.
            }
        }

        return double.IsFinite(leastError)
            ? best
            : throw new DataFormatException(
                $"Series '{history.Id}': the errors of {Name} leave the range of numbers; rescale the series.");
    }

    /// <inheritdoc />
    protected internal override int MinimumHistory(ExponentialSmoothingParameters parameters) =>
        Season != SeasonComponent.None ? 2 * Period : Trend != TrendComponent.None ? 2 : 1;

    /// <inheritdoc />
    protected internal override void Forecast(
        TimeSeries history, ExponentialSmoothingParameters parameters, Span<double> mean)
    {
        RequireUsable(history);
        var values = history.Values.Span;
        var state = ExponentialSmoothingState.Initial(values, Trend != TrendComponent.None, Season, Period);
        state.Filter(values, parameters);
        state.Forecast(parameters.Phi, mean);
    }

    private static double ScaleOf(ReadOnlySpan<double> values)
    {
        var mean = LinearTrend.Fit(values).Mean;
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += (value - mean) * (value - mean);
        }

        return sum > 0 ? sum : 1;
    }

    private static double Into(double value, double least, double most) =>
        least + ((most - least) / (1 + Math.Exp(-value)));

    private static double OutOf(double value, double least, double most)
    {
        // A warm start may sit on a bound, whose image lies at infinity.
        var share = Math.Clamp((value - least) / (most - least), 0.001, 0.999);
        return Math.Log(share / (1 - share));
    }

    private void RequireUsable(TimeSeries history)
    {
        if (Season == SeasonComponent.Multiplicative)
        {
            HistoryCheck.RequirePositive(history, Name);
        }
    }

    private Vector<double> Pack(ExponentialSmoothingParameters parameters)
    {
        var point = new List<double> { OutOf(parameters.Alpha, Smallest, 1 - Smallest) };
        if (Trend != TrendComponent.None)
        {
            point.Add(OutOf(parameters.Beta, Smallest, 1 - Smallest));
        }

        if (Season != SeasonComponent.None)
        {
            point.Add(OutOf(parameters.Gamma / (1 - parameters.Alpha), Smallest, 1 - Smallest));
        }

        if (Trend == TrendComponent.Damped)
        {
            point.Add(OutOf(parameters.Phi, MostDamping, LeastDamping));
        }

        return Vector<double>.Build.DenseOfEnumerable(point);
    }

    private ExponentialSmoothingParameters Unpack(Vector<double> point)
    {
        var next = 0;
        var alpha = Into(point[next++], Smallest, 1 - Smallest);
        var beta = Trend == TrendComponent.None ? 0 : Into(point[next++], Smallest, 1 - Smallest);
        var gamma = Season == SeasonComponent.None ? 0 : (1 - alpha) * Into(point[next++], Smallest, 1 - Smallest);
        var phi = Trend == TrendComponent.Damped ? Into(point[next], MostDamping, LeastDamping) : 1;
        return new ExponentialSmoothingParameters(alpha, beta, gamma, phi);
    }
}
