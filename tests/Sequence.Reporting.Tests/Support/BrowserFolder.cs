namespace Sequence.Reporting.Tests;

/// <summary>A folder for a page and the browser's profile.</summary>
internal sealed class BrowserFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sequence-browser-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
