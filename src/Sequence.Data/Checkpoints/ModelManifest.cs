using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sequence.Data.Scalers;

namespace Sequence.Data.Checkpoints;

/// <summary>Everything about a trained model but its weights: the file model.json of a checkpoint.</summary>
public sealed record ModelManifest
{
    /// <summary>The schema this version of Sequence writes, and the newest it reads.</summary>
    public const int CurrentSchemaVersion = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowOutOfOrderMetadataProperties = true,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Version of the layout of this file.</summary>
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>Name of the model, for example "resnls-5".</summary>
    public required string Name { get; init; }

    /// <summary>What the model computes; typed as Architecture by Sequence.Streaming.</summary>
    public required JsonElement Architecture { get; init; }

    /// <summary>The column that is forecast.</summary>
    public required string Target { get; init; }

    /// <summary>The columns of one input row, the target first.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Spacing of the rows, as text.</summary>
    public required string Frequency { get; init; }

    /// <summary>The fitted scaler of each series, by series identifier.</summary>
    public required IReadOnlyDictionary<string, Scaler> Scalers { get; init; }

    /// <summary>Calibration of the prediction intervals, or null when there is none.</summary>
    public JsonElement? Calibration { get; init; }

    /// <summary>Hash of the data the model was trained on.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>Accuracy and other numbers of the training run, by name.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>Seed of the training run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>When the model was trained.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Versions of what trained it, by name.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>SHA-256 of weights.safetensors in lower-case hex; <see cref="Checkpoint.Write"/> fills it in.</summary>
    public string WeightsSha256 { get; init; } = string.Empty;

    /// <summary>
    /// SHA-256, in lower-case hex, of this manifest without this field: as JSON without spaces, the keys of every object in
    /// ordinal order, numbers as they are written; <see cref="Checkpoint.Write"/> fills it in.
    /// </summary>
    [JsonPropertyOrder(1)]
    public string Sha256 { get; init; } = string.Empty;

    /// <summary>The content of model.json: indented, keys of dictionaries in order, the same for the same manifest.</summary>
    internal byte[] ToJson()
    {
        var sorted = this with
        {
            Scalers = Sorted(Scalers), Metrics = Sorted(Metrics), Versions = Sorted(Versions), Sha256 = string.Empty,
        };
        var hash = ManifestHash.Compute(JsonSerializer.SerializeToUtf8Bytes(sorted, Options));
        return JsonSerializer.SerializeToUtf8Bytes(sorted with { Sha256 = hash }, Options);
    }

    /// <summary>Reads the content of model.json.</summary>
    internal static ModelManifest FromJson(ReadOnlyMemory<byte> json, string path)
    {
        try
        {
            RequireSchema(json, path);
            var manifest = JsonSerializer.Deserialize<ModelManifest>(json.Span, Options)
                ?? throw new CheckpointException(path, "is empty.");
            RequireField("weightsSha256", manifest.WeightsSha256, path);
            RequireField("sha256", manifest.Sha256, path);

            // The fields first: their faults say more than a hash that differs.
            return string.Equals(ManifestHash.Compute(json), manifest.Sha256, StringComparison.Ordinal)
                ? manifest
                : throw new CheckpointException(
                    path,
                    "was changed after it was written, or is corrupt: its content differs from its field 'sha256'. Copy the " +
                    "checkpoint again or train again.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException
            or ArgumentException or DataFormatException or ModelException)
        {
            throw new CheckpointException(path, $"is not a valid model manifest: {exception.Message}", exception);
        }
    }

    private static void RequireField(string name, string value, string path)
    {
        if (value.Length == 0)
        {
            throw new CheckpointException(path, $"lacks the field '{name}'.");
        }
    }

    private static void RequireSchema(ReadOnlyMemory<byte> json, string path)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("schemaVersion", out var element)
            || element.ValueKind != JsonValueKind.Number
            || !element.TryGetInt32(out var version))
        {
            throw new CheckpointException(path, "lacks the field 'schemaVersion', a whole number.");
        }

        if (version > CurrentSchemaVersion)
        {
            throw new CheckpointException(
                path,
                $"has schema version {version}, newer than {CurrentSchemaVersion}, the newest this version of Sequence " +
                "reads; upgrade Sequence.");
        }

        if (version < CurrentSchemaVersion)
        {
            throw new CheckpointException(
                path, $"has schema version {version}; this version of Sequence reads {CurrentSchemaVersion}. Train again.");
        }
    }

    private static SortedDictionary<string, T> Sorted<T>(IReadOnlyDictionary<string, T> values)
    {
        var sorted = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (key, value) in values)
        {
            sorted.Add(key, value);
        }

        return sorted;
    }
}
