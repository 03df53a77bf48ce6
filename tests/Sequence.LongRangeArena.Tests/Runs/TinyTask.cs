using Sequence.Numerics;
using Sequence.Training;

namespace Sequence.LongRangeArena.Tests.Runs;

/// <summary>Short sequences of four tokens; the class says which of two tokens is there more often.</summary>
internal sealed class TinyTask : ArenaTask
{
    public override string Name => "tiny";

    public override string Description => "which of two tokens is there more often";

    public override bool IsPublished => false;

    public override int Classes => 2;

    public override int Length => 16;

    public override int Vocabulary => 4;

    public override int SmallEpochs => 6;

    public override ArenaSize SmallSize => new(16, 120, 40, 60);

    public int Loads { get; private set; }

    public override ArenaExamples Load(
        ArenaSize size, ArenaFolder folder, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        Loads++;
        progress?.Report(1);
        return new(
            Make(size.Training!.Value, 1), Make(size.Validation!.Value, 2), Make(size.Test!.Value, 3), Vocabulary, "made", IsOriginal: false);
    }

    private static SequenceExamples Make(int count, ulong seed)
    {
        var random = new CounterRandom(seed);
        var examples = SequenceExamples.OfClasses(1, 2, byteScale: 1);
        while (examples.Count < count)
        {
            var tokens = Enumerable.Range(0, 7 + random.NextInt(10)).Select(_ => (byte)random.NextInt(4)).ToArray();
            var difference = tokens.Count(token => token == 2) - tokens.Count(token => token == 3);
            if (difference != 0)
            {
                examples.Add(tokens, difference > 0 ? 1 : 0);
            }
        }

        return examples;
    }
}
