using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sequence.Backtesting;

/// <summary>
/// A SHA-256 over what decides a sweep's results as far as it can be seen: bars, parameters, options and the size of a part. The code of the
/// strategy cannot be.
/// </summary>
internal static class SweepFingerprint
{
    public static string Of(Market market, IReadOnlyList<ParameterSet> trials, BacktestOptions options, SweepOptions sweepOptions)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Text(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        void Numbers(ReadOnlySpan<double> values)
        {
            Text(values.Length.ToString(CultureInfo.InvariantCulture));
            hash.AppendData(MemoryMarshal.AsBytes(values));
        }

        Text("sweep 1");
        foreach (var series in market.Assets)
        {
            Text(series.Asset);
            foreach (var time in series.Times.Span)
            {
                Numbers([BitConverter.Int64BitsToDouble(time.UtcTicks)]);
            }

            Numbers(series.Open.Span);
            Numbers(series.High.Span);
            Numbers(series.Low.Span);
            Numbers(series.Close.Span);
            Numbers(series.Volume.Span);
            foreach (var (name, column) in series.Covariates.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                Text(name);
                Numbers(column.Span);
            }
        }

        foreach (var split in market.Splits)
        {
            Text(split.ToString());
        }

        foreach (var dividend in market.Dividends)
        {
            Text(dividend.ToString());
        }

        Text(options.ToString());
        Numbers(CostProbes(market, options));
        Text(sweepOptions.PartTrials.ToString(CultureInfo.InvariantCulture));
        foreach (var trial in trials)
        {
            Text(string.Join('\n', trial.Names));
            Numbers(trial.Values.ToArray());
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Costs of a few fills: the descriptions round, and two rates must not look alike.</summary>
    private static double[] CostProbes(Market market, BacktestOptions options)
    {
        var asset = market.Assets[0].Asset;
        var probes = new List<double>();
        foreach (var (size, traded, isFirst) in (ReadOnlySpan<(double, double, bool)>)[(1, 0, true), (-1000, 1e5, false), (1e6, 1e9, true)])
        {
            probes.Add(options.Commission.Charge(new CommissionContext(asset, size, 123.4, traded, isFirst)));
            probes.Add(options.Slippage.PerUnit(new SlippageContext(asset, 123.4, size, 1e7, 1e7, 0.01)));
        }

        return [.. probes];
    }
}
