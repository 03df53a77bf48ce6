using System.Formats.Tar;
using System.IO.Compression;
using Sequence.Backtesting;

namespace Sequence.Benchmarks.Backtesting;

/// <summary>The markets of the trading study: the Shanghai composite up to 2022 and ten large stocks of the S&amp;P 500.</summary>
internal static class TradingStudyData
{
    private const string Index = "SSE";

    // Chosen before any result was seen: ten household names that trade through the whole file.
    private static readonly string[] Tickers = ["AAPL", "AMZN", "BAC", "GE", "IBM", "JNJ", "JPM", "KO", "MSFT", "XOM"];

    /// <summary>Bars by asset with the number of bars before the test part.</summary>
    internal static IReadOnlyList<(BarSeries Bars, int TrainBars)> Read(string mirror)
    {
        var index = BarReader.ReadCsv(
            Path.Combine(mirror, "stocks", "SSE_000001.SS_1997-07_2024-07.csv"), new BarReaderOptions { DropIncomplete = true }).Single();
        var from = Rows(index, new DateTimeOffset(2012, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var test = Rows(index, new DateTimeOffset(2022, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var to = Rows(index, new DateTimeOffset(2023, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var part = index.Slice(from, to - from);
        var markets = new List<(BarSeries, int)>
        {
            (new BarSeries(Index, part.Times, part.Open, part.High, part.Low, part.Close), test - from),
        };
        foreach (var bars in Stocks(Path.Combine(mirror, "stocks_sp500_5yr", "individual_stocks_5yr.tar.gz")))
        {
            markets.Add((bars, bars.Length - 252));
        }

        return markets;
    }

    private static BarSeries[] Stocks(string archive)
    {
        using var unpacked = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        using var tar = new TarReader(unpacked);
        var folder = Directory.CreateTempSubdirectory("sequence-study-");
        try
        {
            var stocks = new List<BarSeries>();
            while (tar.GetNextEntry() is { } entry)
            {
                var name = Path.GetFileName(entry.Name);
                if (Tickers.Contains(name.Split('_')[0], StringComparer.Ordinal) && name.EndsWith("_data.csv", StringComparison.Ordinal))
                {
                    var file = Path.Combine(folder.FullName, name);
                    entry.ExtractToFile(file, overwrite: true);
                    stocks.AddRange(BarReader.ReadCsv(file, new BarReaderOptions { DropIncomplete = true }));
                }
            }

            return stocks.OrderBy(bars => bars.Asset, StringComparer.Ordinal).ToArray();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int Rows(BarSeries bars, DateTimeOffset before)
    {
        var index = bars.Times.Span.BinarySearch(before);
        return index >= 0 ? index : ~index;
    }
}
