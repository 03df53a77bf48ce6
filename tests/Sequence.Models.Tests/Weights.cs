using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Models.Tests;

/// <summary>
/// Random weights for tests: small, reproducible, and with running variances that are positive. What makes up a continuous
/// system starts as the layer declares it, so that the system is stable, and is then moved a little.
/// </summary>
internal static class Weights
{
    public static Dictionary<string, double[]> Doubles(IReadOnlyList<WeightDeclaration> declarations, ulong seed)
    {
        var random = new CounterRandom(seed);
        var start = WeightInitialiser.Doubles(declarations, seed);
        var values = new Dictionary<string, double[]>(StringComparer.Ordinal);
        foreach (var declaration in declarations)
        {
            var isVariance = declaration.Name.EndsWith("running_var", StringComparison.Ordinal);
            values.Add(declaration.Name, declaration.Role switch
            {
                WeightRole.Constant => start[declaration.Name],
                WeightRole.Dynamics or WeightRole.TimeScale =>
                    [.. start[declaration.Name].Select(value => value + (0.05 * random.NextGaussian()))],
                _ => [.. Enumerable.Range(0, (int)declaration.Count).Select(_ =>
                    isVariance ? 0.5 + random.NextDouble() : 0.4 * random.NextGaussian())],
            });
        }

        return values;
    }

    public static Dictionary<string, float[]> Singles(IReadOnlyList<WeightDeclaration> declarations, ulong seed) =>
        Doubles(declarations, seed).ToDictionary(
            pair => pair.Key, pair => pair.Value.Select(value => (float)value).ToArray(), StringComparer.Ordinal);
}
