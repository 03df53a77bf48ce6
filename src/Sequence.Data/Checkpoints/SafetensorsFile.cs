using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Sequence.Data.Checkpoints;

/// <summary>
/// A file in the public safetensors format: 8 bytes little-endian header length, a JSON header that maps each name to
/// dtype, shape and data_offsets (and "__metadata__" to texts), then the data without holes.
/// </summary>
/// <remarks>Written as the reference implementation does: widest element type first, then by name, the header padded
/// with spaces to a multiple of 8. See https://github.com/huggingface/safetensors.</remarks>
public sealed class SafetensorsFile
{
    private const int LengthBytes = sizeof(ulong);
    private const long LongestHeader = 100_000_000;
    private const string MetadataKey = "__metadata__";

    private SafetensorsFile(
        IReadOnlyDictionary<string, SafetensorsTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        Tensors = tensors;
        Metadata = metadata;
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors { get; }

    /// <summary>The texts under "__metadata__"; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads and checks a whole file.</summary>
    /// <exception cref="CheckpointException">It cannot be read, or is not well-formed; names the first fault.</exception>
    public static SafetensorsFile Read(string path) => Parse(CheckpointFiles.ReadAllBytes(path), path);

    /// <summary>Checks the bytes of a file; the tensors are views of them.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="path">Where they came from, for error messages.</param>
    /// <exception cref="CheckpointException">They are not well-formed; names the first fault.</exception>
    public static SafetensorsFile Parse(ReadOnlyMemory<byte> bytes, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (bytes.Length < LengthBytes)
        {
            throw new CheckpointException(
                path, $"is {bytes.Length} bytes, too short for the 8 bytes of a safetensors header length.");
        }

        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span);
        if (headerLength > LongestHeader || (long)headerLength > bytes.Length - LengthBytes)
        {
            throw new CheckpointException(
                path, $"claims a header of {headerLength} bytes, but {bytes.Length - LengthBytes} follow; it is cut or corrupt.");
        }

        var header = bytes.Slice(LengthBytes, (int)headerLength);
        if (header.IsEmpty || header.Span[0] != (byte)'{')
        {
            throw new CheckpointException(path, "has a safetensors header that does not begin with '{'.");
        }

        if (!Utf8.IsValid(header.Span))
        {
            throw new CheckpointException(path, "has a safetensors header that is not valid UTF-8.");
        }

        try
        {
            using var document = JsonDocument.Parse(
                header, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            return ParseHeader(document.RootElement, bytes[(LengthBytes + (int)headerLength)..], path);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new CheckpointException(
                path, $"has a safetensors header that is not valid JSON: {exception.Message}", exception);
        }
    }

    /// <summary>Writes a file and flushes it to the disk. An existing file is overwritten.</summary>
    /// <exception cref="CheckpointException">It cannot be written, or two tensors have one name.</exception>
    public static void Write(
        string path,
        IEnumerable<SafetensorsTensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tensors);
        SafetensorsTensor[] ordered =
        [
            .. tensors.OrderByDescending(tensor => tensor.Type).ThenBy(tensor => tensor.Name, StringComparer.Ordinal),
        ];
        var header = Header(path, ordered, metadata);
        CheckpointFiles.Write(path, [header, .. ordered.Select(tensor => tensor.Data)]);
    }

    private static SafetensorsFile ParseHeader(JsonElement root, ReadOnlyMemory<byte> data, string path)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        List<Entry> entries = [];
        foreach (var property in root.EnumerateObject())
        {
            if (string.Equals(property.Name, MetadataKey, StringComparison.Ordinal))
            {
                ReadMetadata(property.Value, metadata, path);
            }
            else
            {
                entries.Add(ParseEntry(property.Name, property.Value, path));
            }
        }

        var tensors = new Dictionary<string, SafetensorsTensor>(entries.Count, StringComparer.Ordinal);
        var position = 0L;
        entries.Sort((one, other) => one.Begin == other.Begin ? one.End.CompareTo(other.End) : one.Begin.CompareTo(other.Begin));
        foreach (var (name, type, shape, begin, end) in entries)
        {
            if (begin != position)
            {
                throw new CheckpointException(
                    path,
                    $"tensor '{name}' begins at offset {begin}, but the tensor before it ends at {position}; " +
                    "tensors may neither overlap nor leave gaps.");
            }

            if (end > data.Length)
            {
                throw new CheckpointException(
                    path, $"tensor '{name}' ends at offset {end}, but there are only {data.Length} bytes of data; it is cut.");
            }

            var expected = SafetensorsTensor.ByteCount(type, shape);
            if (expected != end - begin)
            {
                throw new CheckpointException(
                    path,
                    $"tensor '{name}' {SafetensorsTypes.Name(type)} [{string.Join(", ", shape)}] does not fit its " +
                    $"{end - begin} bytes.");
            }

            tensors.Add(name, new SafetensorsTensor(name, type, shape, data.Slice((int)begin, (int)(end - begin))));
            position = end;
        }

        if (position != data.Length)
        {
            throw new CheckpointException(
                path, $"has {data.Length} bytes of data, but the tensors of its header end at {position}.");
        }

        return new SafetensorsFile(tensors, metadata);
    }

    private static void ReadMetadata(JsonElement value, Dictionary<string, string> metadata, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new CheckpointException(path, $"{MetadataKey} must map texts to texts.");
        }

        foreach (var pair in value.EnumerateObject())
        {
            metadata[pair.Name] = pair.Value.ValueKind == JsonValueKind.String
                ? pair.Value.GetString()!
                : throw new CheckpointException(path, $"{MetadataKey} '{pair.Name}' is not a text.");
        }
    }

    private static Entry ParseEntry(string name, JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new CheckpointException(path, $"tensor '{name}' has no description.");
        }

        SafetensorsType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        foreach (var field in value.EnumerateObject())
        {
            switch (field.Name)
            {
                case "dtype":
                    var typeName = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString() : null;
                    type = SafetensorsTypes.Parse(typeName) ?? throw new CheckpointException(
                        path, $"tensor '{name}' has the unknown dtype {field.Value.GetRawText()}.");
                    break;
                case "shape":
                    shape = ParseSizes(name, field, path);
                    break;
                case "data_offsets":
                    offsets = ParseSizes(name, field, path);
                    break;
                default:
                    throw new CheckpointException(path, $"tensor '{name}' has the unknown field '{field.Name}'.");
            }
        }

        var missing = type is null ? "dtype" : shape is null ? "shape" : offsets is null ? "data_offsets" : null;
        if (missing is not null)
        {
            throw new CheckpointException(path, $"tensor '{name}' lacks the field '{missing}'.");
        }

        return offsets is [var begin, var end] && begin <= end
            ? new Entry(name, type!.Value, shape!, begin, end)
            : throw new CheckpointException(
                path, $"tensor '{name}' has data_offsets [{string.Join(", ", offsets!)}]; they must be a begin and an end.");
    }

    private static long[] ParseSizes(string name, JsonProperty field, string path)
    {
        if (field.Value.ValueKind != JsonValueKind.Array)
        {
            throw new CheckpointException(path, $"tensor '{name}': {field.Name} is not a list.");
        }

        var sizes = new long[field.Value.GetArrayLength()];
        var index = 0;
        foreach (var element in field.Value.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out var size) || size < 0)
            {
                throw new CheckpointException(
                    path, $"tensor '{name}': {field.Name} holds {element.GetRawText()}, which is no size.");
            }

            sizes[index++] = size;
        }

        return sizes;
    }

    private static ReadOnlyMemory<byte> Header(
        string path, SafetensorsTensor[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.GetSpan(LengthBytes), 0);
        buffer.Advance(LengthBytes);
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    writer.WriteString(key, value);
                }

                writer.WriteEndObject();
            }

            WriteEntries(writer, path, tensors);
            writer.WriteEndObject();
        }

        while (buffer.WrittenCount % LengthBytes != 0)
        {
            buffer.Write(" "u8);
        }

        var header = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(header.Length - LengthBytes));
        return header;
    }

    private static void WriteEntries(Utf8JsonWriter writer, string path, SafetensorsTensor[] tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { MetadataKey };
        var position = 0L;
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name))
            {
                throw new CheckpointException(path, $"cannot hold two entries named '{tensor.Name}'.");
            }

            writer.WriteStartObject(tensor.Name);
            writer.WriteString("dtype", SafetensorsTypes.Name(tensor.Type));
            writer.WriteStartArray("shape");
            foreach (var length in tensor.Shape)
            {
                writer.WriteNumberValue(length);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("data_offsets");
            writer.WriteNumberValue(position);
            position += tensor.Data.Length;
            writer.WriteNumberValue(position);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    // A class, as code over references is compiled already when a process starts, and code over tuples is not.
    private sealed record Entry(string Name, SafetensorsType Type, long[] Shape, long Begin, long End);
}
