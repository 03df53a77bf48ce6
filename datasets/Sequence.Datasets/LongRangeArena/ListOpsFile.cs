using System.Text;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>
/// A file of ListOps as Long Range Arena writes it: a header <c>Source</c>, tab, <c>Target</c>, then a row for each
/// expression with its source form and its value. Rows end in CR LF; a single LF is read too.
/// </summary>
public static class ListOpsFile
{
    private const int SourceField = 1;
    private const int TargetField = 2;

    /// <summary>Reads a file and checks every target against its expression.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Tokens of <see cref="ListOpsTokens"/> without end, and the value, in the order of the rows.</returns>
    /// <exception cref="DataFormatException">It cannot be read, or a row is wrong; names file, line and field.</exception>
    public static IReadOnlyList<LabelledSequence> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var sequences = new List<LabelledSequence>();
        try
        {
            using var stream = File.OpenRead(path);
            using var lines = new LineReader(stream);
            if (!lines.Read() || !lines.Line.SequenceEqual("Source\tTarget"u8))
            {
                throw new DataFormatException("the header must be 'Source', a tab and 'Target'.", path, 1, SourceField);
            }

            for (long line = 2; lines.Read(); line++)
            {
                sequences.Add(ParseRow(lines.Line, path, line));
            }

            if (!lines.EndedWithNewLine)
            {
                throw new DataFormatException(
                    "the last line has no end; the file is cut short.", path, sequences.Count + 1, TargetField);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"cannot be read: {exception.Message}", path, innerException: exception);
        }

        return sequences;
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file; its folder is made when missing.</param>
    /// <param name="sequences">Tokens of <see cref="ListOpsTokens"/> without end, and the value.</param>
    /// <exception cref="DataFormatException">Tokens are no expression, or a label is not its value.</exception>
    /// <exception cref="SequenceException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<LabelledSequence> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        AtomicFile.Write(
            path,
            stream =>
            {
                stream.Write(Header);
                foreach (var sequence in sequences)
                {
                    var value = ListOpsExpression.FromTokens(sequence.Values.Span).Value;
                    if (value != sequence.Label)
                    {
                        throw new DataFormatException($"the label is {sequence.Label}, the expression gives {value}.", path);
                    }

                    stream.Write(Row(sequence));
                }
            },
            createFolder: true);
    }

    /// <summary>The header with its line end.</summary>
    internal static ReadOnlySpan<byte> Header => "Source\tTarget\r\n"u8;

    /// <summary>The row of a well-formed sequence with its line end.</summary>
    internal static byte[] Row(LabelledSequence sequence)
    {
        var row = new List<byte>(sequence.Values.Length * 7);
        ListOpsExpression.WriteSource(sequence.Values.Span, row);
        row.AddRange([(byte)'\t', (byte)('0' + sequence.Label), (byte)'\r', (byte)'\n']);
        return [.. row];
    }

    private static LabelledSequence ParseRow(ReadOnlySpan<byte> row, string path, long line)
    {
        var tab = row.IndexOf((byte)'\t');
        if (tab < 0)
        {
            throw new DataFormatException("there is no tab and no target; the line is cut short.", path, line, TargetField);
        }

        var parser = new ListOpsParser(row[..tab]);
        if (!parser.Run())
        {
            throw new DataFormatException(parser.Fault, path, line, SourceField);
        }

        var value = ListOpsExpression.Evaluate(parser.Tokens);
        var target = row[(tab + 1)..];
        return target.Length == 1 && target[0] == '0' + value
            ? new LabelledSequence(parser.Tokens, value)
            : throw new DataFormatException(
                $"the target is '{Encoding.UTF8.GetString(target)}', the expression gives {value}.", path, line, TargetField);
    }
}
