using System.IO.Hashing;
using System.Text;
using Sequence.Numerics;

namespace Sequence.Data.Checkpoints;

/// <summary>
/// Starts weights as their declarations say. Each weight draws from a random stream of its own, keyed by its name, so that
/// its start depends neither on the other weights nor on their order.
/// </summary>
public static class WeightInitialiser
{
    /// <summary>Float32 values by name.</summary>
    /// <param name="declarations">What to start.</param>
    /// <param name="seed">Seed of the run.</param>
    public static Dictionary<string, float[]> Singles(IReadOnlyList<WeightDeclaration> declarations, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(declarations);
        return declarations.ToDictionary(
            declaration => declaration.Name, declaration => Start(declaration, seed), StringComparer.Ordinal);
    }

    private static float[] Start(WeightDeclaration declaration, ulong seed)
    {
        var values = new float[declaration.Count];
        switch (declaration.Initialisation)
        {
            case Initialisation.ConstantValue constant:
                Array.Fill(values, (float)constant.Value);
                break;
            case Initialisation.UniformValue uniform:
                var random = new CounterRandom(seed, XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(declaration.Name)));
                for (var index = 0; index < values.Length; index++)
                {
                    values[index] = (float)(uniform.Bound * ((2 * random.NextDouble()) - 1));
                }

                break;
            default:
                throw new ModelException(
                    $"Weight '{declaration.Name}' has no known start: {declaration.Initialisation.GetType().Name}.");
        }

        return values;
    }
}
