using System.Diagnostics;

namespace Sequence.Reporting.Tests;

/// <summary>Headless Chromium. CI installs it and sets SEQUENCE_REQUIRE_CHROMIUM.</summary>
internal static class Browser
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Opens a page and returns what became of it and what was logged.</summary>
    public static (string Document, string Log) Open(string page, string folder)
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

        using var process = Process.Start(new ProcessStartInfo(program,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--enable-logging=stderr", "--v=0", "--dump-dom",
            $"--user-data-dir={Path.Combine(folder, "profile")}", new Uri(page).AbsoluteUri,
        ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var document = process.StandardOutput.ReadToEndAsync();
        var log = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(1)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("Chromium did not end within a minute.");
        }

        return (document.GetAwaiter().GetResult(), log.GetAwaiter().GetResult());
    }
}
