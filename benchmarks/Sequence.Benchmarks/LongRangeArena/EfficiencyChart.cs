using System.Globalization;
using System.Text;

namespace Sequence.Benchmarks.LongRangeArena;

/// <summary>Two rows of bars for each model, on logarithmic axes: speed and memory relative to the Transformer.</summary>
internal static class EfficiencyChart
{
    private const int Row = 24;
    private const int Top = 48;
    private const int Left = 150;
    private const int Panel = 250;
    private const int Gap = 70;
    private const double Decades = 2.2;

    internal static void Write(string path, int length, IReadOnlyList<(string Model, double Speed, double Memory)> models)
    {
        var (width, height) = (Left + (2 * Panel) + (2 * Gap), Top + (Row * models.Count) + 16);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" ")
            .Append("font-family=\"sans-serif\" font-size=\"12\" role=\"img\">")
            .Append(CultureInfo.InvariantCulture, $"<title>Training step at length {length} relative to the Transformer with plain attention</title>")
            .Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"20\" font-weight=\"bold\">speed, length {length} (longer is better)</text>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{Left + Panel + Gap}\" y=\"20\" font-weight=\"bold\">peak memory (shorter is better)</text>");
        for (var row = 0; row < models.Count; row++)
        {
            var (model, speed, memory) = models[row];
            var y = Top + (Row * row);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{y + 12}\" text-anchor=\"end\">{model}</text>");
            Bar(Left, y, Log(speed), "#2a6fb0", $"{speed:0.0}x");

            // Memory from a hundredth of the Transformer's on.
            Bar(Left + Panel + Gap, y, Log(memory * 100), "#b0582a", $"{memory:0.000}x");
        }

        svg.Append("</svg>\n");
        File.WriteAllText(path, svg.ToString());

        void Bar(int x, int y, double share, string colour, FormattableString label)
        {
            var bar = Math.Clamp(share, 0, 1) * Panel;
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{y}\" width=\"{bar:0.0}\" height=\"16\" fill=\"{colour}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{x + bar + 6:0.0}\" y=\"{y + 12}\">{FormattableString.Invariant(label)}</text>");
        }

        static double Log(double ratio) => Math.Log10(Math.Max(ratio, 1e-9)) / Decades;
    }
}
