using Sequence.Data.Checkpoints;
using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Plain weights: one libtorch tensor for each declared weight, trained unless it is a running statistic or a constant. Owns the
/// tensors.
/// </summary>
public sealed class ParameterSet : IWeightSource, IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    private ParameterSet(IReadOnlyList<WeightDeclaration> declarations) => Declarations = declarations;

    /// <summary>What the set holds, in declaration order.</summary>
    public IReadOnlyList<WeightDeclaration> Declarations { get; }

    /// <summary>The trained tensors with their declarations, in declaration order.</summary>
    public IEnumerable<(WeightDeclaration Declaration, Tensor Parameter)> Trained => Declarations
        .Where(declaration => declaration.IsTrained)
        .Select(declaration => (declaration, _tensors[declaration.Name]));

    /// <summary>Creates float32 parameters from values in declaration order of each name.</summary>
    /// <exception cref="ModelException">A value is missing or has the wrong length.</exception>
    public static ParameterSet FromSingles(
        IReadOnlyList<WeightDeclaration> declarations, IReadOnlyDictionary<string, float[]> values) =>
        Create(declarations, ScalarType.Float32, values);

    /// <summary>Creates float64 parameters; gradients are checked in them.</summary>
    /// <exception cref="ModelException">A value is missing or has the wrong length.</exception>
    public static ParameterSet FromDoubles(
        IReadOnlyList<WeightDeclaration> declarations, IReadOnlyDictionary<string, double[]> values) =>
        Create(declarations, ScalarType.Float64, values);

    /// <inheritdoc />
    public Tensor Get(string name) => _tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new ModelException($"There is no weight '{name}'. There are: {string.Join(", ", _tensors.Keys)}.");

    /// <summary>Copies every float32 weight out.</summary>
    public Dictionary<string, float[]> ExportSingles()
    {
        var values = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var declaration in Declarations)
        {
            var copy = new float[declaration.Count];
            Get(declaration.Name).CopyTo<float>(copy);
            values.Add(declaration.Name, copy);
        }

        return values;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
        {
            tensor.Dispose();
        }

        _tensors.Clear();
    }

    private static ParameterSet Create<T>(
        IReadOnlyList<WeightDeclaration> declarations, ScalarType type, IReadOnlyDictionary<string, T[]> values)
        where T : unmanaged
    {
        var set = new ParameterSet(declarations);
        try
        {
            foreach (var declaration in declarations)
            {
                if (!values.TryGetValue(declaration.Name, out var start) || start.Length != declaration.Count)
                {
                    throw new ModelException(
                        $"Weight '{declaration.Name}' needs {declaration.Count} values " +
                        $"[{string.Join(", ", declaration.Shape)}], {start?.Length ?? 0} were given.");
                }

                var shape = declaration.Shape.Select(length => (long)length).ToArray();
                var tensor = empty(shape, dtype: type).DetachFromDisposeScope();
                tensor.CopyFrom<T>(start);
                tensor.requires_grad = declaration.IsTrained;
                set._tensors.Add(declaration.Name, tensor);
            }

            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }
}
