using System.Globalization;
using System.Text;
using Sequence.Data;

namespace Sequence.Reporting;

/// <summary>
/// A report in one HTML file: styles and charts are inside, nothing is requested from anywhere, no script runs. It follows
/// the reader's light or dark setting and the width of the screen. Parts appear in the order in which they are added.
/// </summary>
public sealed class HtmlReport
{
    private const int WideWidth = 860;
    private const int WideHeight = 320;
    private const int NarrowWidth = 358;
    private const int NarrowHeight = 270;
    private const int LowerPanel = 65;
    private const int Shades = 5;

    private readonly string _title;
    private readonly string? _subtitle;
    private readonly StringBuilder _body = new();

    /// <summary>Creates an empty report.</summary>
    /// <param name="title">Title, plain text as everything else given to the report.</param>
    /// <param name="subtitle">A sentence below the title, or null.</param>
    public HtmlReport(string title, string? subtitle = null)
    {
        ArgumentNullException.ThrowIfNull(title);
        _title = title;
        _subtitle = subtitle;
    }

    /// <summary>The styles of reports and of what is in them.</summary>
    public static string StyleSheet => ReportStyle.Css;

    /// <summary>Adds a heading.</summary>
    public HtmlReport AddHeading(string text)
    {
        _body.Append("<h2>").Append(Markup.Escape(text)).Append("</h2>\n");
        return this;
    }

    /// <summary>Adds a paragraph.</summary>
    public HtmlReport AddParagraph(string text)
    {
        _body.Append("<p>").Append(Markup.Escape(text)).Append("</p>\n");
        return this;
    }

    /// <summary>Adds a remark that stands back.</summary>
    public HtmlReport AddNote(string text)
    {
        _body.Append("<p class=\"note\">").Append(Markup.Escape(text)).Append("</p>\n");
        return this;
    }

    /// <summary>Adds a list of names and values, as the settings of a run.</summary>
    public HtmlReport AddFacts(IReadOnlyList<ReportFact> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        _body.Append("<dl>");
        foreach (var fact in facts)
        {
            _body.Append("<dt>").Append(Markup.Escape(fact.Name)).Append("</dt><dd>").Append(Markup.Escape(fact.Value))
                .Append("</dd>\n");
        }

        _body.Append("</dl>\n");
        return this;
    }

    /// <summary>Adds a table.</summary>
    /// <exception cref="ArgumentException">A row has more or fewer cells than there are columns.</exception>
    public HtmlReport AddTable(ReportTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Rows.FirstOrDefault(row => row.Cells.Count != table.Columns.Count) is { } odd)
        {
            throw new ArgumentException(
                $"A row has {odd.Cells.Count} cells, the table {table.Columns.Count} columns.", nameof(table));
        }

        var numbers = Enumerable.Range(0, table.Columns.Count)
            .Select(column => new NumberColumn([.. table.Rows.Select(row => row.Cells[column])
                .Where(cell => cell.Format is null).Select(cell => cell.Number).OfType<double>()]))
            .ToArray();
        var isNumber = Enumerable.Range(0, table.Columns.Count)
            .Select(column => table.Rows.Any(row => row.Cells[column].Number is not null)).ToArray();
        _body.Append("<div class=\"scroll\"><table").Append(table.IsDense ? " class=\"dense\"" : string.Empty).Append("><thead><tr>");
        for (var column = 0; column < table.Columns.Count; column++)
        {
            _body.Append(isNumber[column] ? "<th class=\"number\" scope=\"col\">" : "<th scope=\"col\">")
                .Append(Markup.Escape(table.Columns[column])).Append("</th>");
        }

        _body.Append("</tr></thead><tbody>\n");
        foreach (var row in table.Rows)
        {
            _body.Append(row.IsMuted ? "<tr class=\"muted\">" : "<tr>");
            for (var column = 0; column < table.Columns.Count; column++)
            {
                AppendCell(row.Cells[column], numbers[column], isNumber[column]);
            }

            _body.Append("</tr>\n");
        }

        _body.Append("</tbody></table></div>\n");
        if (table.Caption is { } caption)
        {
            AddNote(caption);
        }

        return this;
    }

    /// <summary>Adds numbers to be seen first, each with its name; what each means shows when the pointer rests on it.</summary>
    public HtmlReport AddTiles(IReadOnlyList<ReportTile> tiles)
    {
        ArgumentNullException.ThrowIfNull(tiles);
        _body.Append("<ul class=\"tiles\">");
        foreach (var tile in tiles)
        {
            _body.Append("<li title=\"").Append(Markup.Escape(tile.Meaning)).Append("\"><span>").Append(Markup.Escape(tile.Name))
                .Append("</span><b>").Append(Markup.Escape(tile.Value)).Append("</b>");
            if (tile.Beside is { } beside)
            {
                _body.Append("<span>").Append(Markup.Escape(beside)).Append("</span>");
            }

            _body.Append("</li>\n");
        }

        _body.Append("</ul>\n");
        return this;
    }

    /// <summary>Adds names and texts that are folded away until the reader opens them, as definitions.</summary>
    public HtmlReport AddFolded(string summary, IReadOnlyList<ReportFact> facts)
    {
        ArgumentNullException.ThrowIfNull(summary);
        _body.Append("<details><summary>").Append(Markup.Escape(summary)).Append("</summary>");
        AddFacts(facts);
        _body.Append("</details>\n");
        return this;
    }

    /// <summary>Adds a heat map, drawn once for wide screens and once for narrow ones.</summary>
    /// <exception cref="ArgumentException">There are more or fewer labels than rows or columns, or there is no cell.</exception>
    public HtmlReport AddHeatMap(HeatMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        _body.Append("<figure><figcaption>").Append(Markup.Escape(map.Title)).Append("</figcaption><div class=\"wide\">")
            .Append(map.ToSvg(WideWidth)).Append("</div>\n<div class=\"narrow\">").Append(map.ToSvg(NarrowWidth)).Append("</div></figure>\n");
        return this;
    }

    /// <summary>Adds charts below one another that share a horizontal axis; the first is the highest.</summary>
    /// <exception cref="ArgumentException">Columns of a layer differ in length, or a line goes backwards.</exception>
    public HtmlReport AddCharts(IReadOnlyList<Chart> charts)
    {
        ArgumentNullException.ThrowIfNull(charts);
        string[] wide = Panels(charts, WideWidth, WideHeight);
        string[] narrow = Panels(charts, NarrowWidth, NarrowHeight);
        _body.Append("<figure>");
        for (var index = 0; index < charts.Count; index++)
        {
            AppendChart(charts[index], wide[index], narrow[index]);
        }

        _body.Append("</figure>\n");
        return this;
    }

    /// <summary>Adds a chart, drawn once for wide screens and once for narrow ones.</summary>
    /// <exception cref="ArgumentException">Columns of a layer differ in length, or a line goes backwards.</exception>
    public HtmlReport AddChart(Chart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        _body.Append("<figure>");
        AppendChart(chart, chart.ToSvg(WideWidth, WideHeight), chart.ToSvg(NarrowWidth, NarrowHeight));
        _body.Append("</figure>\n");
        return this;
    }

    private static string[] Panels(IReadOnlyList<Chart> charts, int width, int height)
    {
        int Height(int index) => index == 0 ? height : height * LowerPanel / 100;
        var frame = ChartFrame.Around([.. charts.Select((chart, index) => new SvgChart(chart, width, Height(index)).Frame)]);
        return [.. charts.Select((chart, index) => new SvgChart(chart, width, Height(index), frame).Draw())];
    }

    private void AppendChart(Chart chart, string wide, string narrow)
    {
        _body.Append("<figcaption>").Append(Markup.Escape(chart.Title)).Append("</figcaption>");
        var named = chart.Layers.Count(layer => layer.Name.Length > 0);
        if (named > 1)
        {
            AppendLegend(chart);
        }

        _body.Append("<div class=\"wide\">").Append(wide).Append("</div>\n<div class=\"narrow\">").Append(narrow).Append("</div>\n");
    }

    private void AppendCell(ReportCell cell, NumberColumn column, bool isNumber)
    {
        var text = cell.Number is not { } number ? cell.Text ?? string.Empty
            : cell.Format is { } format ? NumberColumn.Format(number, format)
            : column.Format(number);
        var classes = (isNumber ? "number" : string.Empty) + (cell.IsBest ? " best" : string.Empty) + ShadeClass(cell.Shade);
        _body.Append("<td class=\"").Append(classes).Append('"');
        if (cell.Title is { } title)
        {
            _body.Append(" title=\"").Append(Markup.Escape(title)).Append('"');
        }

        _body.Append('>').Append(Markup.Escape(text));
        if (cell.Bar is { } bar)
        {
            var length = (100 * Math.Clamp(bar, 0, 1)).ToString("0.#", CultureInfo.InvariantCulture);
            _body.Append("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"meter\" viewBox=\"0 0 100 10\" aria-hidden=\"true\">")
                .Append("<path class=\"bar c1\" d=\"M0 0h").Append(length).Append("v10H0Z\"/></svg>");
        }

        _body.Append("</td>");
    }

    private static string ShadeClass(double? shade)
    {
        if (shade is not { } value || double.IsNaN(value))
        {
            return string.Empty;
        }

        var depth = (int)Math.Ceiling(Math.Min(Math.Abs(value), 1) * Shades);
        return depth == 0 ? " shade" : $" shade {(value < 0 ? "down" : "up")}{depth}";
    }

    /// <summary>
    /// What was added, without a page around it, for pages made elsewhere; it needs <see cref="StyleSheet"/>. Well-formed XML.
    /// </summary>
    public string ToFragment() => _body.ToString();

    /// <summary>The report as one HTML document, which is well-formed XML too.</summary>
    public string ToHtml() =>
        $"""
        <!DOCTYPE html>
        <html lang="en" xmlns="http://www.w3.org/1999/xhtml"><head><meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/>
        <link rel="icon" href="data:,"/>
        <title>{Markup.Escape(_title)}</title>
        <style>{ReportStyle.Css}</style></head>
        <body><main><header><h1>{Markup.Escape(_title)}</h1>
        {(_subtitle is null ? string.Empty : $"<p class=\"note\">{Markup.Escape(_subtitle)}</p>")}</header>
        {_body}</main></body></html>

        """;

    /// <summary>Writes the report whole or not at all; a file that is there is replaced.</summary>
    /// <exception cref="SequenceException">The file cannot be written.</exception>
    public async Task WriteAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        await AtomicFile.WriteAsync(
            path,
            async stream => await stream.WriteAsync(Encoding.UTF8.GetBytes(ToHtml()), cancellationToken),
            createFolder: true);
    }

    private void AppendLegend(Chart chart)
    {
        _body.Append("<ul class=\"legend\">");
        var color = 0;
        var bands = new Dictionary<int, int>();
        foreach (var layer in chart.Layers)
        {
            var place = layer.Color ?? color++;
            if (layer.Name.Length == 0)
            {
                continue;
            }

            var paint = $"c{place % SvgChart.Colors}";

            // A band that lies on another of its colour looks as dark in the legend as it does there.
            var depth = layer is BandLayer ? bands[place] = bands.GetValueOrDefault(place) + 1 : 1;
            var shape = layer switch
            {
                BandLayer => $"<path class=\"band {paint}\" d=\"M0 2h22v10H0Z\"/>",
                BarLayer => $"<path class=\"bar {paint}\" d=\"M6 2h10v10H6Z\"/>",
                PointLayer { Shape: PointShape.Up } => $"<path class=\"marker {paint}\" d=\"M11 3l4.5 8h-9Z\"/>",
                PointLayer { Shape: PointShape.Down } => $"<path class=\"marker {paint}\" d=\"M11 11l4.5-8h-9Z\"/>",
                PointLayer => $"<path class=\"dot {paint}\" d=\"M11 7h0\"/>",
                LineLayer line => $"<path class=\"{SvgChart.LineClass(line, place)} {paint}\" d=\"M0 7h22\"/>",
                _ => throw new NotSupportedException($"A {layer.GetType().Name} has no legend."),
            };
            shape = string.Concat(Enumerable.Repeat(shape, depth));
            _body.Append("<li><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 22 14\" aria-hidden=\"true\">")
                .Append(shape).Append("</svg>").Append(Markup.Escape(layer.Name)).Append("</li>");
        }

        _body.Append("</ul>");
    }
}
