namespace Sequence.Data.Checkpoints;

/// <summary>The weights of a checkpoint by name.</summary>
public sealed class CheckpointWeights
{
    // PyTorch's batch normalisation saves a count of batches that no computation reads.
    private const string BatchCount = ".num_batches_tracked";

    private readonly Dictionary<string, SafetensorsTensor> _tensors;

    /// <summary>Collects weights.</summary>
    /// <exception cref="ModelException">Two have one name.</exception>
    public CheckpointWeights(IEnumerable<SafetensorsTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        _tensors = new Dictionary<string, SafetensorsTensor>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            if (!_tensors.TryAdd(tensor.Name, tensor))
            {
                throw new ModelException($"There are two weights named '{tensor.Name}'.");
            }
        }
    }

    /// <summary>Collects float32 values in the shapes they were declared with.</summary>
    /// <exception cref="ModelException">A value is missing or has the wrong length.</exception>
    public static CheckpointWeights FromSingles(
        IReadOnlyList<WeightDeclaration> declarations, IReadOnlyDictionary<string, float[]> values)
    {
        ArgumentNullException.ThrowIfNull(declarations);
        ArgumentNullException.ThrowIfNull(values);
        return new(declarations.Select(declaration =>
            values.TryGetValue(declaration.Name, out var one) && one.Length == declaration.Count
                ? SafetensorsTensor.FromSingles(declaration.Name, declaration.Shape, one)
                : throw new ModelException(
                    $"Weight '{declaration.Name}' needs {declaration.Count} values [{string.Join(", ", declaration.Shape)}], " +
                    $"{one?.Length ?? 0} were given.")));
    }

    /// <summary>The weights by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors => _tensors;

    /// <summary>The weight with a name.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public SafetensorsTensor this[string name] => _tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new ModelException($"There is no weight '{name}'.");

    /// <summary>The elements of a weight as singles, row-major.</summary>
    /// <exception cref="ModelException">There is no such weight, or it does not hold floats.</exception>
    public float[] Singles(string name) => this[name].ToSingles();

    /// <summary>Checks that there is exactly what the declarations ask for.</summary>
    /// <param name="declarations">What a model's layers declare.</param>
    /// <param name="path">The checkpoint, for error messages.</param>
    /// <exception cref="CheckpointException">Names the first weight that is missing, misshaped, not of floats, or too
    /// many.</exception>
    public void Validate(IReadOnlyList<WeightDeclaration> declarations, string path) =>
        Validate(declarations, _tensors, path);

    /// <inheritdoc cref="Validate(IReadOnlyList{WeightDeclaration}, string)" />
    /// <param name="declarations">What a model's layers declare.</param>
    /// <param name="tensors">What there is.</param>
    /// <param name="path">The checkpoint, for error messages.</param>
    public static void Validate(
        IReadOnlyList<WeightDeclaration> declarations,
        IReadOnlyDictionary<string, SafetensorsTensor> tensors,
        string path)
    {
        ArgumentNullException.ThrowIfNull(declarations);
        ArgumentNullException.ThrowIfNull(tensors);
        foreach (var declaration in declarations)
        {
            if (!tensors.TryGetValue(declaration.Name, out var tensor))
            {
                throw new CheckpointException(path, $"lacks the weight '{declaration.Name}'.");
            }

            if (!HasShape(tensor.Shape, declaration.Axes))
            {
                throw new CheckpointException(
                    path,
                    $"has the weight '{declaration.Name}' with shape [{string.Join(", ", tensor.Shape)}], but the " +
                    $"architecture asks for [{string.Join(", ", declaration.Shape)}].");
            }

            if (tensor.Type is not (SafetensorsType.F16 or SafetensorsType.BF16 or SafetensorsType.F32 or SafetensorsType.F64))
            {
                throw new CheckpointException(
                    path, $"has the weight '{declaration.Name}' with elements that are not floats ({tensor.Type}).");
            }
        }

        var known = declarations.Select(declaration => declaration.Name).ToHashSet(StringComparer.Ordinal);
        var unexpected = tensors.Keys
            .Where(name => !known.Contains(name) && !name.EndsWith(BatchCount, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
        if (unexpected is not null)
        {
            throw new CheckpointException(path, $"has the weight '{unexpected}', which the architecture does not know.");
        }
    }

    private static bool HasShape(IReadOnlyList<long> shape, IReadOnlyList<UnitAxis> axes)
    {
        if (shape.Count != axes.Count)
        {
            return false;
        }

        for (var axis = 0; axis < axes.Count; axis++)
        {
            if (shape[axis] != axes[axis].Length)
            {
                return false;
            }
        }

        return true;
    }
}
