namespace Sequence.Numerics;

/// <summary>
/// A width of the machine's vectors, so that each kernel is written once: the compiler specialises it for each
/// implementation.
/// </summary>
internal interface ILanes<TVector>
    where TVector : struct
{
    static abstract int Count { get; }

    static abstract TVector Create(float value);

    static abstract TVector Load(ref readonly float source, nuint offset);

    static abstract void Store(TVector value, ref float target, nuint offset);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    /// <summary>left * right + addend, fused where the machine can.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    static abstract TVector Abs(TVector value);

    /// <summary>The sum over the lanes.</summary>
    static abstract float Sum(TVector value);

    static abstract TVector Round(TVector value);

    /// <summary>All bits set where left is less than right.</summary>
    static abstract TVector LessThan(TVector left, TVector right);

    static abstract TVector Select(TVector mask, TVector whenSet, TVector otherwise);

    /// <summary>value * 2^exponent for whole exponents down to -150; the result may be subnormal.</summary>
    static abstract TVector Scale(TVector value, TVector exponent);
}
