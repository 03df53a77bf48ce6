using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sequence.Data;

namespace Sequence.Training;

/// <summary>
/// Training examples that are whole sequences [length, features], of any lengths, each alone or with others, with a class
/// index or with regression targets. The rows given are kept, not copied. Bytes (pixels, tokens, 8-bit sound) stay bytes until
/// a batch takes them: input = offset + scale * byte.
/// </summary>
public sealed class SequenceExamples : IExampleSet
{
    private const int PixelScale = 255;

    // A class index stands among float targets; above 2^24 not every whole number is one.
    private const int MostClasses = 1 << 24;

    private readonly List<Item> _items = [];
    private readonly List<float> _targets = [];
    private readonly int _classes;

    /// <summary>An empty set of sequences with regression targets.</summary>
    /// <param name="features">Inputs at each time; at least 1.</param>
    /// <param name="targets">Targets of an example; at least 1.</param>
    /// <param name="sequences">Sequences of an example; at least 1.</param>
    /// <exception cref="ConfigurationException">A size is out of range.</exception>
    public SequenceExamples(int features, int targets, int sequences = 1)
        : this(features, targets, sequences, classes: 0)
    {
    }

    private SequenceExamples(int features, int targets, int sequences, int classes)
    {
        var faults = new List<string>();
        foreach (var (name, size) in new[] { ("features", features), ("targets", targets), ("sequences", sequences) })
        {
            if (size < 1)
            {
                faults.Add($"{name} is {size}; it must be at least 1.");
            }
        }

        ConfigurationException.ThrowIfAny(faults);
        (Features, Targets, Sequences, _classes) = (features, targets, sequences, classes);
    }

    /// <inheritdoc />
    public int Count => _items.Count / Sequences;

    /// <inheritdoc />
    public int Length { get; private set; }

    /// <inheritdoc />
    public int Features { get; }

    /// <inheritdoc />
    public int Targets { get; }

    /// <inheritdoc />
    public int Sequences { get; }

    /// <summary>What a byte is multiplied by; 1 where bytes are tokens.</summary>
    /// <value>Default 1/255: pixels become numbers in [0, 1].</value>
    public float ByteScale { get; init; } = 1f / PixelScale;

    /// <summary>What is added to a scaled byte.</summary>
    /// <value>Default 0.</value>
    public float ByteOffset { get; init; }

    /// <summary>An empty set of sequences with a class index for each example.</summary>
    /// <param name="features">Inputs at each time; at least 1.</param>
    /// <param name="classes">Number of classes, in [2, 2^24].</param>
    /// <param name="sequences">Sequences of an example; at least 1.</param>
    /// <param name="byteScale">What a byte is multiplied by; 1 where bytes are tokens, by default 1/255.</param>
    /// <param name="byteOffset">What is added to a scaled byte.</param>
    /// <exception cref="ConfigurationException">A size is out of range.</exception>
    public static SequenceExamples OfClasses(
        int features, int classes, int sequences = 1, float byteScale = 1f / PixelScale, float byteOffset = 0) =>
        classes is >= 2 and <= MostClasses
            ? new(features, targets: 1, sequences, classes) { ByteScale = byteScale, ByteOffset = byteOffset }
            : throw new ConfigurationException($"classes is {classes}; it must be in [2, {MostClasses}].");

    /// <summary>Adds an example of one sequence.</summary>
    /// <param name="inputs">[length, features] row-major; kept, not copied.</param>
    /// <param name="targets">Its targets, or its class index.</param>
    /// <exception cref="DataFormatException">
    /// The inputs are no whole number of rows or not finite, or the targets are not as many as declared, not finite or no
    /// class.
    /// </exception>
    public void Add(ReadOnlyMemory<float> inputs, params ReadOnlySpan<float> targets)
    {
        var rows = Rows(inputs.Length);
        var values = inputs.Span;
        if (!TensorPrimitives.IsFiniteAll(values))
        {
            var place = 0;
            while (float.IsFinite(values[place]))
            {
                place++;
            }

            throw new DataFormatException(
                $"Sequence {Count} is {values[place]} at time {place / Features}, feature {place % Features}. Resolve missing " +
                "values first.");
        }

        Add([new Item(inputs, default, rows)], targets);
    }

    /// <summary>
    /// Adds an example of one sequence of bytes; input = <see cref="ByteOffset"/> + <see cref="ByteScale"/> * byte.
    /// </summary>
    /// <param name="inputs">[length, features] row-major; kept, not copied.</param>
    /// <param name="targets">Its targets, or its class index.</param>
    /// <exception cref="DataFormatException">
    /// The inputs are no whole number of rows, or the targets are not as many as declared, not finite or no class.
    /// </exception>
    public void Add(ReadOnlyMemory<byte> inputs, params ReadOnlySpan<float> targets) =>
        Add([new Item(default, inputs, Rows(inputs.Length))], targets);

    /// <summary>Adds an example of two sequences of bytes.</summary>
    /// <param name="first">[length, features] row-major; kept, not copied.</param>
    /// <param name="second">The same; its length may differ.</param>
    /// <param name="targets">Its targets, or its class index.</param>
    /// <exception cref="DataFormatException">
    /// The inputs are no whole number of rows, or the targets are not as many as declared, not finite or no class.
    /// </exception>
    public void AddPair(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second, params ReadOnlySpan<float> targets) =>
        Add([new Item(default, first, Rows(first.Length)), new Item(default, second, Rows(second.Length))], targets);

    /// <inheritdoc />
    public int LengthOf(int index, int sequence = 0) => ItemAt(index, sequence).Length;

    /// <inheritdoc />
    public void CopyInputs(int index, int sequence, Span<float> inputs)
    {
        var item = ItemAt(index, sequence);
        item.Singles.Span.CopyTo(inputs);
        var bytes = item.Bytes.Span;
        if (!bytes.IsEmpty)
        {
            var values = inputs[..bytes.Length];
            TensorPrimitives.ConvertTruncating(bytes, values);
            TensorPrimitives.Multiply(values, ByteScale, values);
            TensorPrimitives.Add(values, ByteOffset, values);
        }
    }

    /// <inheritdoc />
    public void CopyTargets(int index, Span<float> targets) =>
        CollectionsMarshal.AsSpan(_targets).Slice(index * Targets, Targets).CopyTo(targets);

    /// <inheritdoc />
    public void AppendTo(IncrementalHash hash)
    {
        hash.AppendData(MemoryMarshal.AsBytes<int>([Features, Targets, Sequences, _classes, Count]));
        hash.AppendData(MemoryMarshal.AsBytes<float>([ByteScale, ByteOffset]));
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_targets)));
        foreach (var item in _items)
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>([item.Singles.Length, item.Bytes.Length]));
            hash.AppendData(MemoryMarshal.AsBytes(item.Singles.Span));
            hash.AppendData(item.Bytes.Span);
        }
    }

    private int Rows(int values) => values > 0 && values % Features == 0
        ? values / Features
        : throw new DataFormatException(
            $"Sequence {Count} has {values} values, which are no rows of {Features}; one row at least is needed.");

    private Item ItemAt(int index, int sequence) => _items[(index * Sequences) + sequence];

    private void Add(ReadOnlySpan<Item> sequences, ReadOnlySpan<float> targets)
    {
        if (sequences.Length != Sequences)
        {
            throw new DataFormatException(
                $"Example {Count} has {sequences.Length} sequences; {Sequences} are needed in this set.");
        }

        if (targets.Length != Targets)
        {
            throw new DataFormatException($"Sequence {Count} has {targets.Length} targets; {Targets} are needed.");
        }

        foreach (var target in targets)
        {
            if (!float.IsFinite(target))
            {
                throw new DataFormatException($"Sequence {Count} has the target {target}, which is not a finite number.");
            }

            if (_classes > 0 && (target < 0 || target >= _classes || target != MathF.Floor(target)))
            {
                throw new DataFormatException(
                    $"Sequence {Count} has the class index {target}; it must be a whole number in [0, {_classes}).");
            }
        }

        _targets.AddRange(targets);
        foreach (var sequence in sequences)
        {
            _items.Add(sequence);
            Length = Math.Max(Length, sequence.Length);
        }
    }

    private readonly record struct Item(ReadOnlyMemory<float> Singles, ReadOnlyMemory<byte> Bytes, int Length);
}
