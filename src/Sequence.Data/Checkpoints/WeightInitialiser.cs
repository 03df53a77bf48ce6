using System.Text;
using Sequence.Numerics;

namespace Sequence.Data.Checkpoints;

/// <summary>
/// Makes the starting weights of declarations. Each weight has a random stream of its own, keyed by its name, so that its
/// values depend neither on the order of the declarations nor on which others there are, unless it is computed from those
/// before it.
/// </summary>
public static class WeightInitialiser
{
    /// <summary>Starting weights in single precision, by name, row-major.</summary>
    /// <exception cref="ModelException">Two declarations have one name.</exception>
    public static IReadOnlyDictionary<string, float[]> Singles(IEnumerable<WeightDeclaration> declarations, ulong seed) =>
        Doubles(declarations, seed).ToDictionary(
            pair => pair.Key, pair => Array.ConvertAll(pair.Value, value => (float)value), StringComparer.Ordinal);

    /// <summary>Starting weights in double precision, by name, row-major; rounded, they are the single ones.</summary>
    /// <exception cref="ModelException">Two declarations have one name.</exception>
    public static IReadOnlyDictionary<string, double[]> Doubles(IEnumerable<WeightDeclaration> declarations, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(declarations);
        var weights = new Dictionary<string, double[]>(StringComparer.Ordinal);
        foreach (var declaration in declarations)
        {
            if (!weights.TryAdd(declaration.Name, Values(declaration, seed, weights)))
            {
                throw new ModelException($"There are two weights named '{declaration.Name}'.");
            }
        }

        return weights;
    }

    private static double[] Values(
        WeightDeclaration declaration, ulong seed, IReadOnlyDictionary<string, double[]> earlier)
    {
        var values = new double[declaration.Count];
        var random = new CounterRandom(seed, Hash(declaration.Name));
        switch (declaration.Initialisation)
        {
            case Initialisation.ConstantValue constant:
                Array.Fill(values, constant.Value);
                break;
            case Initialisation.UniformValue uniform:
                foreach (ref var value in values.AsSpan())
                {
                    value = uniform.Bound * ((2 * random.NextDouble()) - 1);
                }

                break;
            case Initialisation.GaussianValue gaussian:
                foreach (ref var value in values.AsSpan())
                {
                    value = gaussian.Deviation * random.NextGaussian();
                }

                break;
            case Initialisation.ComputedValue computed:
                var given = computed.Compute(random, earlier);
                if (given.Length != values.Length)
                {
                    throw new ModelException(
                        $"Weight '{declaration.Name}' has {values.Length} elements; its initialisation gave {given.Length}.");
                }

                values = given;
                break;
            default:
                throw new ModelException(
                    $"Weight '{declaration.Name}' starts by {declaration.Initialisation.GetType().Name}, which is unknown.");
        }

        return values;
    }

    /// <summary>FNV-1a over UTF-8 (Fowler, Noll and Vo): the same on every machine, unlike string.GetHashCode.</summary>
    private static ulong Hash(string name)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var value in Encoding.UTF8.GetBytes(name))
        {
            hash = unchecked((hash ^ value) * 0x100000001B3UL);
        }

        return hash;
    }
}
