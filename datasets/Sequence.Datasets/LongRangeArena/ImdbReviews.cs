using System.Formats.Tar;
using System.Text;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>
/// The film reviews of Maas et al. (2011): label 1 for a positive one, 0 for a negative one. The Text task of Long Range Arena
/// reads them character by character and uses the test part for validation too.
/// </summary>
/// <param name="Train">Training part, in the order of the file names.</param>
/// <param name="Test">Test part, in the order of the file names.</param>
public sealed record ImdbReviews(IReadOnlyList<LabelledText> Train, IReadOnlyList<LabelledText> Test)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Reads an archive laid out as the public <c>aclImdb_v1.tar.gz</c>: <c>aclImdb/{train,test}/{pos,neg}/*.txt</c>. Everything
    /// else in it is passed over, the unlabelled reviews included.
    /// </summary>
    /// <param name="path">The .tar.gz.</param>
    /// <exception cref="DataFormatException">It is missing or damaged, or one of the four folders has no review.</exception>
    public static ImdbReviews Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var reviews = new Dictionary<string, List<(string Name, string Text)>>(StringComparer.Ordinal)
        {
            ["train/neg"] = [],
            ["train/pos"] = [],
            ["test/neg"] = [],
            ["test/pos"] = [],
        };
        try
        {
            using var content = WholeGzipStream.OpenGzip(path);
            using var archive = new TarReader(content);
            while (archive.GetNextEntry() is { } entry)
            {
                var parts = entry.Name.Split('/');
                if (entry.DataStream is null || parts.Length < 3 || !parts[^1].EndsWith(".txt", StringComparison.Ordinal) ||
                    !reviews.TryGetValue($"{parts[^3]}/{parts[^2]}", out var folder))
                {
                    continue;
                }

                var bytes = new byte[entry.Length];
                entry.DataStream.ReadExactly(bytes);
                folder.Add((parts[^1], Decode(bytes, entry.Name, path)));
            }

            // The end of the file is checked when it is reached; the archive ends before.
            content.CopyTo(Stream.Null);
        }
        catch (Exception exception) when (
            exception is IOException or InvalidDataException or UnauthorizedAccessException or FormatException)
        {
            throw new DataFormatException($"cannot be read: {exception.Message}", path, innerException: exception);
        }

        foreach (var (name, folder) in reviews)
        {
            if (folder.Count == 0)
            {
                throw new DataFormatException($"holds no review in {name}; it is cut short or no archive of these reviews.", path);
            }

            folder.Sort((first, second) => string.CompareOrdinal(first.Name, second.Name));
        }

        return new ImdbReviews(Part("train"), Part("test"));

        LabelledText[] Part(string part) =>
        [
            .. reviews[$"{part}/neg"].Select(review => new LabelledText(review.Text, 0)),
            .. reviews[$"{part}/pos"].Select(review => new LabelledText(review.Text, 1)),
        ];
    }

    private static string Decode(byte[] bytes, string name, string path)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new DataFormatException($"{name} is no UTF-8: {exception.Message}", path, innerException: exception);
        }
    }
}
