using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Training;

/// <summary>Tensors that every batch is copied into, so that training allocates no arrays.</summary>
internal sealed class BatchBuffer : IDisposable
{
    /// <summary>Most examples of a batch without gradients.</summary>
    public const int LargestEvaluation = 1024;

    // Rows of a batch without gradients: at 128 channels 32 MB for each array a model makes, whatever the length.
    private const int EvaluationRows = 65_536;

    private readonly Device? _device;
    private readonly Tensor _inputs;
    private readonly Tensor _targets;
    private readonly Tensor _lengths;

    /// <summary>A buffer for batches of these sets.</summary>
    /// <param name="device">Where the batches go; null leaves them on the CPU.</param>
    /// <param name="uses">Sets of the same features and targets, each with the most examples of a batch.</param>
    public BatchBuffer(Device? device, params ReadOnlySpan<(IExampleSet Examples, int Size)> uses)
    {
        _device = device;
        var (inputs, targets, lengths) = (0L, 0L, 0L);
        foreach (var (examples, size) in uses)
        {
            var sequences = (long)size * examples.Sequences;
            inputs = Math.Max(inputs, sequences * examples.Length * examples.Features);
            targets = Math.Max(targets, (long)size * examples.Targets);
            lengths = Math.Max(lengths, sequences);
        }

        if (inputs > int.MaxValue / sizeof(float))
        {
            throw new ModelException(
                $"A batch has {inputs} inputs; at most {int.MaxValue / sizeof(float)} fit. Choose a smaller batch size or shorter " +
                "sequences.");
        }

        _inputs = empty([inputs], dtype: ScalarType.Float32).DetachFromDisposeScope();
        _targets = empty([targets], dtype: ScalarType.Float32).DetachFromDisposeScope();
        _lengths = empty([lengths], dtype: ScalarType.Int64).DetachFromDisposeScope();
    }

    /// <summary>How many examples of a set are evaluated at once, without gradients.</summary>
    public static int EvaluationSize(IExampleSet examples) => Math.Min(
        examples.Count,
        Math.Clamp(EvaluationRows / Math.Max(1, examples.Length * examples.Sequences), 1, LargestEvaluation));

    /// <summary>
    /// Copies examples and returns views of them, good until the next call. The batch is as long as its longest sequence;
    /// after the end of a shorter one stands what was there before. First come the first sequences of all examples, then the
    /// second ones.
    /// </summary>
    public Batch Fill(IExampleSet examples, ReadOnlySpan<int> rows) => View(Copy(examples, rows));

    /// <summary>Copies examples: a matter of plain memory, for any thread.</summary>
    public BatchShape Copy(IExampleSet examples, ReadOnlySpan<int> rows)
    {
        var sequences = examples.Sequences;
        var lengths = _lengths.AsSpan<long>()[..(rows.Length * sequences)];
        var (shortest, longest) = (int.MaxValue, 0);
        for (var place = 0; place < lengths.Length; place++)
        {
            var length = examples.LengthOf(rows[place % rows.Length], place / rows.Length);
            (shortest, longest) = (Math.Min(shortest, length), Math.Max(longest, length));
            lengths[place] = length;
        }

        var width = longest * examples.Features;
        var inputs = _inputs.AsSpan<float>()[..(lengths.Length * width)];
        for (var place = 0; place < lengths.Length; place++)
        {
            examples.CopyInputs(
                rows[place % rows.Length],
                place / rows.Length,
                inputs.Slice(place * width, (int)lengths[place] * examples.Features));
        }

        var targets = _targets.AsSpan<float>()[..(rows.Length * examples.Targets)];
        for (var row = 0; row < rows.Length; row++)
        {
            examples.CopyTargets(rows[row], targets.Slice(row * examples.Targets, examples.Targets));
        }

        return new(rows.Length, lengths.Length, longest, examples.Features, examples.Targets, IsFull: shortest == longest);
    }

    /// <summary>What was copied last, as tensors on the device.</summary>
    public Batch View(BatchShape shape)
    {
        var inputs = _inputs.narrow(0, 0, (long)shape.Sequences * shape.Length * shape.Features)
            .view(shape.Sequences, shape.Length, shape.Features);
        var lengths = shape.IsFull ? null : _lengths.narrow(0, 0, shape.Sequences);
        var targets = _targets.narrow(0, 0, (long)shape.Examples * shape.Targets).view(shape.Examples, shape.Targets);
        return _device is null ? new(inputs, targets, lengths) : new(inputs.to(_device), targets, lengths?.to(_device));
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _targets.Dispose();
        _lengths.Dispose();
    }
}
