using System.CommandLine;

namespace Sequence.Cli;

/// <summary>--data-dir: where the arena's data and runs lie.</summary>
internal static class LraFolderOption
{
    public static Option<string> Create() => new("--data-dir")
    {
        Description = "Folder of the arena's data and runs; made when missing.",
        DefaultValueFactory = _ => Path.Combine("data", "lra"),
    };
}
