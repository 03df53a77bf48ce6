namespace Sequence.Datasets;

/// <summary>A file that stands verified in the target folder.</summary>
/// <param name="File">Its entry in the catalogue.</param>
/// <param name="Path">Full path.</param>
/// <param name="Folder">Full path of the folder an archive was unpacked into; null for any other file.</param>
/// <param name="Origin">Where it came from.</param>
public sealed record FetchedFile(DatasetFile File, string Path, string? Folder, FetchOrigin Origin);
