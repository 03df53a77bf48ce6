using System.Globalization;

namespace Sequence.Cli;

/// <summary>Progress for another program: lines "progress SHARE" on standard error, one for each hundredth that is done.</summary>
internal sealed class ProgressLines : IProgress<double>
{
    private int _last = -1;

    public void Report(double value)
    {
        var hundredth = (int)(100 * Math.Clamp(value, 0, 1));
        if (hundredth > _last)
        {
            _last = hundredth;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"progress {hundredth / 100.0:F2}"));
        }
    }
}
