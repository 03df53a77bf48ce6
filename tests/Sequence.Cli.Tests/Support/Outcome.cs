using System.Text.Json;

namespace Sequence.Cli.Tests;

/// <summary>What a command left behind.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as one JSON document, and nothing else.</summary>
    public JsonElement Json()
    {
        Assert.AreEqual(0, ExitCode, Error);
        return JsonDocument.Parse(Output).RootElement;
    }
}
