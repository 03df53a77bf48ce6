using System.Buffers.Binary;
using System.Text;

namespace Sequence.Torch;

/// <summary>
/// Makes one needed symbol version of a 64-bit little-endian ELF library weak, so that the dynamic loader accepts a machine
/// whose library lacks it.
/// </summary>
/// <remarks>
/// Layout after the System V ABI and the Linux Standard Base, "Symbol Versioning": section .gnu.version_r is a list of
/// Elf64_Verneed (one a library), each heading a list of Elf64_Vernaux (one a version), and .gnu.version gives each dynamic
/// symbol the index of its version.
/// </remarks>
internal static class ElfSymbolVersion
{
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;
    private const int NeedSize = 16;
    private const uint DynamicSymbols = 11;
    private const uint VersionNeeds = 0x6ffffffe;
    private const uint VersionOfSymbols = 0x6fffffff;
    private const ushort WeakFlag = 2;
    private const ushort IndexMask = 0x7fff;

    /// <summary>A copy of <paramref name="image"/> in which <paramref name="version"/> of <paramref name="library"/> is weak.</summary>
    /// <param name="image">The whole library file.</param>
    /// <param name="library">The needed library, such as "libstdc++.so.6".</param>
    /// <param name="version">The version to make weak, such as "GLIBCXX_3.4.32".</param>
    /// <param name="onlySymbol">The single symbol that may carry that version. Any other means the patch would hide a real need.</param>
    /// <exception cref="InvalidDataException">The image is not such a library, or is damaged, or needs the version for more.</exception>
    internal static byte[] MakeWeak(ReadOnlySpan<byte> image, string library, string version, string onlySymbol)
    {
        ReadOnlySpan<byte> elf64LittleEndian = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];
        if (image.Length < HeaderSize || !image.StartsWith(elf64LittleEndian))
        {
            throw new InvalidDataException("not a 64-bit little-endian ELF file");
        }

        var needs = FindSection(image, VersionNeeds);
        var (entry, index) = FindVersion(image, needs, library, version);
        RefuseOtherSymbols(image, index, version, onlySymbol);

        var patched = image.ToArray();
        var flags = ReadUInt16(image, entry + 4);
        BinaryPrimitives.WriteUInt16LittleEndian(patched.AsSpan(checked((int)(entry + 4))), (ushort)(flags | WeakFlag));
        return patched;
    }

    private static (long Entry, ushort Index) FindVersion(ReadOnlySpan<byte> image, Section needs, string library, string version)
    {
        var names = SectionAt(image, needs.Link);
        var need = needs.Offset;
        for (uint i = 0; i < needs.Info; i++)
        {
            var count = ReadUInt16(image, need + 2);
            if (NameIs(image, names, ReadUInt32(image, need + 4), library))
            {
                var entry = need + ReadUInt32(image, need + 8);
                for (var j = 0; j < count; j++)
                {
                    if (NameIs(image, names, ReadUInt32(image, entry + 8), version))
                    {
                        return (entry, (ushort)(ReadUInt16(image, entry + 6) & IndexMask));
                    }

                    var toNextEntry = ReadUInt32(image, entry + 12);
                    if (toNextEntry < NeedSize)
                    {
                        break;
                    }

                    entry += toNextEntry;
                }
            }

            var toNext = ReadUInt32(image, need + 12);
            if (toNext < NeedSize)
            {
                break;
            }

            need += toNext;
        }

        throw new InvalidDataException($"no need of {version} of {library}");
    }

    private static void RefuseOtherSymbols(ReadOnlySpan<byte> image, ushort index, string version, string onlySymbol)
    {
        var versions = FindSection(image, VersionOfSymbols);
        var symbols = FindSection(image, DynamicSymbols);
        var names = SectionAt(image, symbols.Link);
        for (long i = 0; i < versions.Size / 2; i++)
        {
            if ((ReadUInt16(image, versions.Offset + (2 * i)) & IndexMask) == index
                && !NameIs(image, names, ReadUInt32(image, symbols.Offset + (SymbolSize * i)), onlySymbol))
            {
                throw new InvalidDataException($"{version} is needed by more than {onlySymbol}");
            }
        }
    }

    private static Section FindSection(ReadOnlySpan<byte> image, uint type)
    {
        var count = ReadUInt16(image, 60);
        for (uint i = 0; i < count; i++)
        {
            var section = SectionAt(image, i);
            if (section.Type == type)
            {
                return section;
            }
        }

        throw new InvalidDataException($"no section of type 0x{type:x}");
    }

    private static Section SectionAt(ReadOnlySpan<byte> image, uint index)
    {
        var count = ReadUInt16(image, 60);
        if (index >= count || ReadUInt16(image, 58) != SectionHeaderSize)
        {
            throw new InvalidDataException("damaged section table");
        }

        var at = ReadInt64(image, 40);
        if (at < 0 || at > image.Length - (count * SectionHeaderSize))
        {
            throw new InvalidDataException("damaged section table");
        }

        at += (long)index * SectionHeaderSize;
        var section = new Section(
            ReadUInt32(image, at + 4),
            ReadInt64(image, at + 24),
            ReadInt64(image, at + 32),
            ReadUInt32(image, at + 40),
            ReadUInt32(image, at + 44));
        // Sections without bytes in the file (.bss) may point anywhere; the ones read here may not.
        const uint NoBits = 8;
        if (section.Type != NoBits
            && (section.Offset < 0 || section.Size < 0 || section.Offset > image.Length || section.Size > image.Length - section.Offset))
        {
            throw new InvalidDataException("a section lies outside the file");
        }

        return section;
    }

    private static bool NameIs(ReadOnlySpan<byte> image, Section names, uint offset, string expected)
    {
        if (offset >= names.Size)
        {
            throw new InvalidDataException("a name lies outside its table");
        }

        var text = image.Slice((int)(names.Offset + offset), (int)(names.Size - offset));
        var end = text.IndexOf((byte)0);
        return end >= 0 && Encoding.UTF8.GetBytes(expected).AsSpan().SequenceEqual(text[..end]);
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> image, long offset) =>
        BinaryPrimitives.ReadUInt16LittleEndian(Read(image, offset, sizeof(ushort)));

    private static uint ReadUInt32(ReadOnlySpan<byte> image, long offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(Read(image, offset, sizeof(uint)));

    private static long ReadInt64(ReadOnlySpan<byte> image, long offset) =>
        BinaryPrimitives.ReadInt64LittleEndian(Read(image, offset, sizeof(long)));

    private static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> image, long offset, int size) =>
        offset >= 0 && offset <= image.Length - size
            ? image.Slice((int)offset, size)
            : throw new InvalidDataException($"an entry at byte {offset} lies outside the file of {image.Length} bytes");

    private readonly record struct Section(uint Type, long Offset, long Size, uint Link, uint Info);
}
