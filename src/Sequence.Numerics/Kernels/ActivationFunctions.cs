using System.Runtime.CompilerServices;

namespace Sequence.Numerics;

/// <summary>
/// The activation functions on one vector. The exponential follows Moshier's Cephes library (expf):
/// range reduction by ln 2 in two parts and a minimax polynomial. The hyperbolic tangent is the rational minimax
/// approximation of degree 13 over 6 that the Eigen library uses (ptanh).
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

    /// <summary>tanh(x) = x P(x^2) / Q(x^2) between -7.9 and 7.9, and the sign of x outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        // Beyond, tanh is 1 within 3e-7. Selects and not a clamp, so that NaN stays NaN.
        var isAbove = TLanes.LessThan(TLanes.Create(7.90531110763549805f), x);
        var isBelow = TLanes.LessThan(x, TLanes.Create(-7.90531110763549805f));
        var square = TLanes.Multiply(x, x);

        var above = TLanes.MultiplyAdd(TLanes.Create(-2.76076847742355e-16f), square, TLanes.Create(2.00018790482477e-13f));
        above = TLanes.MultiplyAdd(above, square, TLanes.Create(-8.60467152213735e-11f));
        above = TLanes.MultiplyAdd(above, square, TLanes.Create(5.12229709037114e-08f));
        above = TLanes.MultiplyAdd(above, square, TLanes.Create(1.48572235717979e-05f));
        above = TLanes.MultiplyAdd(above, square, TLanes.Create(6.37261928875436e-04f));
        above = TLanes.MultiplyAdd(above, square, TLanes.Create(4.89352455891786e-03f));
        var below = TLanes.MultiplyAdd(TLanes.Create(1.19825839466702e-06f), square, TLanes.Create(1.18534705686654e-04f));
        below = TLanes.MultiplyAdd(below, square, TLanes.Create(2.26843463243900e-03f));
        below = TLanes.MultiplyAdd(below, square, TLanes.Create(4.89352518554385e-03f));
        var result = TLanes.Divide(TLanes.Multiply(x, above), below);
        result = TLanes.Select(isAbove, TLanes.Create(1), result);
        result = TLanes.Select(isBelow, TLanes.Create(-1), result);

        // Near 0 the numerator would be subnormal, and x is exact.
        return TLanes.Select(TLanes.LessThan(TLanes.Abs(x), TLanes.Create(0.0004f)), x, result);
    }

    /// <summary>
    /// x Phi(x) with the normal distribution function by the error function of Abramowitz and Stegun, "Handbook of
    /// Mathematical Functions", 7.1.26, whose absolute error is below 1.5e-7. Below 0 nothing cancels.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Gelu(TVector x)
    {
        var zero = TLanes.Create(0);
        var one = TLanes.Create(1);
        var t = TLanes.Divide(one, TLanes.MultiplyAdd(TLanes.Abs(x), TLanes.Create(0.231641888f), one));
        var tail = TLanes.MultiplyAdd(TLanes.Create(0.5307027145f), t, TLanes.Create(-0.7265760135f));
        tail = TLanes.MultiplyAdd(tail, t, TLanes.Create(0.7107068705f));
        tail = TLanes.MultiplyAdd(tail, t, TLanes.Create(-0.142248368f));
        tail = TLanes.MultiplyAdd(tail, t, TLanes.Create(0.127414796f));
        tail = TLanes.Multiply(
            TLanes.Multiply(tail, t), ExpOfNegative(TLanes.Multiply(TLanes.Multiply(x, x), TLanes.Create(-0.5f))));
        var isNegative = TLanes.LessThan(x, zero);
        var result = TLanes.Multiply(x, TLanes.Select(isNegative, tail, TLanes.Subtract(one, tail)));

        // There the result is below the smallest number, and at minus infinity it would be infinity times 0.
        return TLanes.Select(TLanes.LessThan(x, TLanes.Create(-15)), zero, result);
    }

    /// <summary>x / (1 + exp(-x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Silu(TVector x) =>

        // Below, the sigmoid is 0, and at minus infinity the product would be infinity times 0.
        TLanes.Select(
            TLanes.LessThan(x, TLanes.Create(-120)), TLanes.Create(0), TLanes.Multiply(x, Sigmoid(x)));

    /// <summary>
    /// log(1 + exp(x)) = max(x, 0) + 2 artanh(s/2), s = e / (1 + e/2), e = exp(-|x|). The series of the area tangent is
    /// cut after seven terms, because s/2 is at most 1/3.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Softplus(TVector x)
    {
        var zero = TLanes.Create(0);
        var one = TLanes.Create(1);
        var decay = ExpOfNegative(TLanes.Subtract(zero, TLanes.Abs(x)));
        var s = TLanes.Divide(decay, TLanes.MultiplyAdd(decay, TLanes.Create(0.5f), one));
        var square = TLanes.Multiply(s, s);
        var series = TLanes.MultiplyAdd(TLanes.Create(1f / 53248), square, TLanes.Create(1f / 11264));
        series = TLanes.MultiplyAdd(series, square, TLanes.Create(1f / 2304));
        series = TLanes.MultiplyAdd(series, square, TLanes.Create(1f / 448));
        series = TLanes.MultiplyAdd(series, square, TLanes.Create(1f / 80));
        series = TLanes.MultiplyAdd(series, square, TLanes.Create(1f / 12));
        series = TLanes.MultiplyAdd(series, square, one);
        return TLanes.MultiplyAdd(series, s, TLanes.Select(TLanes.LessThan(zero, x), x, zero));
    }

    /// <summary>
    /// exp(x), down to the smallest subnormal number; made for x at most 0, and right up to the largest number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpOfNegative(TVector x)
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

        return TLanes.Scale(series, power);
    }
}
