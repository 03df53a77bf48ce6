using System.Text.Json;
using System.Text.Json.Serialization;
using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Forecasting;

namespace Sequence.Streaming;

/// <summary>
/// The parts of model.json that <see cref="ModelManifest"/> keeps as plain JSON, because their types live above it: the
/// architecture, and the calibration of the intervals by series identifier.
/// </summary>
public static class ManifestSections
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowOutOfOrderMetadataProperties = true,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>An architecture as the manifest keeps it.</summary>
    public static JsonElement ToJson(Architecture architecture) =>
        JsonSerializer.SerializeToElement(architecture, Options);

    /// <summary>Calibrations by series identifier as the manifest keeps them.</summary>
    public static JsonElement ToJson(IReadOnlyDictionary<string, IntervalCalibration> calibrations) =>
        JsonSerializer.SerializeToElement(
            new SortedDictionary<string, IntervalCalibration>(calibrations.ToDictionary(), StringComparer.Ordinal), Options);

    /// <summary>The architecture of a manifest, with every size checked.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="path">Its file, for error messages.</param>
    /// <exception cref="CheckpointException">It is unknown, incomplete or has a size out of range.</exception>
    public static Architecture ReadArchitecture(ModelManifest manifest, string path)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var architecture = Read<Architecture>(manifest.Architecture, "architecture", path);
        try
        {
            architecture.Validate();
            return architecture;
        }
        catch (ConfigurationException exception)
        {
            throw new CheckpointException(path, $"has an unusable architecture: {exception.Message}", exception);
        }
    }

    /// <summary>The calibrations of a manifest by series identifier; empty when it has none.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="path">Its file, for error messages.</param>
    /// <exception cref="CheckpointException">They are not well-formed.</exception>
    public static IReadOnlyDictionary<string, IntervalCalibration> ReadCalibrations(ModelManifest manifest, string path)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return manifest.Calibration is { ValueKind: not JsonValueKind.Null } calibration
            ? Read<Dictionary<string, IntervalCalibration>>(calibration, "calibration", path)
            : new Dictionary<string, IntervalCalibration>(StringComparer.Ordinal);
    }

    private static T Read<T>(JsonElement element, string name, string path)
        where T : class
    {
        try
        {
            return element.Deserialize<T>(Options)
                ?? throw new CheckpointException(path, $"has no {name}.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException
            or ArgumentException or DataFormatException)
        {
            throw new CheckpointException(path, $"has an {name} that cannot be read: {exception.Message}", exception);
        }
    }
}
