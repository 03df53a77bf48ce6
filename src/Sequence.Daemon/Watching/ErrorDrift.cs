using Sequence.Forecasting;

namespace Sequence.Daemon.Watching;

/// <summary>
/// Page-Hinkley along absolute errors, divided by the mean of the first of them. After a finding it begins anew, so that one rise is
/// found once.
/// </summary>
internal sealed class ErrorDrift(PageHinkley test)
{
    // One freak value among the first must not set what is usual, or nothing is ever found after it.
    private const double MostOfTypical = 100;

    // Far beyond any threshold, and small enough for sums of it to be finite.
    private const double MostUsual = 1e12;
    private const double Largest = 1e300;

    private readonly List<double> _first = [];
    private PageHinkleyRun _run = test.Start();
    private double _usual;

    /// <summary>Errors taken since it began.</summary>
    public int Count => _usual > 0 ? _run.Count : _first.Count;

    /// <summary>How far the sum stands above its minimum, in usual errors.</summary>
    public double Excess => _run.Excess;

    /// <summary>Goes on where a test stood that was written.</summary>
    public static ErrorDrift Read(BinaryReader reader, PageHinkley test)
    {
        var drift = new ErrorDrift(test)
        {
            _usual = reader.ReadDouble(),
            _run = test.Resume(reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble()),
        };
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            drift._first.Add(reader.ReadDouble());
        }

        return drift;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_usual);
        writer.Write(_run.Count);
        writer.Write(_run.Mean);
        writer.Write(_run.Sum);
        writer.Write(_run.Least);
        writer.Write(_first.Count);
        foreach (var error in _first)
        {
            writer.Write(error);
        }
    }

    /// <summary>Takes the next error.</summary>
    /// <returns>The excess when the errors have grown; otherwise null.</returns>
    public double? Observe(double error)
    {
        if (double.IsNaN(error))
        {
            return null;
        }

        var size = Math.Min(Math.Abs(error), Largest);
        if (_usual > 0)
        {
            return Step(size);
        }

        // Errors of exactly 0 give no measure of what is usual; wait for one that does.
        _first.Add(size);
        if (_first.Count < test.MinimumValues || _first.Max() == 0)
        {
            if (_first.Count > test.MinimumValues)
            {
                _first.RemoveAt(0);
            }

            return null;
        }

        double[] known = [.. _first.Where(one => one > 0).Order()];
        double[] first = [.. _first.Select(one => Math.Min(one, MostOfTypical * known[known.Length / 2]))];
        _usual = first.Average();
        double? found = null;
        foreach (var one in first)
        {
            found ??= Step(one);
        }

        _first.Clear();
        return found;
    }

    private double? Step(double size)
    {
        if (!_run.Observe(Math.Min(size / _usual, MostUsual)))
        {
            return null;
        }

        var excess = _run.Excess;
        (_run, _usual) = (test.Start(), 0);
        return excess;
    }
}
