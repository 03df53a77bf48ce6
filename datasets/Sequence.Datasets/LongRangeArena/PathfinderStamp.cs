namespace Sequence.Datasets;

/// <summary>A small picture given by the pixels that are not zero, to be laid on an image.</summary>
/// <param name="Offsets">Places relative to the anchor in the image's memory.</param>
/// <param name="Values">Brightness from 0 to 1 at each.</param>
internal sealed record PathfinderStamp(int[] Offsets, float[] Values)
{
    /// <summary>Reduces a fine square picture and keeps what is not zero.</summary>
    /// <param name="fine">The picture, row-major, 0 or 1.</param>
    /// <param name="fineSize">Its height and width.</param>
    /// <param name="half">The reduced picture is 2 half + 1 high and wide; its middle is the anchor.</param>
    /// <param name="stride">Pixels from one row of the image to the next.</param>
    public static PathfinderStamp Reduce(bool[] fine, int fineSize, int half, int stride)
    {
        var size = (2 * half) + 1;
        var weights = LanczosWeights(fineSize, size);
        var rows = new double[size, fineSize];
        for (var row = 0; row < size; row++)
        {
            for (var source = 0; source < fineSize; source++)
            {
                var weight = weights[row, source];
                for (var column = 0; weight != 0 && column < fineSize; column++)
                {
                    rows[row, column] += fine[(source * fineSize) + column] ? weight : 0;
                }
            }
        }

        var offsets = new List<int>();
        var values = new List<float>();
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                var sum = 0.0;
                for (var source = 0; source < fineSize; source++)
                {
                    sum += weights[column, source] * rows[row, source];
                }

                // Pictures of 8 bits, as the original's: full cover is exactly 1, and faint ringing is gone.
                var level = Math.Clamp((int)Math.Round(255 * sum), 0, 255);
                if (level > 0)
                {
                    offsets.Add(((row - half) * stride) + column - half);
                    values.Add(level / 255f);
                }
            }
        }

        return new PathfinderStamp([.. offsets], [.. values]);
    }

    /// <summary>Image = max(image, contrast times the stamp).</summary>
    public void Lay(float[] image, int anchor, float contrast = 1)
    {
        for (var point = 0; point < Offsets.Length; point++)
        {
            ref var pixel = ref image[anchor + Offsets[point]];
            var value = contrast * Values[point];
            pixel = value > pixel ? value : pixel;
        }
    }

    /// <summary>Whether image + stamp stays under a limit everywhere.</summary>
    public bool StaysUnder(float limit, float[] image, int anchor)
    {
        for (var point = 0; point < Offsets.Length; point++)
        {
            if (image[anchor + Offsets[point]] + Values[point] >= limit)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Lanczos' filter with three lobes, widened by the reduction; the weights of each target pixel add up to 1.</summary>
    private static double[,] LanczosWeights(int source, int target)
    {
        const int lobes = 3;
        var weights = new double[target, source];
        var scale = (double)source / target;
        for (var to = 0; to < target; to++)
        {
            var centre = (to + 0.5) * scale;
            var sum = 0.0;
            for (var from = 0; from < source; from++)
            {
                var distance = Math.Abs((from + 0.5 - centre) / scale);
                weights[to, from] = distance < lobes ? Sinc(distance) * Sinc(distance / lobes) : 0;
                sum += weights[to, from];
            }

            for (var from = 0; from < source; from++)
            {
                weights[to, from] /= sum;
            }
        }

        return weights;
    }

    private static double Sinc(double x) => x < 1e-12 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
