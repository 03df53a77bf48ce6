using System.Numerics;

namespace Sequence.Daemon.Storage.Sqlite;

/// <summary>
/// CRC-32C of a row of observations, kept beside it: SQLite notices when the order of a file is broken, but not when a disk
/// gives back another number.
/// </summary>
internal static class ObservationChecksum
{
    public static long Of(long series, long eventTime, long revision, double value, long known, long? number)
    {
        // SQLite keeps a whole number as one, which has no negative zero.
        var bits = BitConverter.DoubleToUInt64Bits(value + 0.0);
        var checksum = uint.MaxValue;
        foreach (var part in (ReadOnlySpan<ulong>)[(ulong)series, (ulong)eventTime, (ulong)revision, bits, (ulong)known, number is null ? 0UL : 1UL, (ulong)(number ?? 0)])
        {
            checksum = BitOperations.Crc32C(checksum, part);
        }

        return checksum;
    }
}
