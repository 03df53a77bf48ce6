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

    private readonly Tensor _inputs;
    private readonly Tensor _targets;
    private readonly Tensor _lengths;

    /// <summary>A buffer for batches of these sets.</summary>
    /// <param name="uses">Sets of the same features and targets, each with the most examples of a batch.</param>
    public BatchBuffer(params ReadOnlySpan<(IExampleSet Examples, int Size)> uses)
    {
        var (inputs, targets, lengths) = (0L, 0L, 0L);
        foreach (var (examples, size) in uses)
        {
            inputs = Math.Max(inputs, (long)size * examples.Length * examples.Features);
            targets = Math.Max(targets, (long)size * examples.Targets);
            lengths = Math.Max(lengths, size);
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
        examples.Count, Math.Clamp(EvaluationRows / Math.Max(1, examples.Length), 1, LargestEvaluation));

    /// <summary>
    /// Copies examples and returns views of them, good until the next call. The batch is as long as its longest example;
    /// after the end of a shorter one stands what was there before.
    /// </summary>
    public Batch Fill(IExampleSet examples, ReadOnlySpan<int> rows)
    {
        var lengths = _lengths.AsSpan<long>()[..rows.Length];
        var (shortest, longest) = (int.MaxValue, 0);
        for (var row = 0; row < rows.Length; row++)
        {
            var length = examples.LengthOf(rows[row]);
            (shortest, longest) = (Math.Min(shortest, length), Math.Max(longest, length));
            lengths[row] = length;
        }

        var width = longest * examples.Features;
        var inputs = _inputs.AsSpan<float>()[..(rows.Length * width)];
        var targets = _targets.AsSpan<float>()[..(rows.Length * examples.Targets)];
        for (var row = 0; row < rows.Length; row++)
        {
            examples.Copy(
                rows[row],
                inputs.Slice(row * width, (int)lengths[row] * examples.Features),
                targets.Slice(row * examples.Targets, examples.Targets));
        }

        return new(
            _inputs.narrow(0, 0, inputs.Length).view(rows.Length, longest, examples.Features),
            _targets.narrow(0, 0, targets.Length).view(rows.Length, examples.Targets),
            shortest == longest ? null : _lengths.narrow(0, 0, rows.Length));
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _targets.Dispose();
        _lengths.Dispose();
    }
}
