namespace Sequence.Datasets;

/// <summary>The pixels of an image: the paddles of its snakes and two markers, scaled so that the brightest pixel is 255.</summary>
/// <param name="options">Parameters of the images.</param>
/// <param name="rim">Width of the rim about the image, which holds what sticks out.</param>
internal sealed class PathfinderPicture(PathfinderOptions options, int rim)
{
    private const int LanczosReach = 3;

    private readonly int _size = options.Size;
    private readonly int _stride = options.Size + (2 * rim);
    private readonly PathfinderStamp _marker = DrawMarker(options, options.Size + (2 * rim));

    /// <summary>How far a marker reaches from its middle.</summary>
    public static int MarkerHalf(PathfinderOptions options) => (int)Math.Ceiling(options.MarkerRadius) + LanczosReach;

    public byte[] Draw(float[] image, IReadOnlyList<PathfinderGrowth> snakes, PathfinderPoint originMarker, PathfinderPoint terminalMarker)
    {
        Array.Clear(image);
        foreach (var snake in snakes)
        {
            snake.Draw(image);
        }

        _marker.Lay(image, Place(originMarker.Row, originMarker.Column));
        _marker.Lay(image, Place(terminalMarker.Row, terminalMarker.Column));

        var brightest = 0f;
        for (var row = 0; row < _size; row++)
        {
            foreach (var value in image.AsSpan(Place(row, 0), _size))
            {
                brightest = Math.Max(brightest, value);
            }
        }

        var pixels = new byte[_size * _size];
        for (var row = 0; row < _size; row++)
        {
            var line = image.AsSpan(Place(row, 0), _size);
            for (var column = 0; column < _size; column++)
            {
                pixels[(row * _size) + column] = (byte)((line[column] / brightest * 255) + 0.5f);
            }
        }

        return pixels;
    }

    private static PathfinderStamp DrawMarker(PathfinderOptions options, int stride)
    {
        var half = MarkerHalf(options);
        var scale = options.AntialiasScale;
        var size = ((2 * half) + 1) * scale;
        var fine = new bool[size * size];
        var radius = options.MarkerRadius * scale;
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                var (y, x) = (row - (half * scale), column - (half * scale));
                fine[(row * size) + column] = (y * y) + (x * x) <= radius * radius;
            }
        }

        return PathfinderStamp.Reduce(fine, size, half, stride);
    }

    private int Place(int row, int column) => ((row + rim) * _stride) + column + rim;
}
