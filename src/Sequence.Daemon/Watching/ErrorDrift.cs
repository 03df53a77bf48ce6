using Sequence.Forecasting;

namespace Sequence.Daemon.Watching;

/// <summary>
/// Page-Hinkley along absolute errors, divided by the mean of the first of them. After a finding it begins anew, so that one rise is
/// found once.
/// </summary>
internal sealed class ErrorDrift(PageHinkley test)
{
    private readonly List<double> _first = [];
    private PageHinkleyRun _run = test.Start();
    private double _usual;

    /// <summary>Errors taken since it began.</summary>
    public int Count => _usual > 0 ? _run.Count : _first.Count;

    /// <summary>How far the sum stands above its minimum, in usual errors.</summary>
    public double Excess => _run.Excess;

    /// <summary>Takes the next error.</summary>
    /// <returns>The excess when the errors have grown; otherwise null.</returns>
    public double? Observe(double error)
    {
        if (_usual > 0)
        {
            return Step(error);
        }

        // Errors of exactly 0 give no measure of what is usual; wait for one that does.
        _first.Add(Math.Abs(error));
        if (_first.Count < test.MinimumValues || _first.Max() == 0)
        {
            if (_first.Count > test.MinimumValues)
            {
                _first.RemoveAt(0);
            }

            return null;
        }

        _usual = _first.Average();
        double? found = null;
        foreach (var one in _first)
        {
            found ??= Step(one);
        }

        _first.Clear();
        return found;
    }

    private double? Step(double error)
    {
        if (!_run.Observe(Math.Abs(error) / _usual))
        {
            return null;
        }

        var excess = _run.Excess;
        (_run, _usual) = (test.Start(), 0);
        return excess;
    }
}
