namespace Sequence.Streaming;
internal static class TemporaryActivations
{
    public static void Softplus(ReadOnlySpan<float> s, Span<float> t)
    {
        for (var i = 0; i < s.Length; i++) { t[i] = (float)(Math.Max(s[i], 0) + Math.Log(1 + Math.Exp(-Math.Abs((double)s[i])))); }
    }
    public static void Silu(ReadOnlySpan<float> s, Span<float> t)
    {
        for (var i = 0; i < s.Length; i++) { t[i] = (float)(s[i] / (1 + Math.Exp(-(double)s[i]))); }
    }
    public static void Gelu(ReadOnlySpan<float> s, Span<float> t)
    {
        for (var i = 0; i < s.Length; i++) { t[i] = (float)(s[i] / 2.0 * (1 + MathNet.Numerics.SpecialFunctions.Erf(s[i] / Math.Sqrt(2)))); }
    }
}
