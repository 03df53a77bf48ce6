using System.Net;

namespace Sequence.Daemon.Dashboard;

/// <summary>What is round every page. Without its script a page is whole, and as old as its last loading.</summary>
internal static class DashboardShell
{
    /// <summary>A page.</summary>
    /// <param name="title">Plain text.</param>
    /// <param name="above">HTML that stays.</param>
    /// <param name="live">HTML that is replaced when a forecast is told.</param>
    /// <param name="events">Where forecasts are told; null for nowhere.</param>
    /// <param name="fragment">Where the new HTML is.</param>
    /// <param name="seconds">How often it is looked for where nothing tells of it; null for never.</param>
    public static string Page(string title, string above, string live, string? events, string fragment, int? seconds = null) =>
        $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Encode(title)} – Sequence</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="{DashboardEndpoints.Root}/dashboard.css">
        <script src="{DashboardEndpoints.Root}/dashboard.js" defer></script></head>
        <body><a class="skip" href="#live">Skip to the content</a>
        <main><nav aria-label="Pages"><a href="{DashboardEndpoints.Root}">All series</a><a href="{DashboardEndpoints.Root}/jobs">Jobs</a></nav>
        <header><h1>{Encode(title)}</h1></header>
        {above}
        <p id="status" role="status" class="note">Load the page again to see what is new.</p>
        <div id="live" data-events="{Encode(events ?? string.Empty)}" data-fragment="{Encode(fragment)}" data-seconds="{seconds}">
        {live}
        </div></main></body></html>

        """;

    /// <summary>Why there is nothing to be seen, in its place.</summary>
    public static string Fault(string fault) => $"<p class=\"fault\">{Encode(fault)}</p>\n";

    public static string Encode(string text) => WebUtility.HtmlEncode(text);
}
