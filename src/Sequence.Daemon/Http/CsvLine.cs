namespace Sequence.Daemon.Http;

/// <summary>A line of a CSV file.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="Text">Its text, or the beginning of it.</param>
/// <param name="IsTooLong">Whether only the beginning was kept.</param>
internal readonly record struct CsvLine(long Number, string Text, bool IsTooLong)
{
    /// <summary>
    /// Its fields. No name, time or number holds a comma or a quote, so quotes round a field are taken off and mean nothing more: a
    /// stray one spoils its own line only.
    /// </summary>
    public string[] Fields() => [.. Text.Split(',').Select(field => field.Trim().Trim('"').Trim())];
}
