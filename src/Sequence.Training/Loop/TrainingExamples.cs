using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sequence.Data;

namespace Sequence.Training;

/// <summary>
/// Training examples cut from scaled series without copying them: the inputs of example i are look-back consecutive rows
/// [look-back, features], its targets the first feature of the next horizon rows. Only a batch is ever copied.
/// </summary>
/// <param name="lookBack">Rows of the inputs.</param>
/// <param name="features">Inputs in each row, the target first.</param>
/// <param name="horizon">Rows of the targets.</param>
public sealed class TrainingExamples(int lookBack, int features, int horizon) : IExampleSet
{
    private readonly List<Part> _parts = [];

    /// <summary>Rows of the inputs.</summary>
    public int LookBack { get; } = lookBack;

    /// <summary>Inputs in each row.</summary>
    public int Features { get; } = features;

    /// <summary>Rows of the targets.</summary>
    public int Horizon { get; } = horizon;

    /// <summary>Number of examples.</summary>
    public int Count { get; private set; }

    /// <inheritdoc />
    int IExampleSet.Length => LookBack;

    /// <inheritdoc />
    int IExampleSet.Targets => Horizon;

    /// <summary>
    /// Adds every example whose targets lie in rows <paramref name="firstTarget"/> .. <paramref name="targetEnd"/> - 1.
    /// Inputs may come from rows before the first target.
    /// </summary>
    /// <param name="values">Scaled rows, [rows, features] row-major; kept, not copied.</param>
    /// <param name="firstTarget">First row that may be a target.</param>
    /// <param name="targetEnd">Row after the last that may be a target.</param>
    /// <returns>How many examples were added; 0 when the range is too short for one.</returns>
    /// <exception cref="DataFormatException">The range lies outside the rows.</exception>
    public int Add(ReadOnlyMemory<float> values, int firstTarget, int targetEnd)
    {
        var rows = values.Length / Features;
        if (firstTarget < 0 || targetEnd > rows)
        {
            throw new DataFormatException($"Target rows {firstTarget} to {targetEnd} lie outside the {rows} rows given.");
        }

        var first = Math.Max(firstTarget, LookBack);
        var added = Math.Max(0, targetEnd - first - Horizon + 1);
        if (added > 0)
        {
            _parts.Add(new(values, first - LookBack, Count, added));
            Count += added;
        }

        return added;
    }

    /// <summary>Copies one example out.</summary>
    /// <param name="index">Which, in [0, Count).</param>
    /// <param name="inputs">Receives [look-back, features].</param>
    /// <param name="targets">Receives [horizon].</param>
    public void Copy(int index, Span<float> inputs, Span<float> targets)
    {
        IExampleSet examples = this;
        examples.CopyInputs(index, sequence: 0, inputs);
        examples.CopyTargets(index, targets);
    }

    /// <inheritdoc />
    int IExampleSet.LengthOf(int index, int sequence) => LookBack;

    /// <inheritdoc />
    void IExampleSet.CopyInputs(int index, int sequence, Span<float> inputs)
    {
        var (part, start) = PlaceOf(index);
        part.Values.Span.Slice(start, LookBack * Features).CopyTo(inputs);
    }

    /// <inheritdoc />
    void IExampleSet.CopyTargets(int index, Span<float> targets)
    {
        var (part, start) = PlaceOf(index);
        var values = part.Values.Span[(start + (LookBack * Features))..];
        for (var step = 0; step < Horizon; step++)
        {
            targets[step] = values[step * Features];
        }
    }

    /// <inheritdoc />
    void IExampleSet.AppendTo(IncrementalHash hash)
    {
        foreach (var part in _parts)
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>([LookBack, Features, Horizon, part.FirstRow, part.Count]));
            hash.AppendData(MemoryMarshal.AsBytes(part.Values.Span));
        }
    }

    private (Part Part, int Start) PlaceOf(int index)
    {
        var part = Find(index);
        return (part, (part.FirstRow + index - part.FirstIndex) * Features);
    }

    private Part Find(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var low = 0;
        var high = _parts.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_parts[middle].FirstIndex <= index)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return _parts[low];
    }

    private readonly record struct Part(ReadOnlyMemory<float> Values, int FirstRow, int FirstIndex, int Count);
}
