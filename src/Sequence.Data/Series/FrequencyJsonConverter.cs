using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sequence.Data;

/// <summary>
/// A frequency in JSON: "15min", or {"code":"B","holidays":["2024-01-01"]} when its calendar has holidays.
/// </summary>
public sealed class FrequencyJsonConverter : JsonConverter<Frequency>
{
    /// <inheritdoc />
    public override Frequency Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                return Frequency.Parse(reader.GetString()!);
            }

            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            var plain = Frequency.Parse(root.GetProperty("code").GetString()!);
            var holidays = root.GetProperty("holidays").EnumerateArray().Select(
                holiday => DateOnly.ParseExact(holiday.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture));
            return new Frequency(plain.Unit, plain.Count, new BusinessCalendar(holidays));
        }
        catch (Exception exception) when (
            exception is SequenceException or KeyNotFoundException or InvalidOperationException or FormatException
                or ArgumentNullException)
        {
            throw new JsonException(
                "A frequency is a code such as \"D\" or an object with \"code\" and \"holidays\": " + exception.Message,
                exception);
        }
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, Frequency value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        if (value.Calendar is null)
        {
            writer.WriteStringValue(value.ToString());
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("code", value.ToString());
        writer.WriteStartArray("holidays");
        foreach (var holiday in value.Calendar.Holidays)
        {
            writer.WriteStringValue(holiday.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
