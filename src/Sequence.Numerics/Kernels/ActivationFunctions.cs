using System.Runtime.CompilerServices;

namespace Sequence.Numerics;

/// <summary>
/// The squashing functions of the recurrent cells on one vector. Exponential and hyperbolic tangent follow Moshier's
/// Cephes library (expf, tanhf): range reduction by ln 2 in two parts, minimax polynomials.
/// </summary>
internal static class ActivationFunctions<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>1 / (1 + exp(-x)), accurate relatively on both sides of 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid(TVector x)
    {
        var zero = TLanes.Create(0);
        var one = TLanes.Create(1);
        var decay = ExpOfNegative(TLanes.Subtract(zero, TLanes.Abs(x)));
        var numerator = TLanes.Select(TLanes.LessThan(x, zero), decay, one);
        return TLanes.Divide(numerator, TLanes.Add(one, decay));
    }

    /// <summary>tanh(x): an odd polynomial near 0, where the quotient of exponentials would cancel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        var zero = TLanes.Create(0);
        var one = TLanes.Create(1);
        var size = TLanes.Abs(x);

        var square = TLanes.Multiply(x, x);
        var series = TLanes.MultiplyAdd(TLanes.Create(-5.70498872745e-3f), square, TLanes.Create(2.06390887954e-2f));
        series = TLanes.MultiplyAdd(series, square, TLanes.Create(-5.37397155531e-2f));
        series = TLanes.MultiplyAdd(series, square, TLanes.Create(1.33314422036e-1f));
        series = TLanes.MultiplyAdd(series, square, TLanes.Create(-3.33332819422e-1f));
        var near = TLanes.Multiply(TLanes.MultiplyAdd(series, square, one), x);

        var decay = ExpOfNegative(TLanes.Multiply(size, TLanes.Create(-2)));
        var far = TLanes.Divide(TLanes.Subtract(one, decay), TLanes.Add(one, decay));
        far = TLanes.Select(TLanes.LessThan(x, zero), TLanes.Subtract(zero, far), far);
        return TLanes.Select(TLanes.LessThan(size, TLanes.Create(0.625f)), near, far);
    }

    /// <summary>exp(x) for x at most 0, down to the smallest subnormal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpOfNegative(TVector x)
    {
        // Below, the result rounds to 0. A select and not a maximum, so that NaN stays NaN.
        var least = TLanes.Create(-104);
        x = TLanes.Select(TLanes.LessThan(x, least), least, x);

        var power = TLanes.Round(TLanes.Multiply(x, TLanes.Create(1.44269504088896341f)));
        var rest = TLanes.MultiplyAdd(power, TLanes.Create(-0.693359375f), x);
        rest = TLanes.MultiplyAdd(power, TLanes.Create(2.12194440e-4f), rest);

        var series = TLanes.MultiplyAdd(TLanes.Create(1.9875691500e-4f), rest, TLanes.Create(1.3981999507e-3f));
        series = TLanes.MultiplyAdd(series, rest, TLanes.Create(8.3334519073e-3f));
        series = TLanes.MultiplyAdd(series, rest, TLanes.Create(4.1665795894e-2f));
        series = TLanes.MultiplyAdd(series, rest, TLanes.Create(1.6666665459e-1f));
        series = TLanes.MultiplyAdd(series, rest, TLanes.Create(5.0000001201e-1f));
        series = TLanes.Add(TLanes.MultiplyAdd(TLanes.Multiply(series, rest), rest, rest), TLanes.Create(1));

        // Two factors, because 2^power alone is not representable where the result is subnormal.
        var half = TLanes.Round(TLanes.Multiply(power, TLanes.Create(0.5f)));
        var scaled = TLanes.Multiply(series, TLanes.PowerOfTwo(half));
        return TLanes.Multiply(scaled, TLanes.PowerOfTwo(TLanes.Subtract(power, half)));
    }
}
