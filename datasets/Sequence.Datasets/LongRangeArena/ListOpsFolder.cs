using System.Security.Cryptography;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>
/// A folder with the three files of ListOps: <c>basic_train.tsv</c>, <c>basic_val.tsv</c> and <c>basic_test.tsv</c>, and, where
/// they were generated here, a <see cref="ListOpsManifest"/>.
/// </summary>
public static class ListOpsFolder
{
    /// <summary>Name of the training file.</summary>
    public const string TrainFile = "basic_train.tsv";

    /// <summary>Name of the validation file.</summary>
    public const string ValidationFile = "basic_val.tsv";

    /// <summary>Name of the test file.</summary>
    public const string TestFile = "basic_test.tsv";

    private const int RowsAtOnce = 1024;

    /// <summary>
    /// Generates the files. The accepted sequences are dealt out in order: first training, then validation, then test. Each
    /// file appears whole or not at all. A finished file is checked against the manifest and kept; after a stop, a second call
    /// makes what is missing and ends with the same bytes.
    /// </summary>
    /// <param name="folder">Target folder; it is made when missing.</param>
    /// <param name="options">What trees are made, which are kept and how many.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="threads">Threads, 1 to 512; null takes one for each processor. The bytes do not depend on it.</param>
    /// <param name="cancellationToken">Stops soon; finished files stay.</param>
    /// <exception cref="ConfigurationException">
    /// Options cannot be used; or the folder was made with others or another seed (both digests are named), or holds files of
    /// these names that were not generated.
    /// </exception>
    /// <exception cref="DataFormatException">A finished file or the manifest has changed; both digests are named.</exception>
    /// <exception cref="SequenceException">A file cannot be written.</exception>
    public static ListOpsManifest Generate(
        string folder, ListOpsOptions options, ulong seed, int? threads = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var generator = new ListOpsGenerator(options, seed);
        var manifest = Open(folder, ListOpsManifest.Start(options, seed));
        (string Name, int Rows)[] splits =
            [(TrainFile, options.TrainCount), (ValidationFile, options.ValidationCount), (TestFile, options.TestCount)];
        foreach (var (name, rows) in splits)
        {
            if (manifest.Files.TryGetValue(name, out var finished))
            {
                Check(Path.Combine(folder, name), rows, finished);
            }
        }

        var last = Array.FindLastIndex(splits, split => !manifest.Files.ContainsKey(split.Name));
        if (last < 0)
        {
            return manifest;
        }

        var total = splits.Take(last + 1).Sum(split => (long)split.Rows);
        using var sequences = generator.Generate(checked((int)total), threads, cancellationToken).GetEnumerator();
        foreach (var (name, rows) in splits.Take(last + 1))
        {
            if (manifest.Files.ContainsKey(name))
            {
                // Made again only to know which sequences are taken.
                for (var row = 0; row < rows; row++)
                {
                    sequences.MoveNext();
                }

                continue;
            }

            var file = WriteSplit(Path.Combine(folder, name), sequences, rows, threads, cancellationToken);
            manifest = manifest with
            {
                Files = new Dictionary<string, ListOpsManifestFile>(manifest.Files, StringComparer.Ordinal) { [name] = file },
            };
            manifest.Write(folder);
        }

        return manifest;
    }

    /// <summary>
    /// Reads the three files, be they generated here or the original ones. Where there is a manifest, they are checked
    /// against it first.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DataFormatException">
    /// A file is missing or wrong (names file, line and field) or not what the manifest says (names both digests).
    /// </exception>
    public static ListOpsSplits Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (ListOpsManifest.Read(folder) is { } manifest)
        {
            foreach (var (name, finished) in manifest.Files)
            {
                Check(Path.Combine(folder, name), finished.Rows, finished);
            }
        }

        return new ListOpsSplits(
            ListOpsFile.Read(Path.Combine(folder, TrainFile)),
            ListOpsFile.Read(Path.Combine(folder, ValidationFile)),
            ListOpsFile.Read(Path.Combine(folder, TestFile)));
    }

    private static ListOpsManifest Open(string folder, ListOpsManifest wanted)
    {
        if (ListOpsManifest.Read(folder) is { } found)
        {
            return string.Equals(found.Digest, wanted.Digest, StringComparison.Ordinal)
                ? wanted with { Files = found.Files }
                : throw new ConfigurationException(
                    $"{folder} was made with other options or another seed (seed {found.Seed}): its digest is {found.Digest}, " +
                    $"these options and seed {wanted.Seed} give {wanted.Digest}. Choose another folder or the same options.");
        }

        foreach (var name in new[] { TrainFile, ValidationFile, TestFile })
        {
            if (File.Exists(Path.Combine(folder, name)))
            {
                throw new ConfigurationException(
                    $"{folder} holds {name} but no {ListOpsManifest.FileName}, so it was not generated here. Choose another folder.");
            }
        }

        // Written first, so that a file without an entry is known to be left over from a stop.
        wanted.Write(folder);
        return wanted;
    }

    private static void Check(string path, int rows, ListOpsManifestFile finished)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var digest = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (finished.Rows != rows || !string.Equals(digest, finished.Sha256, StringComparison.Ordinal))
            {
                throw new DataFormatException(
                    $"has changed since it was made: its SHA-256 is {digest}, the manifest says {finished.Sha256} for " +
                    $"{finished.Rows} rows. Delete the folder and make it again.",
                    path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException(
                $"cannot be read: {exception.Message} The manifest says it is finished with SHA-256 {finished.Sha256}.",
                path,
                innerException: exception);
        }
    }

    private static ListOpsManifestFile WriteSplit(
        string path, IEnumerator<LabelledSequence> sequences, int rows, int? threads, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        AtomicFile.Write(
            path,
            stream =>
            {
                Append(stream, ListOpsFile.Header);
                for (var written = 0; written < rows;)
                {
                    var block = Take(sequences, Math.Min(RowsAtOnce, rows - written));
                    var lines = block.AsParallel().AsOrdered()
                        .WithDegreeOfParallelism(threads ?? Math.Min(Environment.ProcessorCount, 512))
                        .Select(ListOpsFile.Row)
                        .ToArray();
                    cancellationToken.ThrowIfCancellationRequested();
                    foreach (var line in lines)
                    {
                        Append(stream, line);
                    }

                    written += block.Length;
                }
            });
        return new ListOpsManifestFile(rows, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));

        void Append(Stream stream, ReadOnlySpan<byte> line)
        {
            stream.Write(line);
            hash.AppendData(line);
            bytes += line.Length;
        }
    }

    private static LabelledSequence[] Take(IEnumerator<LabelledSequence> sequences, int count)
    {
        var taken = new LabelledSequence[count];
        for (var index = 0; index < count; index++)
        {
            sequences.MoveNext();
            taken[index] = sequences.Current;
        }

        return taken;
    }
}
