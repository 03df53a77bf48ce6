using System.Text.Json.Serialization;

namespace Sequence.Datasets;

/// <summary>A data set of the catalogue.</summary>
/// <param name="Name">Name in kebab case, unique in the catalogue.</param>
/// <param name="Description">What it holds, in one sentence.</param>
/// <param name="Citation">Work to cite when it is used.</param>
/// <param name="Files">Its files.</param>
public sealed record DatasetEntry(string Name, string Description, string Citation, IReadOnlyList<DatasetFile> Files)
{
    /// <summary>Length of all files together, in bytes.</summary>
    [JsonIgnore]
    public long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>The terms of use of its files, each once.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Licences => [.. Files.Select(file => file.Licence).Distinct(StringComparer.Ordinal)];

    /// <summary>The data set cut down to one file, given by its name.</summary>
    /// <exception cref="ConfigurationException">It has no such file; the message lists those it has.</exception>
    public DatasetEntry Only(string path)
    {
        var file = Files.FirstOrDefault(file => string.Equals(file.Path, path, StringComparison.OrdinalIgnoreCase))
            ?? throw new ConfigurationException(
                $"Data set '{Name}' has no file '{path}'. It has {string.Join(", ", Files.Select(file => file.Path))}.");
        return this with { Files = [file] };
    }
}
