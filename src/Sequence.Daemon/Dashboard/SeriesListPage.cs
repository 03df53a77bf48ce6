using System.Globalization;
using System.Text;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Dashboard;

/// <summary>The list of series, with a search for parts of their ids.</summary>
internal sealed class SeriesListPage(IObservationStore store)
{
    private const int Rows = 25;
    private const int ReadAtOnce = 1000;

    // A search looks at so many ids, and then offers to look on.
    private const int MostLookedAt = 50_000;
    private const int SparkRows = 40;
    private const int SparkWidth = 120;
    private const int SparkHeight = 24;
    private const int LongestSearch = 128;

    public async Task<string> ShowAsync(string? search, string? after, CancellationToken cancellationToken)
    {
        search = Clean(search);
        var (series, next) = await FindAsync(search, after, cancellationToken);
        var form =
            $"""
            <form method="get" action="{DashboardEndpoints.Root}" role="search"><label for="search">Search for a part of an id</label>
            <span><input type="search" id="search" name="search" maxlength="{LongestSearch}" autocomplete="off" value="{DashboardShell.Encode(search)}">
            <button type="submit">Search</button></span></form>
            """;
        return DashboardShell.Page(
            "Series",
            form,
            await ListAsync(series, next, search, after, cancellationToken),
            series.Count == 0 ? null : $"/events?series={string.Join(',', series.Select(one => one.Id))}",
            $"{DashboardEndpoints.Root}/list{Query(search, after)}");
    }

    public async Task<string> ListAsync(string? search, string? after, CancellationToken cancellationToken)
    {
        search = Clean(search);
        var (series, next) = await FindAsync(search, after, cancellationToken);
        return await ListAsync(series, next, search, after, cancellationToken);
    }

    private async Task<string> ListAsync(
        List<SeriesDefinition> series, string? next, string search, string? after, CancellationToken cancellationToken)
    {
        var html = new StringBuilder();
        if (series.Count == 0)
        {
            html.Append("<p>").Append((search.Length, after) switch
            {
                (0, null) => "There are no series yet. Create one with PUT /series/{id}.",
                (0, _) => "There are no more series.",
                _ => $"No series with “{DashboardShell.Encode(search)}” in its id was found here.",
            }).Append("</p>\n");
        }
        else
        {
            html.Append("<div class=\"scroll\"><table class=\"series\"><caption>")
                .Append(CultureInfo.InvariantCulture, $"{series.Count} series; times are UTC</caption>")
                .Append(
                    "<thead><tr><th scope=\"col\">Series</th><th scope=\"col\" class=\"minor\">Model</th><th scope=\"col\" class=\"minor\">Every</th>" +
                    "<th scope=\"col\">Newest</th><th scope=\"col\" class=\"number\">Value</th><th scope=\"col\" class=\"minor\">Lately</th></tr></thead><tbody>\n");
            foreach (var one in series)
            {
                Append(html, one, await store.ReadNewestAsync(one.Id, SparkRows, cancellationToken));
            }

            html.Append("</tbody></table></div>\n");
        }

        html.Append("<nav aria-label=\"Parts of the list\" class=\"parts\">");
        if (after is not null)
        {
            html.Append("<a href=\"").Append(DashboardEndpoints.Root).Append(DashboardShell.Encode(Query(search, null))).Append("\">First</a>");
        }

        if (next is not null)
        {
            html.Append("<a rel=\"next\" href=\"").Append(DashboardEndpoints.Root).Append(DashboardShell.Encode(Query(search, next))).Append("\">")
                .Append(series.Count < Rows ? "Search on" : "Next").Append("</a>");
        }

        return html.Append("</nav>").ToString();
    }

    private static void Append(StringBuilder html, SeriesDefinition one, IReadOnlyList<Observation> newest)
    {
        html.Append("<tr><th scope=\"row\"><a href=\"").Append(DashboardEndpoints.Root).Append("/series/").Append(one.Id).Append("\">").Append(one.Id)
            .Append("</a></th><td class=\"minor\">").Append(DashboardShell.Encode(one.Model)).Append("</td><td class=\"minor\">")
            .Append(DashboardShell.Encode(one.Frequency.ToString())).Append("</td><td>")
            .Append(newest.Count == 0 ? "none yet" : DashboardText.Time(newest[^1].EventTime)).Append("</td><td class=\"number\">")
            .Append(newest.Count == 0 ? string.Empty : DashboardText.Number(newest[^1].Value)).Append("</td><td class=\"minor\">")
            .Append(Spark(newest)).Append("</td></tr>\n");
    }

    /// <summary>The newest values as a small line.</summary>
    private static string Spark(IReadOnlyList<Observation> newest)
    {
        if (newest.Count < 2)
        {
            return string.Empty;
        }

        var low = newest.Min(row => row.Value);
        var span = newest.Max(row => row.Value) - low;
        var path = new StringBuilder("M");
        for (var index = 0; index < newest.Count; index++)
        {
            var x = (double)index * SparkWidth / (newest.Count - 1);
            var y = span > 0 && double.IsFinite(span) ? SparkHeight - 2 - ((newest[index].Value - low) / span * (SparkHeight - 4)) : SparkHeight / 2.0;
            path.Append(CultureInfo.InvariantCulture, $"{(index > 0 ? " " : string.Empty)}{x:0.#} {y:0.#}");
        }

        return $"<svg class=\"spark\" viewBox=\"0 0 {SparkWidth} {SparkHeight}\" role=\"img\" aria-label=\"The last {newest.Count} values, from " +
            $"{DashboardText.Number(newest[0].Value)} to {DashboardText.Number(newest[^1].Value)}\"><path class=\"line c0\" d=\"{path}\"/></svg>";
    }

    private async Task<(List<SeriesDefinition> Series, string? Next)> FindAsync(string search, string? after, CancellationToken cancellationToken)
    {
        List<SeriesDefinition> found = [];
        for (var looked = 0; looked < MostLookedAt; looked += ReadAtOnce)
        {
            var wanted = search.Length == 0 ? Rows + 1 : ReadAtOnce;
            var page = await store.ListAsync(after, wanted, cancellationToken);
            foreach (var one in page)
            {
                if (found.Count == Rows)
                {
                    return (found, after);
                }

                if (one.Id.Contains(search, StringComparison.OrdinalIgnoreCase))
                {
                    found.Add(one);
                }

                after = one.Id;
            }

            if (page.Count < wanted)
            {
                return (found, null);
            }
        }

        return (found, after);
    }

    private static string Clean(string? search) => search is null ? string.Empty : search.Trim() is var text && text.Length <= LongestSearch ? text : text[..LongestSearch];

    private static string Query(string search, string? after) =>
        (search.Length, after) switch
        {
            (0, null) => string.Empty,
            (0, _) => $"?after={Uri.EscapeDataString(after)}",
            (_, null) => $"?search={Uri.EscapeDataString(search)}",
            _ => $"?search={Uri.EscapeDataString(search)}&after={Uri.EscapeDataString(after)}",
        };
}
