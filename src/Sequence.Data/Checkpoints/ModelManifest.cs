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

    private static readonly JsonSerializerOptions WriteOptions = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
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
            Scalers = Sorted(Scalers),
            Metrics = Sorted(Metrics),
            Versions = Sorted(Versions),
            Sha256 = string.Empty,
        };
        var hash = ManifestHash.Compute(JsonSerializer.SerializeToElement(sorted, WriteOptions));
        return JsonSerializer.SerializeToUtf8Bytes(sorted with { Sha256 = hash }, WriteOptions);
    }

    /// <summary>Reads the content of model.json.</summary>
    internal static ModelManifest FromJson(ReadOnlyMemory<byte> json, string path)
    {
        try
        {
            var root = JsonElement.Parse(json.Span, new JsonDocumentOptions { AllowDuplicateProperties = false });
            RequireSchema(root, path);
            var manifest = FromJson(new JsonFields(root, "the manifest"));

            // The fields first: their faults say more than a hash that differs.
            return string.Equals(ManifestHash.Compute(root), manifest.Sha256, StringComparison.Ordinal)
                ? manifest
                : throw new CheckpointException(
                    path,
                    "was changed after it was written, or is corrupt: its content differs from its field 'sha256'. Copy the " +
                    "checkpoint again or train again.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or DataFormatException)
        {
            throw new CheckpointException(path, $"is not a valid model manifest: {exception.Message}", exception);
        }
    }

    private static ModelManifest FromJson(JsonFields fields)
    {
        var manifest = new ModelManifest
        {
            SchemaVersion = fields.WholeNumber(nameof(SchemaVersion)),
            Name = fields.Text(nameof(Name)),
            Architecture = fields.Required(nameof(Architecture)),
            Target = fields.Text(nameof(Target)),
            Inputs = ReadInputs(fields),
            Frequency = fields.Text(nameof(Frequency)),
            Scalers = fields.Named(nameof(Scalers), Scaler.FromJson),
            Calibration = fields.Optional(nameof(Calibration)),
            DataFingerprint = fields.Text(nameof(DataFingerprint)),
            Metrics = fields.Named(nameof(Metrics), ReadMetric),
            Seed = ReadSeed(fields),
            CreatedAt = ReadCreatedAt(fields),
            Versions = fields.Named(nameof(Versions), ReadVersion),
            WeightsSha256 = fields.Text(nameof(WeightsSha256)),
            Sha256 = fields.Text(nameof(Sha256)),
        };
        fields.RequireNoOther();
        return manifest;
    }

    private static List<string> ReadInputs(JsonFields fields)
    {
        List<string> inputs = [];
        foreach (var element in fields.List(nameof(Inputs)))
        {
            inputs.Add(element.ValueKind == JsonValueKind.String
                ? element.GetString()!
                : throw fields.Fault(nameof(Inputs), "a list of texts"));
        }

        return inputs;
    }

    // JSON has no other way to write the last three.
    private static double ReadMetric(JsonElement element, string place) => element.ValueKind switch
    {
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.String when element.ValueEquals("NaN"u8) => double.NaN,
        JsonValueKind.String when element.ValueEquals("Infinity"u8) => double.PositiveInfinity,
        JsonValueKind.String when element.ValueEquals("-Infinity"u8) => double.NegativeInfinity,
        _ => throw new JsonException($"{place} must be a number."),
    };

    private static string ReadVersion(JsonElement element, string place) => element.ValueKind == JsonValueKind.String
        ? element.GetString()!
        : throw new JsonException($"{place} must be a text.");

    private static ulong ReadSeed(JsonFields fields)
    {
        var element = fields.Required(nameof(Seed));
        return element.ValueKind == JsonValueKind.Number && element.TryGetUInt64(out var seed)
            ? seed
            : throw fields.Fault(nameof(Seed), "a whole number from 0 to 2^64 - 1");
    }

    private static DateTimeOffset ReadCreatedAt(JsonFields fields)
    {
        var element = fields.Required(nameof(CreatedAt));
        return element.ValueKind == JsonValueKind.String && element.TryGetDateTimeOffset(out var time)
            ? time
            : throw fields.Fault(nameof(CreatedAt), "a time in ISO 8601");
    }

    private static void RequireSchema(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("schemaVersion", out var element)
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
