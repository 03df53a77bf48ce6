using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>
/// An array of NumPy's .npy format, versions 1 to 3 (NEP 1): booleans, little-endian whole and floating-point numbers, byte strings
/// and unicode strings, row-major.
/// </summary>
/// <param name="Shape">Length of each axis, outermost first; empty for a single element.</param>
/// <param name="ElementType">As NumPy writes it: &lt;f4, |u1, &lt;U17.</param>
/// <param name="Values">The elements, row-major: an array of bool, of the number type, or of string.</param>
public sealed partial record NpyArray(IReadOnlyList<int> Shape, string ElementType, Array Values)
{
    private const int MagicLength = 6;

    /// <summary>Whether bytes begin as an .npy file does.</summary>
    public static bool IsNpy(ReadOnlySpan<byte> bytes) => bytes.Length >= MagicLength && bytes[0] == 0x93 && bytes[1..].StartsWith("NUMPY"u8);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFormatException">It is missing, cut, too long, or of a kind that is not read.</exception>
    public static NpyArray Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"cannot be read: {exception.Message}", path, innerException: exception);
        }
    }

    /// <summary>Reads the content of a file.</summary>
    /// <param name="bytes">The content.</param>
    /// <param name="name">What to call it in faults.</param>
    /// <exception cref="DataFormatException">It is cut, too long, or of a kind that is not read.</exception>
    public static NpyArray Parse(ReadOnlySpan<byte> bytes, string name)
    {
        if (!IsNpy(bytes))
        {
            throw new DataFormatException("no .npy file.", name);
        }

        var header = Header(bytes, name, out var start);
        var type = TypePattern().Match(header).Groups["value"].Value;
        var order = OrderPattern().Match(header).Groups["value"].Value;
        var axes = ShapePattern().Match(header);
        if (type.Length == 0 || order.Length == 0 || !axes.Success)
        {
            throw new DataFormatException($"the header of the .npy file cannot be understood: {header.Trim()}", name);
        }

        var parts = axes.Groups["value"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var shape = new int[parts.Length];
        var count = 1L;
        for (var axis = 0; axis < parts.Length; axis++)
        {
            if (!int.TryParse(parts[axis], NumberStyles.None, CultureInfo.InvariantCulture, out shape[axis])
                || (count *= shape[axis]) > int.MaxValue)
            {
                throw new DataFormatException($"the .npy file says shape ({axes.Groups["value"].Value}), which cannot be held.", name);
            }
        }

        if (order == "True" && shape.Count(length => length > 1) > 1)
        {
            throw new DataFormatException("the .npy file is column-major. Save it with numpy.ascontiguousarray.", name);
        }

        return new NpyArray(shape, type, Elements(bytes[start..], type, (int)count, name));
    }

    /// <summary>The elements as text, numbers as .NET writes them without a culture.</summary>
    public IReadOnlyList<string> ToText() =>
        [.. Values.Cast<object>().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)!)];

    private static string Header(ReadOnlySpan<byte> bytes, string name, out int start)
    {
        const int versionEnd = MagicLength + 2;
        if (bytes.Length < versionEnd + 4)
        {
            throw Cut(name);
        }

        var version = bytes[MagicLength];
        if (version is < 1 or > 3)
        {
            throw new DataFormatException($"an .npy file of version {version}; read are 1 to 3. Save it again with numpy.save.", name);
        }

        var lengthBytes = version == 1 ? 2 : 4;
        var length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[versionEnd..])
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes[versionEnd..]);
        var begin = versionEnd + lengthBytes;
        if (length > bytes.Length - begin)
        {
            throw Cut(name);
        }

        start = begin + (int)length;
        return (version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes[begin..start]);
    }

    private static Array Elements(ReadOnlySpan<byte> bytes, string type, int count, string name) => type switch
    {
        "|b1" => Array.ConvertAll(Numbers<byte>(bytes, count, name), value => value != 0),
        "|i1" => Numbers<sbyte>(bytes, count, name),
        "|u1" => Numbers<byte>(bytes, count, name),
        "<i2" => Numbers<short>(bytes, count, name),
        "<u2" => Numbers<ushort>(bytes, count, name),
        "<i4" => Numbers<int>(bytes, count, name),
        "<u4" => Numbers<uint>(bytes, count, name),
        "<i8" => Numbers<long>(bytes, count, name),
        "<u8" => Numbers<ulong>(bytes, count, name),
        "<f2" => Floats(bytes, count, 2, BinaryPrimitives.ReadHalfLittleEndian, name),
        "<f4" => Floats(bytes, count, 4, BinaryPrimitives.ReadSingleLittleEndian, name),
        "<f8" => Floats(bytes, count, 8, BinaryPrimitives.ReadDoubleLittleEndian, name),
        _ when TextPattern().Match(type) is { Success: true } match
            && int.TryParse(match.Groups["value"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var width) =>
            Texts(bytes, count, match.Groups["kind"].Value == "<U", width, name),
        _ => throw new DataFormatException(
            $"the elements of the .npy file are of type '{type}'; read are booleans, little-endian numbers and strings. Convert them with numpy.astype.",
            name),
    };

    private static T[] Numbers<T>(ReadOnlySpan<byte> bytes, int count, string name)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var width = T.Zero.GetByteCount();
        RequireLength(bytes, count, width, name);
        var values = new T[count];
        for (var index = 0; index < count; index++)
        {
            values[index] = T.ReadLittleEndian(bytes.Slice(index * width, width), isUnsigned: T.MinValue == T.Zero);
        }

        return values;
    }

    private static T[] Floats<T>(ReadOnlySpan<byte> bytes, int count, int width, ReadFloat<T> read, string name)
    {
        RequireLength(bytes, count, width, name);
        var values = new T[count];
        for (var index = 0; index < count; index++)
        {
            values[index] = read(bytes.Slice(index * width, width));
        }

        return values;
    }

    private static string[] Texts(ReadOnlySpan<byte> bytes, int count, bool isUnicode, int characters, string name)
    {
        var width = (long)characters * (isUnicode ? 4 : 1);
        var encoding = isUnicode ? Encoding.UTF32 : Encoding.Latin1;
        RequireLength(bytes, count, width, name);
        var texts = new string[count];
        for (var index = 0; index < count; index++)
        {
            texts[index] = encoding.GetString(bytes.Slice((int)(index * width), (int)width)).TrimEnd('\0');
        }

        return texts;
    }

    private static void RequireLength(ReadOnlySpan<byte> bytes, int count, long width, string name)
    {
        if (bytes.Length != count * width)
        {
            throw new DataFormatException(
                $"the .npy file should hold {count} elements of {width} bytes, but has {bytes.Length} bytes of them. Fetch it again.", name);
        }
    }

    private static DataFormatException Cut(string name) => new("the header of the .npy file is cut. Fetch it again.", name);

    [GeneratedRegex(@"'descr':\s*'(?<value>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'fortran_order':\s*(?<value>True|False)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"'shape':\s*\((?<value>[0-9,\s]*)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ShapePattern();

    [GeneratedRegex(@"^(?<kind><U|\|S)(?<value>[0-9]+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TextPattern();

    private delegate T ReadFloat<out T>(ReadOnlySpan<byte> bytes);
}
