using System.Globalization;
using System.Text;

namespace Sequence.Reporting;

/// <summary>Draws one chart at one size. No more than four points are kept of a line in each column of pixels.</summary>
internal sealed class SvgChart
{
    public const int Colors = 7;

    private const double LetterWidth = 6.8;
    private const double TopMargin = 26;
    private const double RightMargin = 14;
    private const double RowHeight = 38;
    private const double PointWidth = 2.2;
    private const double MarkerCell = 5;
    private const int ManyPoints = 5000;
    private const string UpTriangle = "l4.5 8h-9Z";
    private const string DownTriangle = "l4.5-8h-9Z";

    private readonly Chart _chart;
    private readonly int _width;
    private readonly int _height;
    private readonly StringBuilder _svg = new();
    private readonly ValueRange _horizontal;
    private readonly ValueRange _vertical;
    private readonly Tick[] _verticalTicks;
    private readonly double _left;
    private readonly double _right;
    private readonly double _bottom;

    public SvgChart(Chart chart, int width, int height, ChartFrame? frame = null)
    {
        _chart = chart;
        _width = width;
        _height = height;
        foreach (var layer in chart.Layers)
        {
            Check(layer);
        }

        _horizontal = frame?.Horizontal ?? Horizontals(chart);
        _bottom = height - (chart.HorizontalLabel.Length > 0 ? 42 : 26);
        var values = ValueRange.Of(
            chart.Layers.SelectMany(layer => layer.Vertical).Concat(chart.IncludesZero ? [0.0] : []).Select(Scale));
        var isLinear = !chart.IsLogarithmic;
        _vertical = values.Widen(isLinear && values.Low == 0 ? 0 : 0.04, isLinear && values.High == 0 ? 0 : 0.06);
        var most = Math.Max(2, (int)((_bottom - TopMargin) / RowHeight));
        _verticalTicks = isLinear ? Ticks.Numbers(_vertical, most) : Ticks.Powers(_vertical, most);
        if (isLinear && _verticalTicks.Length < 2)
        {
            _verticalTicks = Ticks.Numbers(_vertical, 2 * most);
        }

        var longest = _verticalTicks.Select(tick => tick.Label.Length).DefaultIfEmpty(1).Max();
        _left = frame?.Left ?? Math.Min((longest * LetterWidth) + 12, width / 2.0);
        _right = width - RightMargin;
    }

    /// <summary>The frame this chart has, to be shared with others.</summary>
    public ChartFrame Frame => new(_horizontal, _left);

    public string Draw()
    {
        _svg.Append("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 ").Append(_width).Append(' ')
            .Append(_height).Append("\"><title>").Append(Markup.Escape(_chart.Title)).Append("</title><desc>")
            .Append(Markup.Escape(_chart.Description)).Append("</desc>");
        DrawAxes();
        var color = 0;
        foreach (var layer in _chart.Layers)
        {
            var place = layer.Color ?? color++;
            switch (layer)
            {
                case LineLayer line:
                    Draw(line, place);
                    break;
                case BandLayer band:
                    Draw(band, place);
                    break;
                case PointLayer points:
                    Draw(points, place);
                    break;
                case BarLayer bars:
                    Draw(bars, place);
                    break;
                default:
                    throw new NotSupportedException($"A {layer.GetType().Name} cannot be drawn.");
            }
        }

        DrawMarks();
        if (!_chart.Layers.Any(layer => layer.Vertical.Any(double.IsFinite)))
        {
            Text((_left + _right) / 2, (TopMargin + _bottom) / 2, "middle", "no data");
        }

        return _svg.Append("</svg>").ToString();
    }

    /// <summary>Once the palette is used up, lines are told apart by dots.</summary>
    public static string LineClass(LineLayer line, int color) =>
        color >= Colors ? "line dotted" : line.IsDashed ? "line dashed" : "line";

    private static ValueRange Horizontals(Chart chart)
    {
        var range = ValueRange.Of(chart.Layers.SelectMany(layer => layer.Horizontal).Concat(chart.Marks.Select(mark => mark.X)));
        return chart.Layers.Any(layer => layer is BarLayer) ? range : range.Widen(0.01, 0.01);
    }

    private void Check(ChartLayer layer)
    {
        if (_chart.IsLogarithmic && layer.Vertical.Any(value => value <= 0))
        {
            throw new ArgumentException(
                $"Layer '{layer.Name}' has a value that is not positive, which has no place on a logarithmic axis.", nameof(layer));
        }

        var lengths = layer switch
        {
            LineLayer line => (line.X.Length, line.Y.Length, line.Y.Length),
            BandLayer band => (band.X.Length, band.Lower.Length, band.Upper.Length),
            PointLayer points => (points.X.Length, points.Y.Length, points.Y.Length),
            BarLayer bars => (bars.Left.Length, bars.Right.Length, bars.Heights.Length),
            _ => (0, 0, 0),
        };
        if (lengths.Item1 != lengths.Item2 || lengths.Item1 != lengths.Item3)
        {
            throw new ArgumentException($"The columns of layer '{layer.Name}' differ in length: {lengths}.", nameof(layer));
        }

        var path = (layer as LineLayer)?.X ?? (layer as BandLayer)?.X ?? [];
        for (var index = 1; index < path.Length; index++)
        {
            if (path[index] < path[index - 1])
            {
                throw new ArgumentException($"Layer '{layer.Name}' goes backwards at point {index}. Sort it.", nameof(layer));
            }
        }
    }

    private void DrawAxes()
    {
        foreach (var tick in _verticalTicks)
        {
            var y = Vertical(tick.Value);
            _svg.Append("<path class=\"").Append(tick.Value == 0 ? "zero" : "grid").Append("\" d=\"M").Append(Number(_left))
                .Append(' ').Append(Number(y)).Append('H').Append(Number(_right)).Append("\"/>");
            Text(_left - 7, y + 4, "end", tick.Label);
        }

        var leastStep = _chart.Axis == ChartAxis.Count ? 1 : 0;
        var widest = Ticks.Numbers(_horizontal, 4, leastStep).Select(tick => tick.Label.Length).Append(4).Max();
        var ticks = _chart.Axis == ChartAxis.Time
            ? Ticks.Times(_horizontal, Room)
            : Ticks.Numbers(_horizontal, Room(widest), leastStep);
        foreach (var tick in ticks)
        {
            var x = Horizontal(tick.Value);
            var half = tick.Label.Length * LetterWidth / 2;
            _svg.Append("<path class=\"tick\" d=\"M").Append(Number(x)).Append(' ').Append(Number(_bottom)).Append("v5\"/>");
            Text(Math.Clamp(x, half, Math.Max(half, _width - half)), _bottom + 18, "middle", tick.Label);
        }

        _svg.Append("<path class=\"axis\" d=\"M").Append(Number(_left)).Append(' ').Append(Number(_bottom)).Append('H')
            .Append(Number(_right)).Append("\"/>");
        if (_chart.VerticalLabel.Length > 0)
        {
            Text(2, 13, "start", _chart.VerticalLabel);
        }

        if (_chart.HorizontalLabel.Length > 0)
        {
            Text((_left + _right) / 2, _height - 5, "middle", _chart.HorizontalLabel);
        }
    }

    private int Room(int letters) => Math.Max(1, (int)((_right - _left) / ((letters * LetterWidth) + 14)));

    private void DrawMarks()
    {
        foreach (var mark in _chart.Marks.Where(mark => double.IsFinite(mark.X)))
        {
            var x = Horizontal(mark.X);
            _svg.Append("<path class=\"mark\" d=\"M").Append(Number(x)).Append(' ').Append(Number(TopMargin)).Append('V')
                .Append(Number(_bottom)).Append("\"/>");
            var leftwards = x > (_left + _right) / 2;
            Text(x + (leftwards ? -5 : 5), TopMargin + 9, leftwards ? "end" : "start", mark.Label);
        }
    }

    private void Draw(LineLayer line, int color)
    {
        var path = new StringBuilder();
        var dots = new StringBuilder();
        foreach (var (start, end) in Runs(line.X.Length, index => IsFinite(line.X[index], line.Y[index])))
        {
            if (end - start == 1)
            {
                AppendDot(dots, Horizontal(line.X[start]), Vertical(line.Y[start]));
                continue;
            }

            path.Append('M');
            foreach (var (from, to) in Columns(line.X, start, end))
            {
                var (low, high) = (from, from);
                for (var index = from; index < to; index++)
                {
                    low = line.Y[index] < line.Y[low] ? index : low;
                    high = line.Y[index] > line.Y[high] ? index : high;
                }

                foreach (var index in new SortedSet<int> { from, low, high, to - 1 })
                {
                    AppendPoint(path, line.X[index], line.Y[index]);
                }
            }
        }

        AppendPath(LineClass(line, color), color, path);
        AppendPath("dot", color, dots);
    }

    private void Draw(BandLayer band, int color)
    {
        var path = new StringBuilder();
        bool IsDrawn(int index) => IsFinite(band.X[index], band.Lower[index]) && double.IsFinite(band.Upper[index]);
        foreach (var (start, end) in Runs(band.X.Length, IsDrawn))
        {
            var columns = Columns(band.X, start, end).ToArray();
            if (columns.Length == 1)
            {
                var (x, y) = (Horizontal(band.X[start]), Number(Vertical(band.Upper[start..end].Max())));
                path.Append('M').Append(Number(x - 2)).Append(' ').Append(y).Append('H').Append(Number(x + 2)).Append('V')
                    .Append(Number(Vertical(band.Lower[start..end].Min()))).Append('H').Append(Number(x - 2)).Append('Z');
                continue;
            }

            path.Append('M');
            foreach (var (from, to) in columns)
            {
                AppendPoint(path, band.X[from], band.Upper[from..to].Max());
            }

            foreach (var (from, to) in columns.Reverse())
            {
                AppendPoint(path, band.X[from], band.Lower[from..to].Min());
            }

            path.Append('Z');
        }

        AppendPath("band", color, path);
    }

    private void Draw(PointLayer points, int color)
    {
        // What lies in one cell would mostly cover itself: of dots only in the same pixel, unless there are thousands.
        var cell = points.Shape != PointShape.Dot ? MarkerCell : points.X.Length > ManyPoints ? PointWidth : 1;
        var seen = new HashSet<(int, int)>();
        var path = new StringBuilder();
        for (var index = 0; index < points.X.Length; index++)
        {
            if (!IsFinite(points.X[index], points.Y[index]))
            {
                continue;
            }

            var (x, y) = (Horizontal(points.X[index]), Vertical(points.Y[index]));
            if (seen.Add(((int)Math.Round(x / cell), (int)Math.Round(y / cell))))
            {
                if (points.Shape == PointShape.Dot)
                {
                    AppendDot(path, x, y);
                }
                else
                {
                    path.Append('M').Append(Number(x)).Append(' ').Append(Number(y)).Append(points.Shape == PointShape.Up ? UpTriangle : DownTriangle);
                }
            }
        }

        AppendPath(points.Shape == PointShape.Dot ? "dot" : "marker", color, path);
    }

    private void Draw(BarLayer bars, int color)
    {
        var path = new StringBuilder();
        for (var index = 0; index < bars.Left.Length; index++)
        {
            if (IsFinite(bars.Left[index], bars.Right[index]) && double.IsFinite(bars.Heights[index]))
            {
                path.Append('M').Append(Number(Horizontal(bars.Left[index]) + 0.5)).Append(' ').Append(Number(Vertical(0)))
                    .Append('V').Append(Number(Vertical(bars.Heights[index])))
                    .Append('H').Append(Number(Horizontal(bars.Right[index]) - 0.5))
                    .Append('V').Append(Number(Vertical(0))).Append('Z');
            }
        }

        AppendPath("bar", color, path);
    }

    /// <summary>Stretches of neighbours that can be drawn, as start and end (exclusive).</summary>
    private static IEnumerable<(int Start, int End)> Runs(int length, Func<int, bool> isDrawn)
    {
        for (var start = 0; start < length; start++)
        {
            if (!isDrawn(start))
            {
                continue;
            }

            var end = start + 1;
            while (end < length && isDrawn(end))
            {
                end++;
            }

            yield return (start, end);
            start = end;
        }
    }

    /// <summary>The points of a stretch that fall into one column of pixels, as start and end (exclusive).</summary>
    private IEnumerable<(int From, int To)> Columns(double[] x, int start, int end)
    {
        for (var from = start; from < end;)
        {
            var column = Math.Floor(Horizontal(x[from]));
            var to = from + 1;
            while (to < end && Math.Floor(Horizontal(x[to])) == column)
            {
                to++;
            }

            yield return (from, to);
            from = to;
        }
    }

    private void AppendPoint(StringBuilder path, double x, double y)
    {
        // A space between pairs is needed only after the first of a stretch: the letter stands before that.
        if (path[^1] != 'M')
        {
            path.Append(' ');
        }

        path.Append(Number(Horizontal(x))).Append(' ').Append(Number(Vertical(y)));
    }

    /// <summary>A line without length, which its round cap makes a dot.</summary>
    private static void AppendDot(StringBuilder path, double x, double y) =>
        path.Append('M').Append(Number(x)).Append(' ').Append(Number(y)).Append("h0");

    private void AppendPath(string kind, int color, StringBuilder path)
    {
        if (path.Length > 0)
        {
            _svg.Append("<path class=\"").Append(kind).Append(" c").Append(color % Colors).Append("\" d=\"").Append(path).Append("\"/>");
        }
    }

    private void Text(double x, double y, string anchor, string text) =>
        _svg.Append("<text x=\"").Append(Number(x)).Append("\" y=\"").Append(Number(y)).Append("\" text-anchor=\"")
            .Append(anchor).Append("\">").Append(Markup.Escape(text)).Append("</text>");

    private double Horizontal(double value) => _left + (_horizontal.Fraction(value) * (_right - _left));

    private double Vertical(double value) => _bottom - (_vertical.Fraction(Scale(value)) * (_bottom - TopMargin));

    private double Scale(double value) => _chart.IsLogarithmic ? Math.Log10(value) : value;

    private static bool IsFinite(double x, double y) => double.IsFinite(x) && double.IsFinite(y);

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
