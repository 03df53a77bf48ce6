using Sequence.Data;

namespace Sequence.LongRangeArena;

/// <summary>A task of Long Range Arena (Tay et al., "Long Range Arena: A Benchmark for Efficient Transformers", 2021).</summary>
public abstract class ArenaTask
{
    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The task in a sentence.</summary>
    public abstract string Description { get; }

    /// <summary>Whether it is one of the arena's, with published results.</summary>
    public virtual bool IsPublished => true;

    /// <summary>Number of classes.</summary>
    public abstract int Classes { get; }

    /// <summary>Sequences of an example.</summary>
    public virtual int Sequences => 1;

    /// <summary>Length of the published task.</summary>
    public abstract int Length { get; }

    /// <summary>Number of distinct tokens of the published task; 0 where inputs are numbers.</summary>
    public abstract int Vocabulary { get; }

    /// <summary>Share of examples that a guess gets right.</summary>
    public double Chance => 1.0 / Classes;

    /// <summary>Epochs of the small preset for a model whose <see cref="ArenaModel.StepCost"/> is 1.</summary>
    public abstract int SmallEpochs { get; }

    /// <summary>What of the task the small preset takes.</summary>
    public abstract ArenaSize SmallSize { get; }

    /// <summary>What of the task the paper preset takes: all.</summary>
    public ArenaSize PaperSize => new(Length);

    /// <summary>Reads the data, or makes it where it is synthetic; what was made before is kept and checked.</summary>
    /// <param name="size">How much of it.</param>
    /// <param name="folder">Folder of the arena's data.</param>
    /// <param name="progress">Told the share done of what is made.</param>
    /// <param name="cancellationToken">Stops; what is finished stays.</param>
    /// <exception cref="DataFormatException">A file is damaged, or other data than its manifest says.</exception>
    /// <exception cref="SequenceException">Data is missing; the message says how to get it.</exception>
    public abstract ArenaExamples Load(
        ArenaSize size, ArenaFolder folder, IProgress<double>? progress, CancellationToken cancellationToken);
}
