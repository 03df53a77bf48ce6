using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sequence.Data.Checkpoints;

/// <summary>
/// The hash by which a manifest knows itself. It is taken over the content and not over the bytes of the file, so that a
/// tool may indent or order the keys anew.
/// </summary>
internal static class ManifestHash
{
    private const string Field = "sha256";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>SHA-256, in lower-case hex, of a JSON object without its field "sha256".</summary>
    public static string Compute(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var canonical = new ArrayBufferWriter<byte>(json.Length);
        using (var writer = new Utf8JsonWriter(canonical, Options))
        {
            WriteObject(writer, document.RootElement, except: Field);
        }

        return Convert.ToHexStringLower(SHA256.HashData(canonical.WrittenSpan));
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement element, string? except = null)
    {
        writer.WriteStartObject();
        foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            if (!string.Equals(property.Name, except, StringComparison.Ordinal))
            {
                writer.WritePropertyName(property.Name);
                Write(writer, property.Value);
            }
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, element);
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(element.GetRawText());
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
