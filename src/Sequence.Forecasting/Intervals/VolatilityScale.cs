using System.Text.Json;
using System.Text.Json.Serialization;
using Sequence.Data;
using Sequence.Data.Checkpoints;

namespace Sequence.Forecasting;

/// <summary>
/// How much a series moves of late, known at an origin from its history alone: an exponentially weighted mean of the
/// absolute one-step changes, held up by a share of a reference that was fixed before calibration.
/// <code>
/// v[0] = reference,  v[k] = v[k-1] + (2 / (span + 1)) (|y[k] - y[k-1]| - v[k-1])
/// scale = max(v, reference / 10)
/// </code>
/// k runs over the last 10 span changes, so that rows further back neither matter nor cost; with fewer the scale leans on
/// the reference, and with none it is the reference. Changes next to a missing value are left out. The floor keeps the
/// scale positive on a stretch that stands still. The scale of a y + b is |a| times that of y. Serialises with
/// System.Text.Json.
/// </summary>
public sealed record VolatilityScale
{
    /// <summary>The span when none is given: docs/studies/intervals.md compares several.</summary>
    public const int DefaultSpan = 60;

    private const int SpansRead = 10;
    private const double FloorShare = 0.1;

    /// <summary>Creates a scale.</summary>
    /// <param name="span">Rows to look back, as in an exponentially weighted mean of weight 2 / (span + 1); at least 1.</param>
    /// <param name="reference">The usual absolute change in the units of the series; positive.</param>
    /// <exception cref="DataFormatException">The span is below 1, or the reference is not positive and finite.</exception>
    [JsonConstructor]
    public VolatilityScale(int span, double reference)
    {
        if (span < 1)
        {
            throw new DataFormatException($"A volatility scale has the span {span}; give at least 1 row.");
        }

        if (!double.IsFinite(reference) || reference <= 0)
        {
            throw new DataFormatException(
                $"A volatility scale has the reference {reference}; give a positive absolute change, or calibrate again.");
        }

        Span = span;
        Reference = reference;
    }

    /// <summary>Rows to look back, as in an exponentially weighted mean of weight 2 / (span + 1).</summary>
    public int Span { get; }

    /// <summary>The usual absolute change, in the units of the series.</summary>
    public double Reference { get; }

    /// <summary>Reads a scale as it stands in a manifest.</summary>
    /// <param name="element">The scale.</param>
    /// <param name="place">Where it stands, for error messages.</param>
    /// <exception cref="JsonException">A field is missing, unknown or of another type.</exception>
    /// <exception cref="DataFormatException">A number is out of range.</exception>
    public static VolatilityScale FromJson(JsonElement element, string place)
    {
        var fields = new JsonFields(element, place);
        var scale = new VolatilityScale(fields.WholeNumber(nameof(Span)), fields.Number(nameof(Reference)));
        fields.RequireNoOther();
        return scale;
    }

    /// <summary>A scale whose reference is the mean absolute one-step change of these rows.</summary>
    /// <param name="values">Rows before those calibrated on, oldest first; missing values are left out.</param>
    /// <param name="span">Rows to look back; at least 1.</param>
    /// <returns>Null when no change can be seen, so that there is nothing to scale by.</returns>
    /// <exception cref="DataFormatException">The span is below 1.</exception>
    public static VolatilityScale? Estimate(ReadOnlySpan<double> values, int span)
    {
        var mean = 0.0;
        var count = 0;
        for (var row = 1; row < values.Length; row++)
        {
            var change = Math.Abs(values[row] - values[row - 1]);
            if (double.IsFinite(change))
            {
                count++;
                mean += (change - mean) / count;
            }
        }

        return mean > 0 ? new VolatilityScale(span, mean) : null;
    }

    /// <summary>The scale at the end of a history, in the units of the series; positive.</summary>
    /// <param name="history">Rows up to the origin, oldest first.</param>
    public double At(ReadOnlySpan<double> history)
    {
        var weight = 2 / (Span + 1.0);
        var scale = Reference;
        for (var row = (int)Math.Max(1, history.Length - ((long)SpansRead * Span)); row < history.Length; row++)
        {
            var change = Math.Abs(history[row] - history[row - 1]);
            if (double.IsFinite(change))
            {
                scale += weight * (change - scale);
            }
        }

        return Math.Max(scale, FloorShare * Reference);
    }
}
