using Sequence.Streaming;

namespace Sequence.LongRangeArena;

/// <summary>A model of the arena: what mixes over time in its blocks.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Family">Which configuration of a task it shares.</param>
/// <param name="Description">The model in a sentence.</param>
/// <param name="StepCost">
/// How many steps of S4D one of its steps takes, roughly, at the lengths of the small preset: it makes so many times fewer epochs
/// there.
/// </param>
/// <param name="Mixer">Its mixer for the sizes of a configuration.</param>
public sealed record ArenaModel(
    string Name, ArenaFamily Family, string Description, int StepCost, Func<MixerSizes, Mixer> Mixer)
{
    /// <summary>Every model there is.</summary>
    public static IReadOnlyList<ArenaModel> All { get; } =
    [
        new("s4", ArenaFamily.StateSpace, "S4 with the LegS matrix, bidirectional (Gu, Goel and Re 2022)", 1, sizes => new S4Mixer
        {
            StateSize = sizes.StateSize,
            Untied = sizes.Untied,
            Bidirectional = true,
            StepSizeTransform = StepSizeTransform.Softplus,
            MinimumStepSize = sizes.MinimumStepSize,
        }),
        new("s4d", ArenaFamily.StateSpace, "S4D-Lin, bidirectional (Gu, Gupta, Goel and Re 2022)", 1, sizes => new S4DMixer
        {
            StateSize = sizes.StateSize,
            Untied = sizes.Untied,
            Bidirectional = true,
            StepSizeTransform = StepSizeTransform.Softplus,
            MinimumStepSize = sizes.MinimumStepSize,
        }),
        new("lssl", ArenaFamily.StateSpace, "LSSL with the LegS matrix, causal (Gu et al. 2021)", 1, sizes => new LsslMixer
        {
            StateSize = sizes.StateSize,
            MinimumStepSize = sizes.MinimumStepSize,
        }),
        new("selective", ArenaFamily.StateSpace, "selective state space of Mamba, causal (Gu and Dao 2023)", 3, sizes => new SelectiveMixer
        {
            MinimumStepSize = sizes.MinimumStepSize,
        }),
        new("transformer", ArenaFamily.Transformer, "softmax attention over all positions (Vaswani et al. 2017)", 4, sizes => new SoftmaxAttentionMixer
        {
            Heads = sizes.Heads,
            Bidirectional = true,
        }),
        new("longformer", ArenaFamily.Transformer, "sliding window with global positions (Beltagy, Peters and Cohan 2020)", 4, sizes => new LongformerMixer
        {
            Heads = sizes.Heads,
            Window = Math.Min(256, sizes.Length / 8),
        }),
        new("linformer", ArenaFamily.Transformer, "keys and values projected to a fixed number (Wang et al. 2020)", 4, sizes => new LinformerMixer
        {
            Heads = sizes.Heads,
            Rank = Math.Min(256, sizes.Length / 4),
        }),
        new("performer", ArenaFamily.Transformer, "random features of the softmax, FAVOR+ (Choromanski et al. 2021)", 6, sizes => new PerformerMixer
        {
            Heads = sizes.Heads,
            RandomFeatures = Math.Min(256, sizes.Length / 4),
            Bidirectional = true,
        }),
        new("reformer", ArenaFamily.Transformer, "attention within hash buckets (Kitaev, Kaiser and Levskaya 2020)", 4, sizes => new ReformerMixer
        {
            Heads = sizes.Heads,
            Rounds = sizes.Length < 1024 ? 2 : 4,
            Chunk = Math.Clamp(sizes.Length / 32, 16, 64),
            Bidirectional = true,
        }),
        new("linear-transformer", ArenaFamily.Transformer, "linear attention with elu + 1 (Katharopoulos et al. 2020)", 4, sizes => new LinearAttentionMixer
        {
            Heads = sizes.Heads,
            KeySize = sizes.Features / sizes.Heads,
            Bidirectional = true,
        }),
    ];

    /// <summary>The model of this name.</summary>
    /// <exception cref="ConfigurationException">There is none; the message names the nearest.</exception>
    public static ArenaModel Get(string name) =>
        All.FirstOrDefault(model => string.Equals(model.Name, name, StringComparison.OrdinalIgnoreCase)) ??
        throw Names.Unknown("model", name, [.. All.Select(model => model.Name)]);
}
