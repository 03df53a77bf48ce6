namespace Sequence.Data.Scalers;

/// <summary>Makes a fitted scaler from its name.</summary>
public static class ScalerFactory
{
    private static readonly (string Name, ScalerKind Kind)[] Known =
    [
        ("none", ScalerKind.None),
        ("standard", ScalerKind.Standard),
        ("min-max", ScalerKind.MinMax),
        ("robust", ScalerKind.Robust),
        ("difference", ScalerKind.Difference),
        ("log-return", ScalerKind.LogReturn),
    ];

    /// <summary>The names <see cref="ParseKind"/> accepts.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(pair => pair.Name)];

    /// <summary>The kind with this name, in any case.</summary>
    /// <exception cref="ConfigurationException">There is none.</exception>
    public static ScalerKind ParseKind(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var (known, kind) in Known)
        {
            if (string.Equals(known, name, StringComparison.OrdinalIgnoreCase))
            {
                return kind;
            }
        }

        throw new ConfigurationException($"There is no scaler '{name}'. There are: {string.Join(", ", Names)}.");
    }

    /// <summary>
    /// Fits a scaler on training values. Differences and log-returns are standardised by a chained
    /// <see cref="StandardScaler"/>.
    /// </summary>
    /// <exception cref="DataFormatException">The values cannot be scaled that way.</exception>
    public static Scaler Fit(ScalerKind kind, ReadOnlySpan<double> trainingValues) => kind switch
    {
        ScalerKind.None => new IdentityScaler(),
        ScalerKind.Standard => StandardScaler.Fit(trainingValues),
        ScalerKind.MinMax => MinMaxScaler.Fit(trainingValues),
        ScalerKind.Robust => RobustScaler.Fit(trainingValues),
        ScalerKind.Difference => Standardise(DifferenceScaler.Fit(trainingValues), trainingValues),
        ScalerKind.LogReturn => Standardise(LogReturnScaler.Fit(trainingValues), trainingValues),
        _ => throw new ConfigurationException($"There is no scaler kind {kind}."),
    };

    private static ChainScaler Standardise(Scaler first, ReadOnlySpan<double> trainingValues)
    {
        var transformed = new double[trainingValues.Length - first.Lag];
        first.Transform(trainingValues, transformed);
        return new ChainScaler(first, StandardScaler.Fit(transformed));
    }
}
