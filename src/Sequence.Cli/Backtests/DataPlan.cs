using Sequence.Backtesting;
using Sequence.Data;
using Sequence.Data.Csv;
using Sequence.Datasets;

namespace Sequence.Cli.Backtests;

/// <summary>The section "data": which bars to trade over.</summary>
internal sealed record DataPlan
{
    private const string DailyIndex = "daily-index";

    public required IReadOnlyList<string> Files { get; init; }

    public required BarReaderOptions Columns { get; init; }

    public required bool CloseOnly { get; init; }

    public required IReadOnlyList<string> Assets { get; init; }

    public required DateTimeOffset? From { get; init; }

    public required DateTimeOffset? To { get; init; }

    public required IReadOnlyList<Split> Splits { get; init; }

    public required IReadOnlyList<Dividend> Dividends { get; init; }

    private Frequency? Frequency { get; init; }

    public static DataPlan Read(ConfigObject section, string folder)
    {
        var sample = section.Has("sample") ? section.Choice("sample", DailyIndex) : null;
        var files = section.Texts("files");
        if (files.Count == 0 && sample is null)
        {
            section.Require(false, "files", "is missing; give a file of bars or a list of them, or a sample.");
        }
        else if (files.Count > 0 && sample is not null)
        {
            section.Require(false, "sample", "is given beside files; give one of them.");
        }

        string[] paths = [.. files.Select(file => Path.GetFullPath(file, folder))];
        foreach (var missing in paths.Where(path => !File.Exists(path)))
        {
            section.Require(false, "files", $"has {missing}: there is no such file.");
        }

        var columns = section.SectionOrEmpty("columns");
        var frequency = section.Text("frequency");
        section.Require(
            frequency is null || Frequency.TryParse(frequency, out _),
            "frequency",
            $"is '{frequency}'; give for example B, D, H, 15min, W or M, or leave it out to infer it.");
        var plan = new DataPlan
        {
            Files = sample is null ? paths : [Samples.DailyIndexPath],
            Columns = new BarReaderOptions
            {
                Time = columns.Text("time"),
                Asset = columns.Text("asset"),
                Open = columns.Text("open"),
                High = columns.Text("high"),
                Low = columns.Text("low"),
                Close = columns.Text("close"),
                Volume = columns.Text("volume"),
                TimeFormat = section.Text("timeFormat"),
                DropIncomplete = section.Flag("dropIncomplete", false),
                Covariates = section.Texts("covariates"),
            },
            CloseOnly = section.Flag("closeOnly", sample is not null),
            Assets = section.Texts("assets"),
            From = section.Time("from"),
            To = section.Time("to"),
            Splits = [.. section.Sections("splits").Select(split => Action(split, "ratio")).OfType<(string Asset, DateTimeOffset Time, double Value)>()
                .Select(split => new Split(split.Asset, split.Time, split.Value))],
            Dividends = [.. section.Sections("dividends").Select(dividend => Action(dividend, "amount")).OfType<(string Asset, DateTimeOffset Time, double Value)>()
                .Select(dividend => new Dividend(dividend.Asset, dividend.Time, dividend.Value))],
            Frequency = Frequency.TryParse(frequency, out var parsed) ? parsed : null,
        };
        section.Require(!(plan.From > plan.To), "from", "lies after data.to.");
        columns.Close();
        section.Close();
        return plan;
    }

    /// <summary>Reads the bars.</summary>
    /// <exception cref="DataFormatException">A file is not what it should be; says file, line and what is wrong there.</exception>
    /// <exception cref="ConfigurationException">An asset is not there, or nothing is left.</exception>
    public Market ReadMarket(CancellationToken cancellationToken)
    {
        var all = new List<BarSeries>();
        foreach (var file in Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            all.AddRange(CloseOnly ? ReadCloses(file) : BarReader.ReadCsv(file, Columns));
        }

        var unknown = Assets.Where(asset => all.All(series => series.Asset != asset)).ToArray();
        ConfigurationException.ThrowIfAny([.. unknown.Select(asset =>
            $"data.assets has '{asset}', which the files do not; they have {string.Join(", ", all.Select(series => series.Asset).Take(10))}" +
            $"{(all.Count > 10 ? $" and {all.Count - 10} more" : string.Empty)}.{NearestName.Question(asset, all.Select(series => series.Asset))}")]);
        BarSeries[] chosen = [.. (Assets.Count == 0 ? all : Assets.Select(asset => all.First(series => series.Asset == asset))).Select(Cut)];
        if (chosen.All(series => series.Length == 0))
        {
            throw new ConfigurationException("data.from and data.to leave no bar; widen them.");
        }

        return new Market(chosen, Splits, Dividends);
    }

    /// <summary>Spacing of the bars: as given, or as the bars have it.</summary>
    /// <exception cref="DataFormatException">The bars have no regular spacing.</exception>
    public Frequency FrequencyOf(Market market) => Frequency is { } given
        ? FrequencyInference.Check(given, market.Times.Span)
        : FrequencyInference.Infer(market.Times.Span);

    private static (string Asset, DateTimeOffset Time, double Value)? Action(ConfigObject action, string value)
    {
        var (asset, time, number) = (action.Text("asset"), action.Time("time"), action.Number(value));
        foreach (var key in new[] { "asset", "time", value }.Where(key => !action.Has(key)))
        {
            action.Require(false, key, "is missing.");
        }

        action.Close();
        return asset is not null && time is { } known && number is { } given ? (asset, known, given) : null;
    }

    private BarSeries Cut(BarSeries series)
    {
        var times = series.Times.Span;
        var (start, end) = (0, times.Length);
        while (start < end && times[start] < From)
        {
            start++;
        }

        while (end > start && times[end - 1] > To)
        {
            end--;
        }

        return start == 0 && end == times.Length ? series : series.Slice(start, end - start);
    }

    private IEnumerable<BarSeries> ReadCloses(string file)
    {
        var header = CsvSeriesReader.ReadHeader(file);
        string Find(string name) => header.FirstOrDefault(column => column.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;
        var close = Columns.Close ?? Find("close");
        foreach (var series in CsvSeriesReader.ReadUneven(
            file, new CsvSeriesOptions { Timestamp = Columns.Time, TimestampFormat = Columns.TimeFormat, Id = Columns.Asset, Target = close, PastCovariates = Columns.Covariates }))
        {
            var kept = Enumerable.Range(0, series.Timestamps.Length).Where(row => !Columns.DropIncomplete || !double.IsNaN(series.Columns[close][row])).ToArray();
            foreach (var row in kept)
            {
                if (series.Columns[close][row] is not (> 0 and < double.PositiveInfinity))
                {
                    throw new DataFormatException(
                        $"The {close} at {series.Timestamps[row]:u} is {series.Columns[close][row]}; prices are positive.", file, series.Lines[row]);
                }
            }

            ReadOnlyMemory<double> Column(string name) => Array.ConvertAll(kept, row => series.Columns[name][row]);
            var closes = Column(close);
            yield return new BarSeries(
                Columns.Asset is null ? Path.GetFileName(file).Split('.')[0] : series.Id,
                Array.ConvertAll(kept, row => series.Timestamps[row]),
                closes,
                closes,
                closes,
                closes,
                default,
                Columns.Covariates.ToDictionary(name => name, Column, StringComparer.Ordinal));
        }
    }
}
