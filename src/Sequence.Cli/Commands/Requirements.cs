using Sequence.Data;

namespace Sequence.Cli.Commands;

/// <summary>What a command asks of its data before it begins.</summary>
internal static class Requirements
{
    /// <summary>Refuses a series in which nothing ever happens.</summary>
    /// <exception cref="DataFormatException">A series has one value throughout.</exception>
    public static void NotConstant(Panel panel)
    {
        foreach (var series in panel)
        {
            var values = series.Values.Span;
            if (values.Length > 0 && values.IndexOfAnyExcept(values[0]) < 0)
            {
                throw new DataFormatException(
                    $"Series '{series.Id}' is {values[0]} in all {values.Length} rows: there is nothing to learn from it. " +
                    "Choose another --target.");
            }
        }
    }

    /// <summary>Refuses series that one window of look-back and horizon does not fit into, before anything is computed.</summary>
    /// <exception cref="DataFormatException">A series is too short.</exception>
    public static void Rows(Panel panel, int lookBack, long horizon)
    {
        foreach (var series in panel.Where(series => series.Length < lookBack + horizon))
        {
            throw new DataFormatException(
                $"Series '{series.Id}' has {series.Length} rows; a look-back of {lookBack} and {horizon} steps ahead take at " +
                $"least {lookBack + horizon}. Give more rows, or a shorter --horizon or look-back.");
        }
    }

    /// <summary>The only series of a file.</summary>
    /// <exception cref="ConfigurationException">There are several.</exception>
    public static TimeSeries Single(Panel panel) => panel.Count == 1
        ? panel[0]
        : throw new ConfigurationException(
            $"The data hold {panel.Count} series; this command takes one. Leave out --id, or give a file with one series.");
}
