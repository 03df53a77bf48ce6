using System.CommandLine;

namespace Sequence.Cli;

/// <summary>--json, the same on every command that prints a result.</summary>
internal static class JsonOption
{
    public static Option<bool> Create() => new("--json") { Description = "Print the result as JSON." };
}
