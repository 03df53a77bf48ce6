namespace Sequence.LongRangeArena;

/// <summary>Sizes that a configuration gives to a mixer; each takes those it has a use for.</summary>
/// <param name="Length">Longest sequence.</param>
/// <param name="Features">Features of every block.</param>
/// <param name="StateSize">State size of each feature.</param>
/// <param name="Untied">Whether every feature has a state matrix of its own.</param>
/// <param name="MinimumStepSize">Least step size at the start.</param>
/// <param name="Heads">Attention heads.</param>
public sealed record MixerSizes(
    int Length, int Features, int StateSize = 64, bool Untied = false, double MinimumStepSize = 0.001, int Heads = 4);
