namespace Sequence.Forecasting;

/// <summary>The least-squares line through values at t = 0, 1, 2, ...</summary>
internal readonly record struct LinearTrend(double Mean, double Centre, double Slope)
{
    internal static LinearTrend Fit(ReadOnlySpan<double> values)
    {
        var centre = (values.Length - 1) / 2.0;
        var mean = 0.0;
        foreach (var value in values)
        {
            mean += value / values.Length;
        }

        var products = 0.0;
        var squares = 0.0;
        for (var row = 0; row < values.Length; row++)
        {
            products += (row - centre) * (values[row] - mean);
            squares += (row - centre) * (row - centre);
        }

        return new LinearTrend(mean, centre, squares == 0 ? 0 : products / squares);
    }

    internal double At(double row) => Mean + (Slope * (row - Centre));
}
