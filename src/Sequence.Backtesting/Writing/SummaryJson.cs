using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;

namespace Sequence.Backtesting;

/// <summary>A run as a JSON document.</summary>
internal static class SummaryJson
{
    private const int Schema = 1;

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new NumberConverter(), new DurationConverter(), new TimeConverter() },
    };

    public static Task WriteAsync(
        Stream stream,
        BacktestResult result,
        PerformanceSummary summary,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken)
    {
        var document = new Document(
            Schema,
            result.Strategy,
            result.WarmUpBar,
            summary,
            result.Ledger,
            new Counts(result.Equity.Length, result.Trades.Count, result.OpenTrades.Count, result.Fills.Count),
            result.Events.CountBy(entry => entry.Kind).OrderBy(pair => pair.Key)
                .ToDictionary(pair => JsonNamingPolicy.SnakeCaseLower.ConvertName(pair.Key.ToString()), pair => pair.Value, StringComparer.Ordinal),
            settings);
        return JsonSerializer.SerializeAsync(stream, document, Options, cancellationToken);
    }

    private sealed record Document(
        int Schema,
        string Strategy,
        int WarmUpBar,
        PerformanceSummary Summary,
        Ledger Ledger,
        Counts Rows,
        IReadOnlyDictionary<string, int> Events,
        IReadOnlyDictionary<string, string> Settings);

    private sealed record Counts(int Equity, int Trades, int OpenTrades, int Fills);

    /// <summary>JSON has no NaN: undefined is null. An infinite value is a text, as it is not undefined.</summary>
    private sealed class NumberConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("A summary is written only.");

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsNaN(value))
            {
                writer.WriteNullValue();
            }
            else if (double.IsInfinity(value))
            {
                writer.WriteStringValue(value > 0 ? "Infinity" : "-Infinity");
            }
            else
            {
                writer.WriteNumberValue(value);
            }
        }
    }

    private sealed class DurationConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("A summary is written only.");

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteStringValue(XmlConvert.ToString(value));
    }

    private sealed class TimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("A summary is written only.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", System.Globalization.CultureInfo.InvariantCulture));
    }
}
