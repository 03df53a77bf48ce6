using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>
/// The folder of a walk: walk.json says which walk it is, and each finished fold has a file with a checksum, so that a
/// fold is there whole or counts as not there.
/// </summary>
internal sealed class FoldFolder
{
    private const string WalkFile = "walk.json";
    private const string FoldPattern = "fold-*.csv";
    private const string FoldMark = "# sequence fold";

    private readonly string _folder;

    private FoldFolder(string folder) => _folder = folder;

    /// <summary>Makes the folder, or goes on with one of the same walk.</summary>
    /// <exception cref="ConfigurationException">It is of another walk; lists what differs.</exception>
    /// <exception cref="DataFormatException">It has folds, but what walk they are of cannot be read.</exception>
    /// <exception cref="SequenceException">It cannot be written.</exception>
    public static FoldFolder Open(string folder, IReadOnlyDictionary<string, string> walk)
    {
        var path = Path.Combine(folder, WalkFile);
        if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, FoldPattern).Any())
        {
            RequireSame(ReadWalk(path), walk, folder);
        }
        else
        {
            AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, walk), createFolder: true);
        }

        return new FoldFolder(folder);
    }

    /// <summary>The folds that are there whole, in order of their number.</summary>
    /// <exception cref="DataFormatException">The folder cannot be read.</exception>
    public static IReadOnlyList<FinishedFold> Read(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder, FoldPattern)
                .Select(ReadFold)
                .OfType<FinishedFold>()
                .OrderBy(fold => fold.Index)
                .ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"The folder cannot be read: {exception.Message}", folder, innerException: exception);
        }
    }

    public IReadOnlyList<FinishedFold> Read() => Read(_folder);

    /// <exception cref="SequenceException">The fold cannot be written.</exception>
    public void Write(FinishedFold fold)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"{fold.Index} {(fold.Fitted ? 1 : 0)}\n"));
        ForecastTableCsv.Write(new ForecastTable(fold.Rows), writer);
        var body = writer.ToString();
        AtomicFile.Write(
            Path.Combine(_folder, Name(fold.Index)),
            stream => stream.Write(Encoding.UTF8.GetBytes($"{FoldMark} {Checksum(body)} {body}")));
    }

    private static string Name(int fold) => string.Create(CultureInfo.InvariantCulture, $"fold-{fold:D6}.csv");

    /// <summary>A fold, or null where its file is not whole: then it is done again.</summary>
    private static FinishedFold? ReadFold(string path)
    {
        try
        {
            var text = ForecastTableCsv.ReadText(path);
            var bodyStart = FoldMark.Length + 1 + (2 * SHA256.HashSizeInBytes) + 1;
            if (text.Length < bodyStart)
            {
                return null;
            }

            var body = text[bodyStart..];
            if (!text.StartsWith($"{FoldMark} {Checksum(body)} ", StringComparison.Ordinal))
            {
                return null;
            }

            var lineEnd = body.IndexOf('\n', StringComparison.Ordinal);
            var head = body[..lineEnd].Split(' ');
            var index = int.Parse(head[0], NumberStyles.None, CultureInfo.InvariantCulture);
            return string.Equals(Path.GetFileName(path), Name(index), StringComparison.Ordinal)
                ? new FinishedFold(index, head[1] is "1", ForecastTableCsv.Read(body[(lineEnd + 1)..], path).Rows)
                : null;
        }
        catch (DataFormatException)
        {
            return null;
        }
    }

    private static Dictionary<string, string> ReadWalk(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(ForecastTableCsv.ReadText(path)) ??
                throw new DataFormatException("The file is empty.", path);
        }
        catch (JsonException exception)
        {
            throw new DataFormatException(
                "The file, which says what the folds beside it are of, is damaged. Delete the folder to begin afresh.",
                path,
                innerException: exception);
        }
    }

    private static void RequireSame(
        Dictionary<string, string> found, IReadOnlyDictionary<string, string> asked, string folder)
    {
        var faults = asked.Keys.Union(found.Keys, StringComparer.Ordinal)
            .Where(name => !string.Equals(found.GetValueOrDefault(name), asked.GetValueOrDefault(name), StringComparison.Ordinal))
            .Select(name =>
                $"The folds in {folder} were made with {name} '{found.GetValueOrDefault(name)}', but now it is " +
                $"'{asked.GetValueOrDefault(name)}'. Give the same, or another folder.")
            .ToArray();
        ConfigurationException.ThrowIfAny(faults);
    }

    private static string Checksum(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
}
