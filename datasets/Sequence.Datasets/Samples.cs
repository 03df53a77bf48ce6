namespace Sequence.Datasets;

/// <summary>The series that are shipped beside the application, so that a first run needs no network.</summary>
public static class Samples
{
    /// <summary>Seed of the daily index.</summary>
    public const ulong DailyIndexSeed = 20190101;

    /// <summary>
    /// The daily index (columns date and close): what <see cref="DailyIndexGenerator"/> makes of
    /// <see cref="DailyIndexSeed"/> with its default parameters.
    /// </summary>
    public static string DailyIndexPath => Path.Combine(AppContext.BaseDirectory, "samples", "daily-index.csv");
}
