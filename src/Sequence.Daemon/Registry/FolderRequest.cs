namespace Sequence.Daemon.Registry;

/// <summary>The body of PUT /models/{name}/versions that names a folder.</summary>
/// <param name="Path">Name of a folder in the folder incoming of the data folder.</param>
internal sealed record FolderRequest(string Path);
