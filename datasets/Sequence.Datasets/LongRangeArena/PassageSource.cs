using System.Text;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>
/// Documents of one kind, as words of lower-case letters: every run of other characters is one space. What is left tells
/// kinds apart by their words, not by their typography.
/// </summary>
public sealed class PassageSource
{
    private const int SceneSpeeches = 20;

    private readonly byte[][] _documents;

    /// <summary>Takes documents.</summary>
    /// <param name="name">Name, for error messages.</param>
    /// <param name="documents">The texts; letters are those of ASCII.</param>
    public PassageSource(string name, IEnumerable<string> documents)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(documents);
        Name = name;
        _documents = [.. documents.Select(Words)];
    }

    /// <summary>Name.</summary>
    public string Name { get; }

    /// <summary>The documents as bytes: a to z and the space.</summary>
    public IReadOnlyList<byte[]> Documents => _documents;

    /// <summary>The test part of the film reviews, one document a review; markup of line ends is left out.</summary>
    /// <param name="reviews">The reviews.</param>
    public static PassageSource OfReviews(ImdbReviews reviews)
    {
        ArgumentNullException.ThrowIfNull(reviews);
        return new PassageSource("reviews", reviews.Test.Select(review => review.Text.Replace("<br />", " ", StringComparison.Ordinal)));
    }

    /// <summary>The articles of files of WikiText-2 (Merity et al., 2017); the mark of unknown words is left out.</summary>
    /// <param name="paths">The files, decompressed when their names end in .gz.</param>
    /// <exception cref="DataFormatException">One cannot be read, or has no article.</exception>
    public static PassageSource ReadArticles(params IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return new PassageSource("articles", paths.SelectMany(Articles));
    }

    /// <summary>
    /// Speeches of plays, twenty in a row to a document: blocks of lines with an empty line between two, the first line naming
    /// the speaker, which is left out.
    /// </summary>
    /// <param name="path">The file, decompressed when its name ends in .gz.</param>
    /// <exception cref="DataFormatException">It cannot be read, or has no speech.</exception>
    public static PassageSource ReadSpeeches(string path)
    {
        var documents = new List<StringBuilder>();
        var speeches = 0;
        foreach (var line in Lines(path))
        {
            if (line.EndsWith(':'))
            {
                if (speeches++ % SceneSpeeches == 0)
                {
                    documents.Add(new StringBuilder());
                }
            }
            else if (documents.Count > 0)
            {
                documents[^1].Append(line).Append('\n');
            }
        }

        return new PassageSource("speeches", Texts("speeches", documents, path, "a speaker such as 'First Citizen:'"));
    }

    /// <summary>The abstracts (.W) of the Cranfield collection, one document each.</summary>
    /// <param name="path">The file, decompressed when its name ends in .gz.</param>
    /// <exception cref="DataFormatException">It cannot be read, or has no abstract.</exception>
    public static PassageSource ReadAbstracts(string path)
    {
        var documents = new List<StringBuilder>();
        var inside = false;
        foreach (var line in Lines(path))
        {
            if (line.StartsWith('.') && line.Length > 1 && char.IsAsciiLetterUpper(line[1]))
            {
                inside = line.StartsWith(".W", StringComparison.Ordinal);
                if (inside)
                {
                    documents.Add(new StringBuilder());
                }
            }
            else if (inside)
            {
                documents[^1].Append(line).Append('\n');
            }
        }

        return new PassageSource("abstracts", Texts("abstracts", documents, path, "a line '.W'"));
    }

    private static IEnumerable<string> Articles(string path)
    {
        // A title has one equals sign on each side, a heading two or more.
        var documents = new List<StringBuilder>();
        foreach (var line in Lines(path))
        {
            if (line.StartsWith(" = =", StringComparison.Ordinal))
            {
                continue;
            }

            if (line.StartsWith(" = ", StringComparison.Ordinal))
            {
                documents.Add(new StringBuilder());
            }
            else if (documents.Count > 0)
            {
                documents[^1].Append(line.Replace("<unk>", " ", StringComparison.Ordinal)).Append('\n');
            }
        }

        return Texts("articles", documents, path, "a title such as ' = Lobster = '");
    }

    private static IEnumerable<string> Texts(string name, List<StringBuilder> documents, string path, string expected) =>
        documents.Count > 0
            ? documents.Select(document => document.ToString())
            : throw new DataFormatException($"holds no {name}: there is not once {expected}.", path);

    private static List<string> Lines(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using var content = WholeGzipStream.Open(path);
            using var reader = new StreamReader(content, Encoding.UTF8);
            var lines = new List<string>();
            while (reader.ReadLine() is { } line)
            {
                lines.Add(line);
            }

            return lines;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"cannot be read: {exception.Message}", path, innerException: exception);
        }
    }

    private static byte[] Words(string text)
    {
        var bytes = new byte[text.Length];
        var length = 0;
        foreach (var character in text)
        {
            if (char.IsAsciiLetter(character))
            {
                bytes[length++] = (byte)char.ToLowerInvariant(character);
            }
            else if (length > 0 && bytes[length - 1] != (byte)' ')
            {
                bytes[length++] = (byte)' ';
            }
        }

        return bytes[..length];
    }
}
