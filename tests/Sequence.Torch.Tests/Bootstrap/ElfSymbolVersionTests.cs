using CsCheck;

namespace Sequence.Torch.Tests.Bootstrap;

[TestClass]
public sealed class ElfSymbolVersionTests
{
    // From `readelf -V` on the binding of torchsharp 0.107.0: section at 0x3f8f0, entry of the version 0x140 further, flags at 4.
    private const int SectionOffset = 0x3f8f0;
    private const int FlagsOffset = SectionOffset + 0x140 + 4;
    private const string Library = "libstdc++.so.6";
    private const string Version = "GLIBCXX_3.4.32";
    private const string Symbol = "_ZSt21ios_base_library_initv";

    private static readonly byte[] Image = File.ReadAllBytes(LibtorchLocator.FindBinding());

    [TestMethod]
    public void MakeWeak_Binding_SetsOneFlagAndNothingElse()
    {
        var patched = ElfSymbolVersion.MakeWeak(Image, Library, Version, Symbol);

        Assert.HasCount(Image.Length, patched);
        CollectionAssert.AreEqual(new[] { FlagsOffset }, Enumerable.Range(0, Image.Length).Where(i => Image[i] != patched[i]).ToArray());
        Assert.AreEqual(2, patched[FlagsOffset]);
    }

    [TestMethod]
    public void MakeWeak_Twice_ChangesNothingMore()
    {
        var once = ElfSymbolVersion.MakeWeak(Image, Library, Version, Symbol);

        CollectionAssert.AreEqual(once, ElfSymbolVersion.MakeWeak(once, Library, Version, Symbol));
    }

    [TestMethod]
    [DataRow("libstdc++.so.7", Version, Symbol)]
    [DataRow(Library, "GLIBCXX_3.4.99", Symbol)]
    [DataRow(Library, Version, "another")]
    [DataRow(Library, "GLIBCXX_3.4.30", Symbol)]
    public void MakeWeak_NotThatOneNeed_Throws(string library, string version, string symbol) =>
        Assert.ThrowsExactly<InvalidDataException>(() => ElfSymbolVersion.MakeWeak(Image, library, version, symbol));

    [TestMethod]
    public void MakeWeak_CutAnywhere_ThrowsTyped()
    {
        // The section table closes the file, so that no shorter file can be whole.
        var lengths = Enumerable.Range(0, 200).Concat(Enumerable.Range(1, 200).Select(i => Image.Length - i))
            .Concat(Enumerable.Range(0, 200).Select(i => (int)((long)Image.Length * i / 200)));
        foreach (var length in lengths)
        {
            Assert.ThrowsExactly<InvalidDataException>(
                () => ElfSymbolVersion.MakeWeak(Image.AsSpan(0, length), Library, Version, Symbol), $"{length} bytes");
        }
    }

    [TestMethod]
    public void MakeWeak_BytesOverwritten_PatchesOrThrowsTyped()
    {
        var tables = BitConverter.ToInt64(Image, 40);
        var offset = Gen.OneOf(
            Gen.Int[0, 63],
            Gen.Int[(int)tables, Image.Length - 9],
            Gen.Int[SectionOffset, SectionOffset + 0x210]);
        var damaged = (byte[])Image.Clone();
        Gen.Select(offset, Gen.ULong, Gen.Int[1, 8]).Sample(
            (at, value, size) =>
            {
                BitConverter.GetBytes(value).AsSpan(0, size).CopyTo(damaged.AsSpan(at));
                try
                {
                    return ElfSymbolVersion.MakeWeak(damaged, Library, Version, Symbol).Length == Image.Length;
                }
                catch (InvalidDataException)
                {
                    return true;
                }
                finally
                {
                    Image.AsSpan(at, 8).CopyTo(damaged.AsSpan(at));
                }
            },
            iter: 3000,
            threads: 1);
    }
}
