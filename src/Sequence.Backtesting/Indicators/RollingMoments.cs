namespace Sequence.Backtesting;

/// <summary>
/// Mean and population variance of the last n values in constant time a value, without ever taking a value out again, which
/// is what loses digits: values are cut into blocks of n, a window is the tail of one block and the head of the next, tails
/// are summed up backwards when a block is full, the head as it grows, and the two are merged. Sources: Welford, 1962 (adding
/// a value); Chan, Golub and LeVeque, 1983 (merging).
/// </summary>
internal sealed class RollingMoments(int length)
{
    private readonly double[] _block = new double[length];
    private readonly double[] _tailMean = new double[length];
    private readonly double[] _tailSquares = new double[length];
    private int _head;
    private double _headMean;
    private double _headSquares;
    private bool _hasTail;

    /// <summary>Mean of the last n values; NaN before there are as many.</summary>
    public double Mean { get; private set; } = double.NaN;

    /// <summary>Their variance with divisor n; NaN before there are as many.</summary>
    public double Variance { get; private set; } = double.NaN;

    public void Add(double value)
    {
        _block[_head] = value;
        Extend(value, ++_head, ref _headMean, ref _headSquares);
        if (_head == length)
        {
            (Mean, Variance) = (_headMean, _headSquares / length);
            StartBlock();
        }
        else if (_hasTail)
        {
            var difference = _headMean - _tailMean[_head];
            var share = (double)_head / length;
            Mean = _tailMean[_head] + (difference * share);
            Variance = ((_headSquares + _tailSquares[_head]) / length) + (difference * difference * share * (1 - share));
        }
    }

    private void StartBlock()
    {
        double mean = 0, squares = 0;
        for (var start = length - 1; start >= 0; start--)
        {
            Extend(_block[start], length - start, ref mean, ref squares);
            (_tailMean[start], _tailSquares[start]) = (mean, squares);
        }

        (_head, _headMean, _headSquares, _hasTail) = (0, 0, 0, true);
    }

    private static void Extend(double value, int count, ref double mean, ref double squares)
    {
        var difference = value - mean;
        mean += difference / count;
        squares += difference * (value - mean);
    }
}
