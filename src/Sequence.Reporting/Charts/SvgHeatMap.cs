using System.Globalization;
using System.Text;

namespace Sequence.Reporting;

/// <summary>Draws a heat map at one width. Cells of one colour are one path, so that thousands of them stay small.</summary>
internal sealed class SvgHeatMap
{
    private const double LetterWidth = 6.8;
    private const double TopMargin = 26;
    private const double RightMargin = 14;
    private const double HighestCell = 28;
    private const double LowestCell = 7;
    private const double HighestMap = 520;
    private const int LongestLabel = 14;
    private const int Shades = 8;
    private const double DeepestShade = 0.6;

    private readonly HeatMap _map;
    private readonly int _width;
    private readonly int _rows;
    private readonly int _columns;
    private readonly double _left;
    private readonly double _cellWidth;
    private readonly double _cellHeight;
    private readonly StringBuilder _svg = new();

    public SvgHeatMap(HeatMap map, int width)
    {
        _map = map;
        _width = width;
        (_rows, _columns) = (map.Values.GetLength(0), map.Values.GetLength(1));
        if (map.RowLabels.Count != _rows || map.ColumnLabels.Count != _columns || map.Values.Length == 0)
        {
            throw new ArgumentException(
                $"The heat map '{map.Title}' has {_rows} x {_columns} values, {map.RowLabels.Count} row and {map.ColumnLabels.Count} column labels; " +
                "give one label for each of at least one row and column.");
        }

        _left = (map.RowLabels.Max(label => Math.Min(label.Length, LongestLabel)) * LetterWidth) + 12;
        _cellWidth = (width - _left - RightMargin) / _columns;
        _cellHeight = Math.Clamp(HighestMap / _rows, LowestCell, HighestCell);
    }

    private double Bottom => TopMargin + (_rows * _cellHeight);

    public string Draw()
    {
        _svg.Append("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 ").Append(_width).Append(' ')
            .Append(Number(Bottom + (_map.HorizontalLabel.Length > 0 ? 42 : 26))).Append("\"><title>").Append(Markup.Escape(_map.Title))
            .Append("</title><desc>").Append(Markup.Escape(_map.Description)).Append("</desc>");
        var known = _map.Values.Cast<double>().Where(double.IsFinite).ToArray();
        DrawCells(known);
        DrawNumbers(known);
        DrawLabels();
        return _svg.Append("</svg>").ToString();
    }

    private void DrawCells(double[] known)
    {
        var paths = new SortedDictionary<int, StringBuilder>();
        var (low, high) = known.Length == 0 ? (0, 0) : (known.Min(), known.Max());
        foreach (var (row, column) in Cells())
        {
            var value = _map.Values[row, column];
            if (double.IsFinite(value))
            {
                var shade = Shade(value, low, high);
                var path = paths.TryGetValue(shade, out var found) ? found : paths[shade] = new StringBuilder();
                path.Append('M').Append(Number(Left(column))).Append(' ').Append(Number(Top(row))).Append('h').Append(Number(_cellWidth - Gap))
                    .Append('v').Append(Number(_cellHeight - Gap)).Append('H').Append(Number(Left(column))).Append('Z');
            }
        }

        foreach (var (shade, path) in paths)
        {
            var opacity = 0.06 + ((DeepestShade - 0.06) * Math.Abs(shade) / Shades);
            _svg.Append("<path class=\"cell ").Append(shade < 0 ? "c1" : "c0").Append("\" fill-opacity=\"")
                .Append(opacity.ToString("0.##", CultureInfo.InvariantCulture)).Append("\" d=\"").Append(path).Append("\"/>");
        }
    }

    /// <summary>Gaps between cells as long as these are wide enough to spare them.</summary>
    private double Gap => Math.Min(_cellWidth, _cellHeight) > 6 ? 1 : 0;

    /// <summary>From -Shades to Shades: about zero when there are values on both sides of it, otherwise from the least to the greatest.</summary>
    private static int Shade(double value, double low, double high)
    {
        var fraction = low < 0 && high > 0 ? value / Math.Max(-low, high)
            : high > low ? new ValueRange(low, high).Fraction(value)
            : 0.5;
        return (int)Math.Round((high <= 0 && low < high ? fraction - 1 : fraction) * Shades);
    }

    private void DrawNumbers(double[] known)
    {
        if (known.Length == 0)
        {
            return;
        }

        var best = known.Max();
        var format = Fitting(known);
        foreach (var (row, column) in Cells())
        {
            var value = _map.Values[row, column];
            if (format is not null)
            {
                Text(Left(column) + ((_cellWidth - Gap) / 2), Top(row) + (_cellHeight / 2) + 4, "middle", format.Format(value), "value");
            }

            if (value == best)
            {
                _svg.Append("<path class=\"frame\" d=\"M").Append(Number(Left(column))).Append(' ').Append(Number(Top(row))).Append('h')
                    .Append(Number(_cellWidth - Gap)).Append('v').Append(Number(_cellHeight - Gap)).Append('H').Append(Number(Left(column)))
                    .Append("Z\"/>");
            }
        }
    }

    /// <summary>The most digits up to three that the cells have room for; null when there is none.</summary>
    private NumberColumn? Fitting(double[] known)
    {
        for (var digits = 3; digits >= 1 && _cellHeight > 15; digits--)
        {
            var format = new NumberColumn(known, digits);
            if (_cellWidth > (known.Max(value => format.Format(value).Length) * LetterWidth) + 8)
            {
                return format;
            }
        }

        return null;
    }

    private void DrawLabels()
    {
        var everyRow = (int)Math.Ceiling(14 / _cellHeight);
        for (var row = 0; row < _rows; row += everyRow)
        {
            Text(_left - 7, Top(row) + (_cellHeight / 2) + 4, "end", Short(_map.RowLabels[row]), null);
        }

        var widest = (_map.ColumnLabels.Max(label => Math.Min(label.Length, LongestLabel)) * LetterWidth) + 8;
        var everyColumn = (int)Math.Ceiling(widest / _cellWidth);
        for (var column = 0; column < _columns; column += everyColumn)
        {
            var label = Short(_map.ColumnLabels[column]);
            var half = label.Length * LetterWidth / 2;
            Text(Math.Min(Left(column) + (_cellWidth / 2), _width - half), Bottom + 16, "middle", label, null);
        }

        if (_map.VerticalLabel.Length > 0)
        {
            Text(2, 13, "start", _map.VerticalLabel, null);
        }

        if (_map.HorizontalLabel.Length > 0)
        {
            Text((_left + _width - RightMargin) / 2, Bottom + 36, "middle", _map.HorizontalLabel, null);
        }
    }

    private IEnumerable<(int Row, int Column)> Cells() =>
        Enumerable.Range(0, _rows).SelectMany(row => Enumerable.Range(0, _columns).Select(column => (row, column)));

    private double Left(int column) => _left + (column * _cellWidth);

    private double Top(int row) => TopMargin + (row * _cellHeight);

    private void Text(double x, double y, string anchor, string text, string? kind) =>
        _svg.Append("<text").Append(kind is null ? string.Empty : $" class=\"{kind}\"").Append(" x=\"").Append(Number(x)).Append("\" y=\"")
            .Append(Number(y)).Append("\" text-anchor=\"").Append(anchor).Append("\">").Append(Markup.Escape(text)).Append("</text>");

    private static string Short(string label) => label.Length <= LongestLabel ? label : string.Concat(label.AsSpan(0, LongestLabel - 1), "\u2026");

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
