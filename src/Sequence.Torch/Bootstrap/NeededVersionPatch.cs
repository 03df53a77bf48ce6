using System.Buffers.Binary;
using System.Text;

namespace Sequence.Torch;

/// <summary>
/// Marks one needed symbol version of an ELF64 library as weak, so that the dynamic loader accepts a system library that
/// lacks it.
/// </summary>
/// <remarks>
/// TorchSharp's native half asks libstdc++ for GLIBCXX_3.4.32 (GCC 13.2), which Debian 12 and Ubuntu 22.04 lack. The one
/// symbol that carries this version, _ZSt21ios_base_library_initv, is used by no relocation, so nothing is missing at run
/// time. See the ELF gABI, "Symbol versioning": vna_flags bit 1 is VER_FLG_WEAK.
/// </remarks>
internal static class NeededVersionPatch
{
    private const uint VersionNeedSection = 0x6FFFFFFE;
    private const int SectionHeaderSize = 64;
    private const ushort Weak = 2;

    /// <summary>Sets the weak flag on every need of this version, in place.</summary>
    /// <returns>How many needs were marked; 0 when the library does not ask for the version.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a whole little-endian ELF64 file.</exception>
    public static int Apply(Span<byte> elf, string version)
    {
        if (elf.Length < 64 || !elf[..6].SequenceEqual((ReadOnlySpan<byte>)[0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            throw new InvalidDataException("not a little-endian ELF64 file");
        }

        var sections = Offset(BinaryPrimitives.ReadUInt64LittleEndian(elf[40..]), elf.Length);
        var headerSize = BinaryPrimitives.ReadUInt16LittleEndian(elf[58..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(elf[60..]);
        if (headerSize != SectionHeaderSize)
        {
            throw new InvalidDataException($"section headers of {headerSize} bytes, expected {SectionHeaderSize}");
        }

        var marked = 0;
        for (var index = 0; index < count; index++)
        {
            var header = Slice(elf, sections + ((long)index * SectionHeaderSize), SectionHeaderSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != VersionNeedSection)
            {
                continue;
            }

            var needs = Contents(elf, header);
            var link = BinaryPrimitives.ReadUInt32LittleEndian(header[40..]);
            var names = Contents(elf, Slice(elf, sections + (link * (long)SectionHeaderSize), SectionHeaderSize));
            marked += MarkNeeds(needs, names, Encoding.ASCII.GetBytes(version));
        }

        return marked;
    }

    private static int MarkNeeds(Span<byte> needs, ReadOnlySpan<byte> names, ReadOnlySpan<byte> version)
    {
        var marked = 0;
        for (long need = 0; ;)
        {
            var entry = Slice(needs, need, 16);
            var auxiliaries = BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]);
            var auxiliary = need + BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]);
            for (var left = auxiliaries; left > 0; left--)
            {
                var record = Slice(needs, auxiliary, 16);
                if (NameEquals(names, BinaryPrimitives.ReadUInt32LittleEndian(record[8..]), version))
                {
                    var flags = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);
                    BinaryPrimitives.WriteUInt16LittleEndian(record[4..], (ushort)(flags | Weak));
                    marked++;
                }

                auxiliary += BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
            }

            var next = BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]);
            if (next == 0)
            {
                return marked;
            }

            // Offsets only grow, so a corrupt file cannot make this loop forever.
            need += next;
        }
    }

    private static bool NameEquals(ReadOnlySpan<byte> names, uint offset, ReadOnlySpan<byte> version) =>
        offset + (long)version.Length < names.Length &&
        names.Slice((int)offset, version.Length).SequenceEqual(version) &&
        names[(int)offset + version.Length] == 0;

    private static Span<byte> Contents(Span<byte> elf, ReadOnlySpan<byte> header) => Slice(
        elf,
        Offset(BinaryPrimitives.ReadUInt64LittleEndian(header[24..]), elf.Length),
        Offset(BinaryPrimitives.ReadUInt64LittleEndian(header[32..]), elf.Length));

    private static long Offset(ulong value, int length) => value <= (ulong)length
        ? (long)value
        : throw new InvalidDataException($"offset {value} lies outside the {length} bytes");

    private static Span<byte> Slice(Span<byte> bytes, long start, long length) =>
        start >= 0 && length >= 0 && start + length <= bytes.Length
            ? bytes.Slice((int)start, (int)length)
            : throw new InvalidDataException($"bytes {start} to {start + length} lie outside the {bytes.Length} there are");
}
