using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// What every attention layer has: affine maps of the input to queries, keys and values, cut into heads, and one of the
/// joined heads to the output. For each head, q[k] and k[k] have <see cref="KeySize"/> numbers, v[k] has
/// <see cref="ValueSize"/>.
/// </summary>
/// <remarks>
/// The weights carry PyTorch's names for a linear map: q_proj.weight and k_proj.weight [heads * key size, features],
/// v_proj.weight and out_proj.weight [features, features], each with its .bias; the rows of head h follow those of head
/// h - 1. They start as in PyTorch: uniform on +-1/sqrt(features).
/// </remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">Length of an input and of an output; at least 1.</param>
/// <param name="Heads">Number of heads; at least 1, and a divisor of the features.</param>
public abstract record AttentionDeclaration(string Prefix, int Features, int Heads) : LayerDeclaration(Prefix)
{
    /// <summary>Length of a query or key in each head.</summary>
    public abstract int KeySize { get; }

    /// <summary>Length of a value in each head: features / heads.</summary>
    public int ValueSize => Features / Heads;

    /// <inheritdoc />
    public override int InputSize => Features;

    /// <inheritdoc />
    public override int OutputSize => Features;

    /// <inheritdoc />
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public override IReadOnlyList<WeightDeclaration> Weights
    {
        get
        {
            Validate();
            var keys = new UnitAxis($"{Prefix}.key", Heads * KeySize);
            var values = new UnitAxis($"{Prefix}.value", Features);
            return
            [
                .. Projection("q_proj", keys),
                .. Projection("k_proj", keys),
                .. Projection("v_proj", values),
                .. Projection("out_proj", new UnitAxis($"{Prefix}.output", Features), values, WeightRole.Output),
            ];
        }
    }

    /// <inheritdoc />
    public override IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        AtLeastOne(faults, "features", Features);
        AtLeastOne(faults, "heads", Heads);
        if (Features >= 1 && Heads >= 1 && Features % Heads != 0)
        {
            faults.Add($"'{Prefix}': {Features} features cannot be cut into {Heads} equal heads; choose a divisor.");
        }

        AddFaults(faults);
        return faults;
    }

    /// <summary>Adds what is wrong with the sizes that only this kind of attention has.</summary>
    private protected virtual void AddFaults(List<string> faults)
    {
    }

    /// <summary>Adds a fault where a size is below 1.</summary>
    private protected void AtLeastOne(List<string> faults, string name, int value)
    {
        if (value < 1)
        {
            faults.Add($"'{Prefix}': {name} is {value}; it must be at least 1.");
        }
    }

    /// <summary>Weight and bias of an affine map of the input.</summary>
    private protected WeightDeclaration[] Projection(string name, UnitAxis outputs) =>
        Projection(name, outputs, new UnitAxis($"{Prefix}.input", Features), WeightRole.Input);

    private WeightDeclaration[] Projection(string name, UnitAxis outputs, UnitAxis inputs, WeightRole role)
    {
        var start = Initialisation.Uniform(1 / Math.Sqrt(Features));
        return
        [
            new WeightDeclaration(WeightName($"{name}.weight"), role, start, [outputs, inputs]),
            new WeightDeclaration(WeightName($"{name}.bias"), WeightRole.Vector, start, [outputs]),
        ];
    }
}
