using System.Text;
using Sequence.Data;

namespace Sequence.Cli;

/// <summary>A text file that is there whole or not at all.</summary>
internal static class TextFile
{
    /// <exception cref="SequenceException">It cannot be written; what was there before is untouched.</exception>
    public static Task WriteAsync(string path, string text, CancellationToken cancellationToken) => AtomicFile.WriteAsync(
        path, async stream => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken));
}
