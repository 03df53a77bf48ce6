namespace Sequence.Datasets;

/// <summary>Arrays that one thread draws an image with.</summary>
internal sealed class PathfinderWorkspace(int stride, int size, int candidates)
{
    public float[] Mask { get; } = new float[stride * stride];

    public float[] Backup { get; } = new float[stride * stride];

    public float[] Image { get; } = new float[stride * stride];

    public PathfinderPoint[] Room { get; } = new PathfinderPoint[size * size];

    public double[] Sums { get; } = new double[candidates];
}
