namespace Sequence.Tests;

/// <summary>The distribution's Chromium. CI installs it and sets SEQUENCE_REQUIRE_CHROMIUM.</summary>
internal static class ChromiumProgram
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Where it is; where there is none the test ends without a verdict, or fails in CI.</summary>
    public static string Require()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .SelectMany(directory => Names.Select(name => Path.Combine(directory, name)))
            .FirstOrDefault(File.Exists);
        if (program is null)
        {
            const string Reason = "Chromium is not installed.";
            if (Environment.GetEnvironmentVariable("SEQUENCE_REQUIRE_CHROMIUM") is { Length: > 0 })
            {
                Assert.Fail(Reason);
            }

            Assert.Inconclusive(Reason);
        }

        return program;
    }
}
