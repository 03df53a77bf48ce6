using System.Globalization;
using System.Text;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>
/// Pathfinder images in the layout of the original generator and of the Long Range Arena: metadata/N.npy lists the images of batch N,
/// one a row (subpath, filename, number, label, parameters), and imgs/N/sample_I.png holds them. A metadata file is a real .npy
/// array or, as in the published archive, lines of text with blanks between the columns.
/// </summary>
/// <param name="Size">Height and width of an image.</param>
/// <param name="Images">The images in order of batch and row.</param>
/// <param name="Skipped">Names of listed image files without a byte: the published archive has one.</param>
public sealed record PathfinderFolder(int Size, IReadOnlyList<LabelledSequence> Images, IReadOnlyList<string> Skipped)
{
    private const int SubpathColumn = 0;
    private const int FilenameColumn = 1;
    private const int LabelColumn = 3;

    /// <summary>Reads all images, for instance of the folder curv_contour_length_14.</summary>
    /// <param name="folder">The folder that holds metadata and imgs.</param>
    /// <exception cref="DataFormatException">Something is missing, damaged, not square, or not of the same size.</exception>
    public static PathfinderFolder Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var images = new List<LabelledSequence>();
        var skipped = new List<string>();
        var size = 0;
        foreach (var path in MetadataFiles(folder))
        {
            foreach (var (file, label) in Rows(path))
            {
                var name = Path.Combine(folder, file);
                var picture = ReadPicture(name);
                if (picture is null)
                {
                    skipped.Add(file);
                    continue;
                }

                size = size == 0 ? picture.Width : size;
                if (picture.Width != size || picture.Height != size)
                {
                    throw new DataFormatException(
                        $"a picture of {picture.Height} by {picture.Width} among pictures of {size} by {size}.", name);
                }

                images.Add(new LabelledSequence(picture.Pixels, label));
            }
        }

        return images.Count > 0
            ? new PathfinderFolder(size, images, skipped)
            : throw new DataFormatException("lists no images. Name the folder of one setting, for instance curv_contour_length_14.", folder);
    }

    private static IReadOnlyList<string> MetadataFiles(string folder)
    {
        var metadata = Path.Combine(folder, "metadata");
        try
        {
            // Batch 2 before batch 10.
            return [.. Directory.EnumerateFiles(metadata, "*.npy").OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException(
                $"cannot be read: {exception.Message} Name the folder of one setting, for instance curv_contour_length_14.", metadata, innerException: exception);
        }
    }

    private static IEnumerable<(string File, int Label)> Rows(string path)
    {
        var bytes = ReadBytes(path);
        if (NpyArray.IsNpy(bytes))
        {
            var array = NpyArray.Parse(bytes, path);
            if (array.Shape.Count != 2)
            {
                throw new DataFormatException(
                    $"an array of shape [{string.Join(", ", array.Shape)}]; metadata has rows and columns.", path);
            }

            var cells = array.ToText();
            var columns = array.Shape[1];
            return [.. Enumerable.Range(0, array.Shape[0])
                .Select(row => Row(path, row + 1, [.. cells.Skip(row * columns).Take(columns)]))];
        }

        return [.. Encoding.UTF8.GetString(bytes)
            .Split('\n')
            .Select((line, index) => (Cells: line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), Number: index + 1))
            .Where(line => line.Cells.Length > 0)
            .Select(line => Row(path, line.Number, line.Cells))];
    }

    private static (string File, int Label) Row(string path, int number, string[] cells)
    {
        if (cells.Length <= LabelColumn)
        {
            throw new DataFormatException($"{cells.Length} columns; there must be subpath, filename, number and label.", path, number);
        }

        var file = Path.Combine(cells[SubpathColumn], cells[FilenameColumn]);
        if (Path.IsPathRooted(file) || file.Split('/', '\\').Contains("..", StringComparer.Ordinal))
        {
            throw new DataFormatException($"'{file}' leads out of the folder.", path, number);
        }

        return int.TryParse(cells[LabelColumn], NumberStyles.None, CultureInfo.InvariantCulture, out var label) && label is 0 or 1
            ? (file, label)
            : throw new DataFormatException($"'{cells[LabelColumn]}' is no label; it must be 0 or 1.", path, number, LabelColumn + 1);
    }

    private static PathfinderPng? ReadPicture(string path)
    {
        var bytes = ReadBytes(path);
        return bytes.Length == 0 ? null : PathfinderPng.Parse(bytes, path);
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"cannot be read: {exception.Message}", path, innerException: exception);
        }
    }
}
