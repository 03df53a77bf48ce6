using System.Globalization;
using System.Text;

namespace Sequence.Daemon.Drops;

/// <summary>The rows that were not stored, with their reasons. Seen under its name only when it is whole; no file when there are none.</summary>
internal sealed class RejectedRows(string path) : IAsyncDisposable
{
    private readonly string _part = path + ".part";
    private StreamWriter? _writer;

    public long Count { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <param name="line">Its line in the file.</param>
    /// <param name="reason">Why it was not stored.</param>
    /// <param name="text">Its text, or the beginning of it.</param>
    public async Task AddAsync(long line, string reason, string text)
    {
        if (_writer is null)
        {
            _writer = new StreamWriter(_part, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
            await _writer.WriteLineAsync("line,reason,row");
        }

        Count++;
        await _writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{line},{Quote(reason)},{Quote(text)}"));
    }

    /// <summary>Gives the file its name. One that an interrupted reading of the same rows left there is gone.</summary>
    public async Task CompleteAsync()
    {
        if (_writer is null)
        {
            File.Delete(path);
            return;
        }

        await _writer.DisposeAsync();
        File.Move(_part, path, overwrite: true);
        _writer = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
            File.Delete(_part);
        }
    }

    /// <summary>In quotes, without what is no text: the row may be anything.</summary>
    private static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var letter in text)
        {
            quoted.Append(letter == '"' ? "\"\"" : char.IsControl(letter) || char.IsSurrogate(letter) ? "\uFFFD" : letter.ToString());
        }

        return quoted.Append('"').ToString();
    }
}
