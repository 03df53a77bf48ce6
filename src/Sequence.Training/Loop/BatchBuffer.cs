using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Training;

/// <summary>Two float32 tensors that every batch is copied into, so that training allocates no arrays.</summary>
internal sealed class BatchBuffer : IDisposable
{
    private readonly TrainingExamples _dataset;
    private readonly Tensor _inputs;
    private readonly Tensor _targets;

    public BatchBuffer(TrainingExamples dataset, int capacity)
    {
        _dataset = dataset;
        _inputs = empty([capacity, dataset.LookBack, dataset.Features], dtype: ScalarType.Float32).DetachFromDisposeScope();
        _targets = empty([capacity, dataset.Horizon], dtype: ScalarType.Float32).DetachFromDisposeScope();
    }

    /// <summary>
    /// Copies these examples and returns views [examples, look-back, features] and [examples, horizon], good until the
    /// next call.
    /// </summary>
    /// <param name="rows">Which examples.</param>
    /// <param name="dataset">Of another data set with the same shapes; null for the one the buffer was made for.</param>
    public (Tensor Inputs, Tensor Targets) Fill(ReadOnlySpan<int> rows, TrainingExamples? dataset = null)
    {
        var source = dataset ?? _dataset;
        var inputs = _inputs.AsSpan<float>();
        var targets = _targets.AsSpan<float>();
        var width = source.LookBack * source.Features;
        for (var row = 0; row < rows.Length; row++)
        {
            source.Copy(
                rows[row], inputs.Slice(row * width, width), targets.Slice(row * source.Horizon, source.Horizon));
        }

        return (_inputs.narrow(0, 0, rows.Length), _targets.narrow(0, 0, rows.Length));
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _targets.Dispose();
    }
}
