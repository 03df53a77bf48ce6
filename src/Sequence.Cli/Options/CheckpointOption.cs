using System.CommandLine;
using Sequence.Data.Checkpoints;

namespace Sequence.Cli;

/// <summary>--checkpoint: a checkpoint's directory, or the folder of the run that made it.</summary>
internal static class CheckpointOption
{
    /// <summary>Name of the checkpoint's directory within the folder of a run.</summary>
    public const string FolderName = "checkpoint";

    public static Option<string?> Create(bool required = true) => new("--checkpoint")
    {
        Description = "Directory of a checkpoint, or the --out folder of the command that made it.",
        Required = required,
    };

    /// <summary>The directory that holds model.json.</summary>
    public static string Locate(string path)
    {
        var inner = Path.Combine(path, FolderName);
        return !File.Exists(Path.Combine(path, Checkpoint.ManifestFile)) && Directory.Exists(inner) ? inner : path;
    }
}
