using System.Globalization;
using System.Text.Json;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Http;

/// <summary>
/// Reads observations from JSON: objects of "time" (ISO 8601 with an offset or Z), "value" (a finite number) and optionally
/// "sequence" (a whole number), and of nothing else. Says of a wrong one which it is and what is wrong.
/// </summary>
internal static class ObservationReader
{
    public const int LongestBatch = 10_000;

    private const int Depth = 3;

    /// <summary>Reads one array.</summary>
    /// <exception cref="DaemonException">The body is no such array.</exception>
    public static Measurement[] ReadArray(ReadOnlySpan<byte> body)
    {
        List<Measurement> batch = [];
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Depth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                throw Invalid("The body is no JSON array of observations");
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Add(batch, ReadOne(ref reader, batch.Count));
            }

            // Meets what may stand behind the array, which is a fault.
            reader.Read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Broken(batch.Count, error);
        }

        return Whole(batch);
    }

    /// <summary>Reads newline-delimited JSON: one observation a line; empty lines are passed over.</summary>
    /// <exception cref="DaemonException">A line is no observation.</exception>
    public static Measurement[] ReadLines(ReadOnlySpan<byte> body)
    {
        List<Measurement> batch = [];
        foreach (var range in body.Split((byte)'\n'))
        {
            var line = body[range].TrimEnd((byte)'\r');
            if (line.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0)
            {
                continue;
            }

            try
            {
                var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = Depth });
                reader.Read();
                Add(batch, ReadOne(ref reader, batch.Count));
                reader.Read();
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException)
            {
                throw Broken(batch.Count, error);
            }
        }

        return Whole(batch);
    }

    private static Measurement ReadOne(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Invalid($"Observation {index} is no JSON object");
        }

        DateTimeOffset? time = null;
        double? value = null;
        long? sequence = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("time"u8) && time is null)
            {
                time = ReadTime(ref reader, index);
            }
            else if (reader.ValueTextEquals("value"u8) && value is null)
            {
                value = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && double.IsFinite(number)
                    ? WithoutSignOfZero(number)
                    : throw Invalid($"The value of observation {index} is no finite number");
            }
            else if (reader.ValueTextEquals("sequence"u8) && sequence is null)
            {
                sequence = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number)
                    ? number
                    : throw Invalid($"The sequence of observation {index} is no whole number of 64 bits");
            }
            else
            {
                throw Invalid($"Observation {index} has a field that is unknown or given twice; it may have time, value and sequence, once each");
            }
        }

        return new Measurement(
            time ?? throw Invalid($"Observation {index} has no time"),
            value ?? throw Invalid($"Observation {index} has no value"),
            sequence);
    }

    private static DateTimeOffset ReadTime(ref Utf8JsonReader reader, int index)
    {
        // Without an offset a time would be that of the daemon's machine.
        if (reader.Read() && reader.TokenType == JsonTokenType.String && reader.GetString() is { } text
            && (text.EndsWith('Z') || text.AsSpan(Math.Max(0, text.Length - 6)).IndexOfAny('+', '-') == 0)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        throw Invalid($"The time of observation {index} is no ISO 8601 time with an offset, for example 2026-01-31T00:00:00Z");
    }

    /// <summary>A store may keep no -0, and the state before and after a restart must be the same to the last bit.</summary>
    internal static double WithoutSignOfZero(double value) => value + 0.0;

    private static void Add(List<Measurement> batch, Measurement one)
    {
        if (batch.Count == LongestBatch)
        {
            throw Invalid($"The batch has more than {LongestBatch} observations; send it in pieces");
        }

        batch.Add(one);
    }

    private static Measurement[] Whole(List<Measurement> batch) =>
        batch.Count > 0 ? [.. batch] : throw Invalid("The batch holds no observation");

    /// <summary>The reader says JsonException of broken JSON, and InvalidOperationException of text that is no UTF-8.</summary>
    private static DaemonException Broken(int index, Exception error) => Invalid(
        $"The JSON breaks at observation {index}" +
        (error is JsonException { LineNumber: { } line, BytePositionInLine: { } position } ? $", line {line + 1}, byte {position + 1}" : ", in a text that is no UTF-8"));

    private static DaemonException Invalid(string what) => new(DaemonFault.Invalid, $"{what}. Nothing was stored.");
}
