namespace Sequence.Datasets;

/// <summary>Samples of both classes on one picture, to judge a generator by eye.</summary>
public static class PathfinderContactSheet
{
    /// <summary>Samples of each class.</summary>
    public const int SamplesOfEachClass = 16;

    private const int Columns = 8;
    private const int Gap = 6;
    private const int GlyphScale = 3;
    private const int GlyphRows = 5;
    private const int GlyphColumns = 3;
    private const byte Paper = 96;
    private const byte Ink = 255;

    // The digits 0 and 1, three bits a row.
    private static readonly int[][] Glyphs = [[7, 5, 5, 5, 7], [2, 6, 2, 2, 7]];

    /// <summary>
    /// Draws the first 16 images of class 1 in the two upper rows and of class 0 in the two lower ones, the label above each.
    /// </summary>
    /// <param name="generator">Gives the images.</param>
    /// <param name="zoom">Each pixel becomes a square of this side.</param>
    public static PathfinderPng Draw(PathfinderGenerator generator, int zoom)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(zoom);
        var side = generator.Options.Size * zoom;
        var rowHeight = side + (GlyphRows * GlyphScale) + (2 * Gap);
        var width = (Columns * (side + Gap)) + Gap;
        var height = (2 * SamplesOfEachClass / Columns * rowHeight) + Gap;
        var sheet = new byte[width * height];
        Array.Fill(sheet, Paper);
        int[] drawn = [0, 0];
        for (var index = 0L; drawn.Sum() < 2 * SamplesOfEachClass; index++)
        {
            var image = generator.Generate(index);
            if (drawn[image.Label] == SamplesOfEachClass)
            {
                continue;
            }

            var place = drawn[image.Label]++ + (image.Label == 1 ? 0 : SamplesOfEachClass);
            var left = Gap + (place % Columns * (side + Gap));
            var top = Gap + (place / Columns * rowHeight);
            for (var row = 0; row < GlyphRows * GlyphScale; row++)
            {
                for (var column = 0; column < GlyphColumns * GlyphScale; column++)
                {
                    var bit = GlyphColumns - 1 - (column / GlyphScale);
                    if (((Glyphs[image.Label][row / GlyphScale] >> bit) & 1) == 1)
                    {
                        sheet[((top + row) * width) + left + column] = Ink;
                    }
                }
            }

            top += (GlyphRows * GlyphScale) + Gap;
            for (var row = 0; row < side; row++)
            {
                for (var column = 0; column < side; column++)
                {
                    sheet[((top + row) * width) + left + column] =
                        image.Pixels[(row / zoom * generator.Options.Size) + (column / zoom)];
                }
            }
        }

        return new PathfinderPng(height, width, sheet);
    }
}
