using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sequence.Daemon.Http;

/// <summary>
/// Lines of a text with their fields. A line that is too long, and every byte that is no UTF-8, is told instead of kept, so that
/// memory is bounded whatever the file holds.
/// </summary>
internal static class CsvLines
{
    /// <summary>Letters that a line may have.</summary>
    public const int LongestLine = 1024;

    /// <summary>Reads the lines one after the other. Empty ones are passed over and counted.</summary>
    public static async IAsyncEnumerable<CsvLine> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 16 * 1024, leaveOpen: true);
        var letters = ArrayPool<char>.Shared.Rent(16 * 1024);
        try
        {
            var line = new StringBuilder();
            var number = 1L;
            var isLong = false;
            int read;
            while ((read = await reader.ReadAsync(letters, cancellationToken)) > 0)
            {
                for (var start = 0; start < read;)
                {
                    var length = letters.AsSpan(start, read - start).IndexOf('\n');
                    var isWhole = length >= 0;
                    length = isWhole ? length : read - start;
                    isLong |= line.Length + length > LongestLine;
                    line.Append(letters, start, Math.Min(length, LongestLine - line.Length));
                    start += length + 1;
                    if (isWhole)
                    {
                        if (Take(line, number++, isLong) is { } taken)
                        {
                            yield return taken;
                        }

                        isLong = false;
                    }
                }
            }

            if (Take(line, number, isLong) is { } last)
            {
                yield return last;
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(letters);
        }
    }

    private static CsvLine? Take(StringBuilder line, long number, bool isLong)
    {
        // The mark that a spreadsheet puts before its text.
        var text = line.ToString().TrimStart('\uFEFF').Trim();
        line.Clear();
        return text.Length == 0 ? null : new CsvLine(number, text, isLong);
    }
}
