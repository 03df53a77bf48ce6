using System.Buffers.Binary;
using Sequence.Data;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>The keys of one block in a file of the reference implementation, with errors that name file and key.</summary>
internal sealed class ReferenceStateDict
{
    private const string StepSizeKey = "layer.kernel.inv_dt";

    // Parts of keys by which other modules of the reference implementation are known, and what they are.
    private static readonly (string Part, string Meaning)[] Foreign =
    [
        ("log_A_real", "is of the minimal models/s4/s4d.py, whose parameters are others; train the S4Block of models/s4/s4.py " +
            "with mode='diag' in its place"),
        ("kernel.kernel.", OldVersion),
        ("log_dt", OldVersion),
        ("w_real", OldVersion),
        ("w_imag", OldVersion),
        ("input_linear.", "is of a block with bottleneck, which is not read"),
        ("input_gate.", "is of a block with a multiplicative gate, which is not read"),
        ("output_gate.", "is of a block with a multiplicative gate, which is not read"),
    ];

    private const string OldVersion =
        "is of version 3 of the reference implementation; convert the file with its checkpoints/convert_v3_to_v4.py first";

    private readonly string _path;
    private readonly string _prefix;
    private readonly Dictionary<string, SafetensorsTensor> _tensors;

    public ReferenceStateDict(SafetensorsFile file, string path, string prefix)
    {
        _path = path;
        _prefix = prefix;
        _tensors = file.Tensors
            .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value, StringComparer.Ordinal);
        foreach (var key in _tensors.Keys.Order(StringComparer.Ordinal))
        {
            foreach (var (part, meaning) in Foreign)
            {
                if (key.Contains(part, StringComparison.Ordinal))
                {
                    throw Fault(key, meaning);
                }
            }
        }

        if (!_tensors.ContainsKey(StepSizeKey))
        {
            var blocks = file.Tensors.Keys
                .Where(key => key.EndsWith(StepSizeKey, StringComparison.Ordinal))
                .Select(key => $"'{key[..^StepSizeKey.Length]}'")
                .Order(StringComparer.Ordinal)
                .ToArray();
            throw Fault(
                StepSizeKey,
                blocks.Length == 0
                    ? "is missing; the file holds no S4Block of the reference implementation"
                    : $"is missing; the prefixes of the file's blocks are {string.Join(", ", blocks)}");
        }
    }

    public bool Has(string key) => _tensors.ContainsKey(key);

    /// <summary>A parameter of finite floats of a known number of axes, none empty.</summary>
    public SafetensorsTensor Floats(string key, params string[] axes)
    {
        var tensor = Require(key);
        if (tensor.Type is not (SafetensorsType.F16 or SafetensorsType.BF16 or SafetensorsType.F32 or SafetensorsType.F64))
        {
            throw Fault(key, $"holds {tensor.Type}; it must hold floats of 16, 32 or 64 bits");
        }

        if (tensor.Shape.Count != axes.Length || tensor.Shape.Any(length => length is < 1 or > int.MaxValue))
        {
            throw Fault(key, $"has shape {Text(tensor.Shape)}; it must be [{string.Join(", ", axes)}], none of them 0");
        }

        var values = tensor.ToDoubles();
        var bad = Array.FindIndex(values, value => !double.IsFinite(value));
        return bad < 0
            ? tensor
            : throw Fault(key, $"holds {values[bad]} as its element {bad}; the training has diverged or the file is damaged");
    }

    /// <summary>Checks a shape against what other parameters say.</summary>
    public void RequireShape(SafetensorsTensor tensor, string why, params int[] expected)
    {
        if (!tensor.Shape.SequenceEqual(expected.Select(length => (long)length)))
        {
            throw new CheckpointException(
                _path,
                $"key '{tensor.Name}' has shape {Text(tensor.Shape)}; {why}, so that it must be " +
                $"[{string.Join(", ", expected)}].");
        }
    }

    /// <summary>A whole number; null where the key is absent.</summary>
    public long? Integer(string key)
    {
        if (!_tensors.TryGetValue(key, out var tensor))
        {
            return null;
        }

        return tensor is { Type: SafetensorsType.I64, Count: 1 }
            ? BinaryPrimitives.ReadInt64LittleEndian(tensor.Data.Span)
            : throw Fault(key, $"is {tensor.Type} {Text(tensor.Shape)}; it must be one whole number of 64 bits");
    }

    /// <summary>Number of axes of a parameter.</summary>
    public int AxisCount(string key) => Require(key).Shape.Count;

    /// <summary>Refuses keys that are not known.</summary>
    public void RefuseOthers(params string[] known)
    {
        var unknown = _tensors.Keys.Except(known, StringComparer.Ordinal).Order(StringComparer.Ordinal).FirstOrDefault();
        if (unknown is not null)
        {
            throw Fault(unknown, "is unknown: no part of an S4 or S4D block of the reference implementation");
        }
    }

    public CheckpointException Fault(string key, string fault) => new(_path, $"key '{_prefix}{key}' {fault}.");

    private SafetensorsTensor Require(string key) =>
        _tensors.TryGetValue(key, out var tensor) ? tensor : throw Fault(key, "is missing");

    private static string Text(IReadOnlyList<long> shape) => $"[{string.Join(", ", shape)}]";
}
