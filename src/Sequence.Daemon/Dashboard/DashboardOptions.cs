namespace Sequence.Daemon;

/// <summary>The pages for people.</summary>
public sealed record DashboardOptions
{
    /// <summary>Whether the pages at /dashboard are served.</summary>
    /// <value>Default: true.</value>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether the pages of the engine itself, the Orleans dashboard, are served at /orleans.</summary>
    /// <value>Default: false.</value>
    public bool Orleans { get; init; }
}
