using System.CommandLine;

namespace Sequence.Cli;

/// <summary>--progress-lines of a command that another program runs.</summary>
internal static class ProgressLinesOption
{
    public static Option<bool> Create() => new("--progress-lines") { Description = "Write the progress as lines \"progress SHARE\" to standard error, and what --json prints in one line, for a program to read." };
}
