using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>
/// AR(p) with intercept, y[t] = c + phi[1] y[t-1] + ... + phi[p] y[t-p] + e[t], by conditional least squares (Hamilton,
/// Time Series Analysis, 1994, section 5.2). Steps beyond the first put forecasts in the place of values not yet known.
/// </summary>
/// <remarks>
/// The series is standardised before a thin QR factorisation. Where the lags are collinear (a constant or exactly
/// periodic series) the pseudo-inverse gives the smallest coefficients that fit. Least squares does not force
/// stationarity: an explosive fit forecasts an explosion.
/// </remarks>
public sealed class AutoregressiveForecaster : LocalForecaster<AutoregressiveParameters>
{
    private const double RankTolerance = 1e-9;

    /// <summary>Creates the forecaster.</summary>
    /// <param name="order">Number of lags, p; at least 1.</param>
    /// <exception cref="ConfigurationException">The order is below 1.</exception>
    public AutoregressiveForecaster(int order)
    {
        if (order is < 1 or > 10_000)
        {
            throw new ConfigurationException($"Autoregression: order is {order}; give a number of lags between 1 and 10000.");
        }

        Order = order;
    }

    /// <summary>Number of lags.</summary>
    public int Order { get; }

    /// <inheritdoc />
    public override string Name => $"ar-{Order}";

    /// <summary>2p + 2: one equation more than there are unknowns.</summary>
    public override int MinimumFitRows => (2 * Order) + 2;

    /// <inheritdoc />
    protected override AutoregressiveParameters FitSeries(TimeSeries history, AutoregressiveParameters? warmStart)
    {
        ArgumentNullException.ThrowIfNull(history);
        var values = history.Values.Span;
        var mean = TensorPrimitives.Sum(values) / values.Length;
        var centred = new double[values.Length];
        TensorPrimitives.Subtract(values, mean, centred);
        var scale = TensorPrimitives.Norm<double>(centred) / Math.Sqrt(values.Length);
        if (scale <= RankTolerance * Math.Abs(mean))
        {
            return new AutoregressiveParameters(mean, new double[Order]);
        }

        TensorPrimitives.Divide(centred, scale, centred);
        var equations = values.Length - Order;
        var columns = new double[equations * (Order + 1)];
        columns.AsSpan(0, equations).Fill(1);
        for (var lag = 1; lag <= Order; lag++)
        {
            centred.AsSpan(Order - lag, equations).CopyTo(columns.AsSpan(lag * equations, equations));
        }

        var design = Matrix<double>.Build.Dense(equations, Order + 1, columns);
        var target = Vector<double>.Build.Dense(centred[Order..]);
        var solution = Solve(design, target);

        // y = mean + scale z turns z = c + sum phi z into y = (scale c + mean (1 - sum phi)) + sum phi y.
        var coefficients = solution.SubVector(1, Order).ToArray();
        var intercept = (scale * solution[0]) + (mean * (1 - TensorPrimitives.Sum<double>(coefficients)));
        return new AutoregressiveParameters(intercept, coefficients);
    }

    /// <inheritdoc />
    protected internal override int MinimumHistory(AutoregressiveParameters parameters) => Order;

    /// <inheritdoc />
    protected internal override void Forecast(TimeSeries history, AutoregressiveParameters parameters, Span<double> mean)
    {
        var extended = new double[Order + mean.Length];
        history.Values.Span[^Order..].CopyTo(extended);
        for (var step = 0; step < mean.Length; step++)
        {
            var next = parameters.Intercept;
            for (var lag = 1; lag <= Order; lag++)
            {
                next += parameters.Coefficients[lag - 1] * extended[Order + step - lag];
            }

            extended[Order + step] = next;
            mean[step] = next;
        }
    }

    private static Vector<double> Solve(Matrix<double> design, Vector<double> target)
    {
        var factors = design.QR(QRMethod.Thin);
        var pivots = factors.R.Diagonal().PointwiseAbs();
        return pivots.Minimum() > RankTolerance * pivots.Maximum()
            ? factors.R.Solve(factors.Q.TransposeThisAndMultiply(target))
            : design.PseudoInverse() * target;
    }
}
