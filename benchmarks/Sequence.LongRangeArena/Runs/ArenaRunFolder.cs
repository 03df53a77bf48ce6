using System.Text.Json;
using System.Text.Json.Serialization;
using Sequence.Data;
using Sequence.Training;

namespace Sequence.LongRangeArena;

/// <summary>
/// The folder of one run: run.json with its identity, the state and metrics of its training, and when it has ended
/// weights.safetensors and result.json.
/// </summary>
public sealed class ArenaRunFolder
{
    private const string IdentityFile = "run.json";
    private const string ResultFile = "result.json";
    private const string RunsFolder = "runs";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    internal ArenaRunFolder(string path)
    {
        Path = path;
        Training = new TrainingRun(path);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    internal TrainingRun Training { get; }

    internal string WeightsPath => System.IO.Path.Combine(Path, "weights.safetensors");

    private string IdentityPath => System.IO.Path.Combine(Path, IdentityFile);

    private string ResultPath => System.IO.Path.Combine(Path, ResultFile);

    /// <summary>The folder of a run.</summary>
    /// <param name="folder">Folder of the arena.</param>
    /// <param name="options">The run.</param>
    public static ArenaRunFolder Of(ArenaFolder folder, ArenaRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(options);
        var preset = JsonNamingPolicy.KebabCaseLower.ConvertName(options.Preset.ToString());
        return new(folder.Of(RunsFolder, $"{options.Task.Name}-{options.Model.Name}-{preset}-seed{options.Seed}"));
    }

    /// <summary>The results of every finished run of a folder, ordered by folder name.</summary>
    /// <exception cref="DataFormatException">A result is damaged.</exception>
    public static IReadOnlyList<ArenaResult> Results(ArenaFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var runs = folder.Of(RunsFolder);
        return !Directory.Exists(runs)
            ? []
            : [.. Directory.EnumerateDirectories(runs)
                .Order(StringComparer.Ordinal)
                .Select(path => new ArenaRunFolder(path).ReadResult())
                .OfType<ArenaResult>()];
    }

    /// <summary>The result; null when the run has not ended.</summary>
    /// <exception cref="DataFormatException">It is damaged.</exception>
    public ArenaResult? ReadResult() => Read<ArenaResult>(ResultPath);

    /// <summary>The identity that a run began here with; null when none did.</summary>
    /// <exception cref="DataFormatException">It is damaged.</exception>
    internal ArenaIdentity? ReadIdentity() => Read<ArenaIdentity>(IdentityPath);

    internal void Write(ArenaIdentity identity) => Write(IdentityPath, identity);

    internal void Write(ArenaResult result) => Write(ResultPath, result);

    private static T? Read<T>(string path)
        where T : class
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, Json) ?? throw new JsonException("it is null");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException(
                $"cannot be read: {error.Message} Delete the folder of this run to start it anew.", path, innerException: error);
        }
    }

    private static void Write<T>(string path, T content) => AtomicFile.Write(
        path, stream => JsonSerializer.Serialize(stream, content, Json), createFolder: true);
}
