using System.Text;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>
/// The files of the Retrieval task of Long Range Arena (Tay et al., 2021), pairs of papers of the ACL Anthology Network
/// (Radev et al., 2013). A row holds label, first and second identifier, first and second text, with a tab between two. There
/// is no header and no quoting: a quotation mark is part of the text. The label is written 0.0 or 1.0.
/// </summary>
public static class DocumentPairFile
{
    /// <summary>Name of the training file.</summary>
    public const string TrainFile = "new_aan_pairs.train.tsv";

    /// <summary>Name of the validation file.</summary>
    public const string ValidationFile = "new_aan_pairs.eval.tsv";

    /// <summary>Name of the test file.</summary>
    public const string TestFile = "new_aan_pairs.test.tsv";

    private const int Fields = 5;

    /// <summary>
    /// Reads the pairs one after another; the original training file is larger than the memory of most machines.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumCharacters">Characters kept of each text, from its start.</param>
    /// <exception cref="DataFormatException">While reading: it is missing, or a row is wrong; names file and line.</exception>
    public static IEnumerable<DocumentPair> Read(string path, int maximumCharacters)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumCharacters);
        return ReadRows(path, maximumCharacters);
    }

    private static IEnumerable<DocumentPair> ReadRows(string path, int maximumCharacters)
    {
        using var stream = Guarded(path, () => File.OpenRead(path));
        using var lines = new LineReader(stream);
        long line = 0;
        while (Guarded(path, lines.Read))
        {
            line++;
            yield return ParseRow(lines, maximumCharacters, path, line);
        }

        if (line == 0)
        {
            throw new DataFormatException("holds no pairs.", path, 1);
        }
    }

    private static DocumentPair ParseRow(LineReader lines, int maximumCharacters, string path, long line)
    {
        if (!lines.EndedWithNewLine)
        {
            throw new DataFormatException("the last line has no end; the file is cut short.", path, line);
        }

        Span<Range> fields = stackalloc Range[Fields + 1];
        var row = lines.Line;
        var count = 0;
        foreach (var field in row.Split((byte)'\t'))
        {
            if (count == Fields)
            {
                throw new DataFormatException($"has more than {Fields} fields.", path, line, Fields + 1);
            }

            fields[count++] = field;
        }

        if (count < Fields)
        {
            throw new DataFormatException(
                $"has {count} fields; it must have {Fields}: label, two identifiers, two texts.", path, line, count);
        }

        var label = row[fields[0]];
        return new DocumentPair(
            Text(row[fields[1]], int.MaxValue, path, line, 2),
            Text(row[fields[2]], int.MaxValue, path, line, 3),
            Text(row[fields[3]], maximumCharacters, path, line, 4),
            Text(row[fields[4]], maximumCharacters, path, line, 5),
            label.SequenceEqual("1.0"u8) || label.SequenceEqual("1"u8) ? 1
                : label.SequenceEqual("0.0"u8) || label.SequenceEqual("0"u8) ? 0
                : throw new DataFormatException(
                    $"the label is '{Encoding.UTF8.GetString(label)}'; it must be 0.0 or 1.0.", path, line, 1));
    }

    private static string Text(ReadOnlySpan<byte> bytes, int maximumCharacters, string path, long line, int field)
    {
        var characters = 0;
        var length = 0;
        while (length < bytes.Length && characters < maximumCharacters)
        {
            if (Rune.DecodeFromUtf8(bytes[length..], out _, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                throw new DataFormatException($"is no UTF-8 at byte {length + 1} of the field.", path, line, field);
            }

            length += consumed;
            characters++;
        }

        return Encoding.UTF8.GetString(bytes[..length]);
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"cannot be read: {exception.Message}", path, innerException: exception);
        }
    }
}
