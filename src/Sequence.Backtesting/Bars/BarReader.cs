using Sequence.Data;
using Sequence.Data.Csv;

namespace Sequence.Backtesting;

/// <summary>Reads bars from delimited text with a header, plain or compressed with gzip.</summary>
public static class BarReader
{
    private static readonly string[] AssetNames = ["asset", "symbol", "ticker", "name"];

    /// <summary>Reads every asset of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Columns; null finds them by their usual names.</param>
    /// <exception cref="DataFormatException">The file, the line and what is wrong there.</exception>
    public static IReadOnlyList<BarSeries> ReadCsv(string path, BarReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new BarReaderOptions();
        var header = CsvSeriesReader.ReadHeader(path);
        string? Find(string? given, params string[] names) =>
            given ?? header.FirstOrDefault(column => names.Contains(column, StringComparer.OrdinalIgnoreCase));
        string Require(string? given, string name) => Find(given, name) ?? throw new DataFormatException(
            $"There is no column '{name}' (in any case). There are: {string.Join(", ", header)}. Name the column of {name} prices.", path, 1);

        string[] prices =
            [Require(options.Open, "open"), Require(options.High, "high"), Require(options.Low, "low"), Require(options.Close, "close")];
        var volume = Find(options.Volume, "volume");
        var series = CsvSeriesReader.ReadUneven(path, new CsvSeriesOptions
        {
            Timestamp = options.Time,
            TimestampFormat = options.TimeFormat,
            Id = Find(options.Asset, AssetNames),
            Target = prices[3],
            PastCovariates = [.. prices[..3], .. volume is null ? [] : new[] { volume }, .. options.Covariates],
        });
        var named = Find(options.Asset, AssetNames) is not null;
        return [.. series.Select(one => ToBars(one, named ? one.Id : NameOf(path), prices, volume, options, path))];
    }

    private static string NameOf(string path)
    {
        var name = Path.GetFileName(path);
        var end = name.IndexOf('.', 1);
        return end < 0 ? name : name[..end];
    }

    private static BarSeries ToBars(
        UnevenSeries series, string asset, string[] prices, string? volume, BarReaderOptions options, string path)
    {
        string[] columns = [.. prices, .. volume is null ? [] : new[] { volume }];
        var kept = Enumerable.Range(0, series.Timestamps.Length)
            .Where(row => !options.DropIncomplete || columns.All(column => !double.IsNaN(series.Columns[column][row])))
            .ToArray();
        ReadOnlyMemory<double> Column(string name) => Array.ConvertAll(kept, row => series.Columns[name][row]);
        foreach (var row in kept)
        {
            var fault = BarCheck.Fault(
                series.Columns[prices[0]][row],
                series.Columns[prices[1]][row],
                series.Columns[prices[2]][row],
                series.Columns[prices[3]][row],
                volume is null ? 0 : series.Columns[volume][row]);
            if (fault is not null)
            {
                throw new DataFormatException($"The bar of '{asset}' at {series.Timestamps[row]:u} {fault}", path, series.Lines[row]);
            }
        }

        return kept.Length == 0
            ? throw new DataFormatException($"No bar of '{asset}' has all its prices.", path)
            : new BarSeries(
                asset,
                Array.ConvertAll(kept, row => series.Timestamps[row]),
                Column(prices[0]),
                Column(prices[1]),
                Column(prices[2]),
                Column(prices[3]),
                volume is null ? default : Column(volume),
                options.Covariates.ToDictionary(name => name, Column, StringComparer.Ordinal));
    }
}
