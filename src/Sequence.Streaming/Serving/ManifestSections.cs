using System.Text.Json;
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
    private static readonly JsonSerializerOptions WriteOptions = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    /// <summary>An architecture as the manifest keeps it.</summary>
    public static JsonElement ToJson(Architecture architecture) =>
        JsonSerializer.SerializeToElement(architecture, WriteOptions);

    /// <summary>Calibrations by series identifier as the manifest keeps them.</summary>
    public static JsonElement ToJson(IReadOnlyDictionary<string, IntervalCalibration> calibrations) =>
        JsonSerializer.SerializeToElement(
            new SortedDictionary<string, IntervalCalibration>(calibrations.ToDictionary(), StringComparer.Ordinal), WriteOptions);

    /// <summary>The architecture of a manifest, with every size checked.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="path">Its file, for error messages.</param>
    /// <exception cref="CheckpointException">It is unknown, incomplete or has a size out of range.</exception>
    public static Architecture ReadArchitecture(ModelManifest manifest, string path)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var architecture = Read(manifest.Architecture, "architecture", Architecture.FromJson, path);
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
            ? Read(
                calibration,
                "calibration",
                (element, place) => JsonFields.Named(element, place, IntervalCalibration.FromJson),
                path)
            : new Dictionary<string, IntervalCalibration>(StringComparer.Ordinal);
    }

    private static T Read<T>(JsonElement element, string name, Func<JsonElement, string, T> read, string path)
        where T : class
    {
        try
        {
            return read(element, name);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or DataFormatException)
        {
            throw new CheckpointException(path, $"has an {name} that cannot be read: {exception.Message}", exception);
        }
    }
}
