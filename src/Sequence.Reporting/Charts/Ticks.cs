using System.Globalization;

namespace Sequence.Reporting;

/// <summary>Round places on an axis.</summary>
internal static class Ticks
{
    private const double LargestPlain = 1e7;
    private const double SmallestPlain = 1e-5;
    private const int Day = 86_400;

    private static readonly int[] RoundFactors = [1, 2, 5, 10];

    private static readonly int[] SecondSteps =
    [
        1, 5, 15, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, Day, 2 * Day, 7 * Day, 14 * Day,
    ];

    private static readonly int[] MonthSteps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000];

    /// <summary>Multiples of 1, 2 or 5 times a power of ten.</summary>
    /// <param name="range">What the axis spans.</param>
    /// <param name="most">How many there is room for.</param>
    /// <param name="leastStep">Smallest distance between two.</param>
    public static Tick[] Numbers(ValueRange range, int most, double leastStep = 0)
    {
        var raw = Math.Max(leastStep, 2 * (range.HalfWidth / Math.Max(most, 1)));
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = RoundFactors.Select(factor => factor * power).First(candidate => candidate >= raw * 0.999);
        var first = Math.Ceiling(range.Low / step);
        var ticks = new List<double>();
        for (var index = 0; index <= most + 1; index++)
        {
            var value = (first + index) * step;
            if (!(value <= range.High))
            {
                break;
            }

            ticks.Add(value);
        }

        var size = Math.Max(Math.Abs(range.Low), Math.Abs(range.High));
        return [.. ticks.Select(value => new Tick(value, Label(value, step, size)))];
    }

    /// <summary>1, 2 and 5 times powers of ten, or as many of these as there is room for; plain round numbers within a decade.</summary>
    /// <param name="range">Decimal logarithms of what the axis spans.</param>
    /// <param name="most">How many there is room for.</param>
    public static Tick[] Powers(ValueRange range, int most)
    {
        for (var stride = 0; stride <= 640; stride = Math.Max(1, 2 * stride))
        {
            double[] factors = stride == 0 ? [1, 2, 5] : [1];
            var step = Math.Max(stride, 1);
            var values = new List<double>();
            for (var power = (int)Math.Floor(range.Low / step) * step; power <= range.High; power += step)
            {
                values.AddRange(factors.Select(factor => factor * Math.Pow(10, power))
                    .Where(value => Math.Log10(value) >= range.Low && Math.Log10(value) <= range.High));
            }

            if (stride == 0 && values.Count < 3)
            {
                var linear = new ValueRange(Math.Pow(10, range.Low), Math.Min(Math.Pow(10, range.High), double.MaxValue));
                return [.. Numbers(linear, most).Where(tick => tick.Value > 0)];
            }

            if (values.Count <= most)
            {
                return [.. values.Select(value => new Tick(value, PowerLabel(value)))];
            }
        }

        return [];

        static string PowerLabel(double value) => value.ToString(
            value is >= LargestPlain or < SmallestPlain ? "0.#e0" : "#,0.######", CultureInfo.InvariantCulture);
    }

    /// <summary>Whole minutes, hours, days, months or years.</summary>
    /// <param name="range">Seconds since 1970.</param>
    /// <param name="room">How many labels of this many letters there is room for.</param>
    public static Tick[] Times(ValueRange range, Func<int, int> room)
    {
        var span = range.High - range.Low;
        var low = Time(range.Low);
        var high = Time(range.High);
        foreach (var step in SecondSteps)
        {
            var format = step >= Day ? "yyyy-MM-dd" : span > Day ? "MM-dd HH:mm" : step >= 60 ? "HH:mm" : "HH:mm:ss";
            var most = room(format.Length);
            if (span / step <= most)
            {
                // 1970-01-05 was a Monday: weeks start there.
                var offset = step >= 7 * Day ? 4 * Day : 0;
                var first = (Math.Ceiling((range.Low - offset) / step) * step) + offset;
                return
                [
                    .. Enumerable.Range(0, most + 2).Select(index => first + ((double)index * step))
                        .Where(value => value <= range.High)
                        .Select(value => new Tick(value, Time(value).ToString(format, CultureInfo.InvariantCulture))),
                ];
            }
        }

        var months = ((high.Year - low.Year) * 12) + high.Month - low.Month;
        var monthStep = MonthSteps.FirstOrDefault(step => months / step < room(MonthFormat(step).Length), MonthSteps[^1]);
        var ticks = new List<Tick>();
        for (var month = (((low.Year * 12) + low.Month - 1) / monthStep) * monthStep; month < 9999 * 12; month += monthStep)
        {
            if (month < 12)
            {
                continue;
            }

            var time = new DateTimeOffset(month / 12, (month % 12) + 1, 1, 0, 0, 0, TimeSpan.Zero);
            if (time > high)
            {
                break;
            }

            if (time >= low)
            {
                ticks.Add(new Tick(
                    time.ToUnixTimeSeconds(), time.ToString(MonthFormat(monthStep), CultureInfo.InvariantCulture)));
            }
        }

        return [.. ticks];

        static string MonthFormat(int step) => step >= 12 ? "yyyy" : "yyyy-MM";
    }

    private static DateTimeOffset Time(double seconds) => DateTimeOffset.FromUnixTimeSeconds((long)Math.Clamp(
        seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds()));

    private static string Label(double value, double step, double size)
    {
        if (size >= LargestPlain || size < SmallestPlain || step < SmallestPlain)
        {
            var digits = (int)Math.Clamp(Math.Floor(Math.Log10(size)) - Math.Floor(Math.Log10(step)), 0, 12);
            return value == 0 ? "0" : value.ToString("0." + new string('#', digits) + "e0", CultureInfo.InvariantCulture);
        }

        var decimals = (int)Math.Clamp(-Math.Floor(Math.Log10(step)), 0, 6);
        return value.ToString("#,0." + new string('0', decimals), CultureInfo.InvariantCulture);
    }
}
