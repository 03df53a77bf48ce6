using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sequence.Cli;

/// <summary>Results as JSON on standard output: camel case, indented unless a program asks; a number that is not finite is null.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Converters = { new FiniteConverter(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    private static readonly JsonSerializerOptions Compact = new(Options) { WriteIndented = false };

    /// <summary>Writes a result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="isCompact">Whether it is written in one line, for a program to read.</param>
    public static void Write<T>(T result, bool isCompact = false) => Console.Out.WriteLine(JsonSerializer.Serialize(result, isCompact ? Compact : Options));

    public static string ToText<T>(T result) => JsonSerializer.Serialize(result, Options);

    private sealed class FiniteConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
