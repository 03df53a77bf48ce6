using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>A recording of the Free Spoken Digit Dataset.</summary>
/// <param name="Digit">The digit spoken, 0 to 9.</param>
/// <param name="Speaker">Who spoke.</param>
/// <param name="Index">Which of the speaker's 50 recordings of the digit; 0 to 4 are the test part.</param>
/// <param name="Sound">The recording.</param>
public sealed record SpokenDigit(int Digit, string Speaker, int Index, WaveSound Sound)
{
    private const int TestRecordings = 5;

    /// <summary>Whether the recording is of the test part.</summary>
    public bool IsTest => Index < TestRecordings;

    /// <summary>Reads all recordings of recordings.tar.gz, ordered by file name.</summary>
    /// <param name="path">The archive.</param>
    /// <exception cref="DataFormatException">It is missing, cut or corrupt, or a recording is.</exception>
    public static IReadOnlyList<SpokenDigit> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var digits = new SortedDictionary<string, SpokenDigit>(StringComparer.Ordinal);
        try
        {
            using var file = File.OpenRead(path);
            using var content = new GZipStream(file, CompressionMode.Decompress);
            using var archive = new TarReader(content);
            while (archive.GetNextEntry() is { } entry)
            {
                var name = Path.GetFileName(entry.Name);
                if (entry.DataStream is null || !name.EndsWith(".wav", StringComparison.Ordinal))
                {
                    continue;
                }

                var bytes = new byte[entry.Length];
                entry.DataStream.ReadExactly(bytes);
                digits.Add(name, Parse(name, bytes, path));
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"cannot be read: {exception.Message}", path, innerException: exception);
        }

        return digits.Count > 0 ? [.. digits.Values] : throw new DataFormatException("holds no recordings.", path);
    }

    private static SpokenDigit Parse(string name, byte[] bytes, string path)
    {
        var parts = Path.GetFileNameWithoutExtension(name).Split('_');
        return parts.Length == 3 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var digit) &&
            digit < 10 && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? new SpokenDigit(digit, parts[1], index, WaveSound.Parse(bytes, $"{path}: {name}"))
            : throw new DataFormatException($"'{name}' is not named digit_speaker_index.wav.", path);
    }
}
