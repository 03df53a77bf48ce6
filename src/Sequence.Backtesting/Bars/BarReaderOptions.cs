namespace Sequence.Backtesting;

/// <summary>Which columns of a file are what of a bar. A name left out is found in any case.</summary>
public sealed record BarReaderOptions
{
    /// <summary>Column of times.</summary>
    /// <value>Default: null: date, time, timestamp, datetime or ds.</value>
    public string? Time { get; init; }

    /// <summary>Column of symbols, for a file of several assets.</summary>
    /// <value>Default: null: asset, symbol, ticker or name; without one the file is one asset, called by the file's name.</value>
    public string? Asset { get; init; }

    /// <summary>Column of first prices.</summary>
    /// <value>Default: null: open.</value>
    public string? Open { get; init; }

    /// <summary>Column of highest prices.</summary>
    /// <value>Default: null: high.</value>
    public string? High { get; init; }

    /// <summary>Column of lowest prices.</summary>
    /// <value>Default: null: low.</value>
    public string? Low { get; init; }

    /// <summary>Column of last prices.</summary>
    /// <value>Default: null: close.</value>
    public string? Close { get; init; }

    /// <summary>Column of volumes.</summary>
    /// <value>Default: null: volume where there is one.</value>
    public string? Volume { get; init; }

    /// <summary>Further columns to keep, known at each bar's close.</summary>
    public IReadOnlyList<string> Covariates { get; init; } = [];

    /// <summary>Whether a bar with an empty price is left out, rather than an error.</summary>
    /// <value>Default: false.</value>
    public bool DropIncomplete { get; init; }

    /// <summary>Format of the times in .NET notation.</summary>
    /// <value>Default: null: the usual ones.</value>
    public string? TimeFormat { get; init; }
}
