namespace Sequence.Daemon.Configuration;

/// <summary>The options as they are now.</summary>
internal sealed class LiveOptions(DaemonOptions options)
{
    private volatile DaemonOptions _value = options;

    /// <summary>Told after a change.</summary>
    public event EventHandler? Changed;

    public DaemonOptions Value => _value;

    /// <summary>Takes what may change while the daemon runs.</summary>
    /// <returns>What changed, and what would have to be started anew for.</returns>
    public (IReadOnlyList<string> Taken, IReadOnlyList<string> ForRestart) Take(DaemonOptions options)
    {
        var (merged, taken, forRestart) = OptionTree.Merge(_value, options);
        _value = merged;
        if (taken.Count > 0)
        {
            Changed?.Invoke(this, EventArgs.Empty);
        }

        return (taken, forRestart);
    }
}
