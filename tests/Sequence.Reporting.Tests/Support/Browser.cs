using System.Diagnostics;

namespace Sequence.Reporting.Tests;

/// <summary>Headless Chromium.</summary>
internal static class Browser
{
    /// <summary>Opens a page and returns what became of it and what was logged.</summary>
    public static (string Document, string Log) Open(string page, string folder)
    {
        var program = ChromiumProgram.Require();
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
