namespace Sequence.Data.Tests.Support;

internal static class Sample
{
    public static readonly DateTimeOffset Monday = Utc(2024, 1, 1);

    public static DateTimeOffset Utc(int year, int month, int day, int hour = 0, int minute = 0, int second = 0) =>
        new(year, month, day, hour, minute, second, TimeSpan.Zero);

    public static DateTimeOffset[] Grid(Frequency frequency, DateTimeOffset start, int rows) =>
        [.. Enumerable.Range(0, rows).Select(row => frequency.Add(start, row))];

    public static TimeSeries Daily(params double[] values)
    {
        var frequency = new Frequency(FrequencyUnit.Day);
        return new TimeSeries("y", frequency, Grid(frequency, Monday, values.Length), values);
    }
}
