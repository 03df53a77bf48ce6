using System.Text.Json.Serialization;

namespace Sequence.Datasets;

/// <summary>One place a file can be had from, and the bytes to be found there.</summary>
/// <param name="Location">A path below the mirror, or a public address.</param>
/// <param name="Bytes">Length in bytes, as stored there.</param>
/// <param name="Sha256">SHA-256 of those bytes, in lower-case hexadecimal.</param>
public sealed record DatasetSource(string Location, long Bytes, string Sha256)
{
    /// <summary>Whether one file is stored there compressed by gzip.</summary>
    [JsonIgnore]
    public bool IsGzip => Location.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) &&
        !Location.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase);
}
