using System.Buffers.Binary;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>A mono sound with 16 bits a sample, as it stands in a RIFF WAVE file.</summary>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="Samples">The samples, -32768 to 32767.</param>
public sealed record WaveSound(int SampleRate, short[] Samples)
{
    private const int PulseCodeModulation = 1;

    /// <summary>Parses a RIFF WAVE file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">Its name, for error messages.</param>
    /// <exception cref="DataFormatException">It is cut, or anything but uncompressed mono of 16 bits.</exception>
    public static WaveSound Parse(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.Length < 12 || !bytes[..4].SequenceEqual("RIFF"u8) || !bytes[8..12].SequenceEqual("WAVE"u8))
        {
            throw new DataFormatException($"{name} is no RIFF WAVE file.");
        }

        var rate = 0;
        for (var rest = bytes[12..]; rest.Length >= 8;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (length > rest.Length - 8)
            {
                throw new DataFormatException($"{name} is cut: a chunk of {length} bytes has {rest.Length - 8}.");
            }

            var chunk = rest.Slice(8, (int)length);
            if (rest[..4].SequenceEqual("fmt "u8) && chunk.Length >= 16)
            {
                var format = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
                var channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
                var bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
                rate = BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]);
                if (format != PulseCodeModulation || channels != 1 || bits != 16 || rate < 1)
                {
                    throw new DataFormatException(
                        $"{name} has format {format}, {channels} channels and {bits} bits; only uncompressed mono of 16 bits is read.");
                }
            }
            else if (rest[..4].SequenceEqual("data"u8) && rate > 0)
            {
                var samples = new short[chunk.Length / 2];
                for (var index = 0; index < samples.Length; index++)
                {
                    samples[index] = BinaryPrimitives.ReadInt16LittleEndian(chunk[(2 * index)..]);
                }

                return new WaveSound(rate, samples);
            }

            rest = rest[Math.Min(rest.Length, 8 + (int)length + ((int)length & 1))..];
        }

        throw new DataFormatException($"{name} has no samples, or they stand before their format.");
    }
}
