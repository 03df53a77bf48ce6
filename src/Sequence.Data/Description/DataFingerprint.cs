using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sequence.Data;

/// <summary>
/// A SHA-256 over what a model was trained on, so that a checkpoint can tell whether it meets the same data again.
/// </summary>
/// <remarks>
/// Hashed in order, numbers little-endian: a format version, then for each series its identifier, frequency code, rows, the
/// UTC ticks and the bits of every value (all NaN alike), then the covariates by name in ordinal order.
/// </remarks>
public static class DataFingerprint
{
    private const long FormatVersion = 1;

    /// <summary>The fingerprint of one series, 64 hexadecimal digits.</summary>
    public static string Compute(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Compute(new Panel([series]));
    }

    /// <summary>The fingerprint of a panel, 64 hexadecimal digits; the order of the series counts.</summary>
    public static string Compute(Panel panel)
    {
        ArgumentNullException.ThrowIfNull(panel);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, FormatVersion);
        Append(hash, panel.Count);
        foreach (var series in panel)
        {
            Append(hash, series.Id);
            Append(hash, series.Frequency.ToString());
            Append(hash, series.Length);
            foreach (var timestamp in series.Timestamps.Span)
            {
                Append(hash, timestamp.UtcTicks);
            }

            Append(hash, series.Values.Span);
            Append(hash, series.PastCovariates);
            Append(hash, series.FutureCovariates);
            Append(hash, series.StaticCovariates.ToDictionary(
                pair => pair.Key, pair => (ReadOnlyMemory<double>)new[] { pair.Value }, StringComparer.Ordinal));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, IReadOnlyDictionary<string, ReadOnlyMemory<double>> columns)
    {
        Append(hash, columns.Count);
        foreach (var (name, column) in columns.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Append(hash, name);
            Append(hash, column.Length);
            Append(hash, column.Span);
        }
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Append(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            Append(hash, BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value));
        }
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
