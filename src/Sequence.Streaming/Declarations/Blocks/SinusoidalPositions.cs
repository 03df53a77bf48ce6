namespace Sequence.Streaming;

/// <summary>The angles of <see cref="PositionEncoding.Sinusoidal"/>.</summary>
public static class SinusoidalPositions
{
    /// <summary>
    /// The frequencies 10000^(-2i / features) of the pairs of features i, in radians a position; the last pair of an odd
    /// number of features has a sine only.
    /// </summary>
    /// <param name="features">Number of features.</param>
    public static double[] Frequencies(int features) =>
        [.. Enumerable.Range(0, (features + 1) / 2).Select(pair => Math.Pow(10_000, -2.0 * pair / features))];
}
