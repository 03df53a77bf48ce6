using System.Globalization;
using System.Xml.Linq;

namespace Sequence.Reporting.Tests.Charts;

[TestClass]
public sealed class HeatMapTests
{
    [TestMethod]
    public void Cells_AboutZero_AreBlueAboveAndOrangeBelow()
    {
        var svg = Draw(new[,] { { 1.0, -1 }, { 0.5, double.NaN } });
        var cells = svg.Where(element => element.Attribute("class")?.Value.StartsWith("cell", StringComparison.Ordinal) == true).ToArray();
        CollectionAssert.AreEqual(new[] { "cell c1", "cell c0", "cell c0" }, cells.Select(cell => cell.Attribute("class")!.Value).ToArray());

        // -1 and 1 are as deep as it goes, 0.5 half of that above the palest.
        CollectionAssert.AreEqual(new[] { "0.6", "0.33", "0.6" }, cells.Select(cell => cell.Attribute("fill-opacity")!.Value).ToArray());
        Assert.HasCount(1, svg.Where(element => element.Attribute("class")?.Value == "frame"));
        CollectionAssert.AreEqual(
            new[] { "1.00", "\u22121.00", "0.50", "\u2013" },
            svg.Where(element => element.Attribute("class")?.Value == "value").Select(element => element.Value).ToArray());
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(1, 60)]
    [DataRow(90, 1)]
    [DataRow(50, 40)]
    public void Map_OfAnyShape_StaysInside(int rows, int columns)
    {
        var values = new double[rows, columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                values[row, column] = row - (2 * column);
            }
        }

        var svg = Draw(values);
        var box = svg[0].Attribute("viewBox")!.Value.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        foreach (var text in svg.Where(element => element.Name.LocalName == "text"))
        {
            Assert.IsInRange(0, box[2], double.Parse(text.Attribute("x")!.Value, CultureInfo.InvariantCulture));
            Assert.IsInRange(0, box[3], double.Parse(text.Attribute("y")!.Value, CultureInfo.InvariantCulture));
        }

        Assert.IsLessThan(rows * columns * 40 + 12_000, svg[0].ToString(SaveOptions.DisableFormatting).Length);
    }

    [TestMethod]
    public void Map_WithoutAKnownValue_HasNoColour() => Assert.DoesNotContain(
        element => element.Attribute("class")?.Value.StartsWith("cell", StringComparison.Ordinal) == true, Draw(new[,] { { double.NaN } }));

    [TestMethod]
    public void Map_OfEqualValues_IsDrawn() => Assert.HasCount(
        1, Draw(new[,] { { -3.0, -3 } }).Where(element => element.Attribute("class")?.Value.StartsWith("cell", StringComparison.Ordinal) == true));

    [TestMethod]
    [DataRow(3, "0.250")]
    [DataRow(8, "0.25")]
    [DataRow(10, "0.3")]
    [DataRow(20, null)]
    public void Numbers_InNarrowerCells_HaveFewerDigitsOrAreLeftOut(int columns, string? expected)
    {
        var values = new double[1, columns];
        for (var column = 0; column < columns; column++)
        {
            values[0, column] = 0.25;
        }

        Assert.AreEqual(expected, Draw(values).FirstOrDefault(element => element.Attribute("class")?.Value == "value")?.Value);
    }

    [TestMethod]
    public void Map_WithTooFewLabels_IsRefused() => Assert.ThrowsExactly<ArgumentException>(
        () => new HeatMap("t", "d", ["r"], ["c"], new double[1, 2]).ToSvg(300));

    private static XElement[] Draw(double[,] values) =>
    [
        .. XDocument.Parse(new HeatMap(
            "t",
            "d",
            [.. Enumerable.Range(0, values.GetLength(0)).Select(row => $"r{row}")],
            [.. Enumerable.Range(0, values.GetLength(1)).Select(column => $"a long label {column}")],
            values).ToSvg(358)).Descendants(),
    ];
}
