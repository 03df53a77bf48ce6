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
    public static string Compute(JsonElement manifest)
    {
        var canonical = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(canonical, Options))
        {
            WriteObject(writer, manifest, except: Field);
        }

        return Convert.ToHexStringLower(SHA256.HashData(canonical.WrittenSpan));
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement element, string? except = null)
    {
        List<Property> properties = [];
        foreach (var property in element.EnumerateObject())
        {
            properties.Add(new Property(property.Name, property.Value));
        }

        properties.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        writer.WriteStartObject();
        foreach (var (name, value) in properties)
        {
            if (!string.Equals(name, except, StringComparison.Ordinal))
            {
                writer.WritePropertyName(name);
                Write(writer, value);
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
            default:
                element.WriteTo(writer);
                break;
        }
    }

    // A class, as code over references is compiled already when a process starts, and code over JsonProperty is not.
    private sealed record Property(string Name, JsonElement Value);
}
