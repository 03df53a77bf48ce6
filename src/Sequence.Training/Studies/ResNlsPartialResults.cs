using System.Text.Json;

namespace Sequence.Training;

/// <summary>
/// Forecasts of finished trainings, kept as JSON lines in a file (or only in memory). A line is written at once and flushed; a
/// line cut short by a crash is passed over when the file is read again.
/// </summary>
internal sealed class ResNlsPartialResults : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResNlsForecasts> _byKey = new(StringComparer.Ordinal);
    private readonly StreamWriter? _writer;

    /// <exception cref="SequenceException">The file cannot be opened.</exception>
    public ResNlsPartialResults(string? path)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            if (File.Exists(path))
            {
                foreach (var line in File.ReadLines(path))
                {
                    Read(line);
                }
            }

            _writer = new StreamWriter(path, append: true) { NewLine = "\n" };

            // The file may end in a line cut short; the next one must not continue it.
            if (_writer.BaseStream.Length > 0)
            {
                _writer.WriteLine();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, exception);
        }
    }

    public ResNlsForecasts? Find(string key)
    {
        lock (_gate)
        {
            return _byKey.GetValueOrDefault(key);
        }
    }

    /// <exception cref="SequenceException">The file cannot be written.</exception>
    public void Add(ResNlsForecasts forecasts)
    {
        lock (_gate)
        {
            _byKey[forecasts.Key] = forecasts;
            try
            {
                _writer?.WriteLine(JsonSerializer.Serialize(forecasts));
                _writer?.Flush();
            }
            catch (IOException exception)
            {
                throw Unwritable("the file of partial results", exception);
            }
        }
    }

    public void Dispose() => _writer?.Dispose();

    private static SequenceException Unwritable(string path, Exception exception) => new(
        $"{path}: partial results cannot be kept there: {exception.Message} Choose a folder that exists, is writable and has " +
        "room.",
        exception);

    private void Read(string line)
    {
        try
        {
            if (JsonSerializer.Deserialize<ResNlsForecasts>(line) is { } forecasts)
            {
                _byKey[forecasts.Key] = forecasts;
            }
        }
        catch (JsonException)
        {
            // A line cut short: its training is done again.
        }
    }
}
