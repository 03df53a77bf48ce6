using System.Collections.Concurrent;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>HiPPO systems in the form that layers start from; each is decomposed once, because that costs an eigenproblem.</summary>
internal static class HippoStart
{
    // The imaginary parts of B start within this, as in the reference implementation; unclipped they reach 40 at N = 64.
    private const double InputClip = 2;

    private static readonly ConcurrentDictionary<(HippoMeasure Measure, int StateSize, int Rank), NormalPlusLowRank> Known = new();

    public static NormalPlusLowRank Of(HippoMeasure measure, int stateSize, int rank) => Known.GetOrAdd(
        (measure, stateSize, rank), key => NormalPlusLowRank.Create(key.Measure, key.StateSize, key.Rank, InputClip));
}
