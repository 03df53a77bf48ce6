using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// Attention in a sliding window with global positions (Beltagy, Peters and Cohan, "Longformer: The Long-Document
/// Transformer", 2020). With w the window and g the number of global positions, position k &gt;= g attends to the positions
/// j with |k - j| &lt;= w and to j &lt; g, by one softmax over q[k]^T k[j] / sqrt(key size); position k &lt; g attends to all
/// positions, with queries, keys and values of maps of its own. y = W_out [h of each head] + b_out.
/// </summary>
/// <remarks>
/// With global positions there are the maps q_global_proj, k_global_proj and v_global_proj beside those of every attention;
/// they start as copies of these, as in the paper. An output depends on later inputs, so there is no step.
/// </remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">Length of an input and of an output; at least 1.</param>
/// <param name="Heads">Number of heads; at least 1, and a divisor of the features.</param>
/// <param name="Window">w, positions attended to each side; at least 1. The paper's window of 512 in all is 256 here.</param>
/// <param name="GlobalPositions">g, how many of the first positions are global; at least 0.</param>
public sealed record LongformerAttentionDeclaration(
    string Prefix, int Features, int Heads, int Window = 256, int GlobalPositions = 0)
    : AttentionDeclaration(Prefix, Features, Heads)
{
    /// <inheritdoc />
    public override int KeySize => Features / Heads;

    /// <inheritdoc />
    public override StepKind StepKind => StepKind.None;

    /// <inheritdoc />
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public override IReadOnlyList<WeightDeclaration> Weights
    {
        get
        {
            var local = base.Weights;
            return GlobalPositions == 0 ? local : [.. local, .. local.Where(IsInputMap).Select(Global)];
        }
    }

    private protected override void AddFaults(List<string> faults)
    {
        AtLeastOne(faults, "window", Window);
        if (GlobalPositions < 0)
        {
            faults.Add($"'{Prefix}': global positions is {GlobalPositions}; it must be at least 0.");
        }
    }

    private bool IsInputMap(WeightDeclaration weight) =>
        !weight.Name.StartsWith(WeightName("out_proj"), StringComparison.Ordinal);

    private WeightDeclaration Global(WeightDeclaration local) => local with
    {
        Name = WeightName(local.Name[(Prefix.Length + 1)..].Replace("_proj.", "_global_proj.", StringComparison.Ordinal)),
        Initialisation = Initialisation.Computed((_, earlier) => [.. earlier[local.Name]]),
    };
}
