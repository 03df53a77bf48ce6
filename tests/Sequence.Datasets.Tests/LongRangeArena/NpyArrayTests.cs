using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Sequence.Data;

namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class NpyArrayTests
{
    [TestMethod]
    [DataRow("|b1", "01 00 02", "True,False,True")]
    [DataRow("|i1", "01 FF 80", "1,-1,-128")]
    [DataRow("|u1", "01 FF 80", "1,255,128")]
    [DataRow("<i2", "01 00 FE FF 00 80", "1,-2,-32768")]
    [DataRow("<u2", "01 00 FE FF 00 80", "1,65534,32768")]
    [DataRow("<i4", "01 00 00 00 FE FF FF FF 00 00 00 80", "1,-2,-2147483648")]
    [DataRow("<u4", "01 00 00 00 FE FF FF FF 00 00 00 80", "1,4294967294,2147483648")]
    [DataRow("<i8", "01 00 00 00 00 00 00 00 FF FF FF FF FF FF FF FF 00 00 00 00 00 00 00 80", "1,-1,-9223372036854775808")]
    [DataRow("<u8", "01 00 00 00 00 00 00 00 FF FF FF FF FF FF FF FF 00 00 00 00 00 00 00 80", "1,18446744073709551615,9223372036854775808")]
    [DataRow("<f2", "00 3C 00 C0 00 38", "1,-2,0.5")]
    [DataRow("<f4", "00 00 80 3F 00 00 00 C0 00 00 00 3F", "1,-2,0.5")]
    [DataRow("<f8", "00 00 00 00 00 00 F0 3F 00 00 00 00 00 00 00 C0 00 00 00 00 00 00 E0 3F", "1,-2,0.5")]
    [DataRow("|S2", "61 62 63 00 00 00", "ab,c,")]
    [DataRow("<U2", "61 00 00 00 E9 00 00 00 00 F6 01 00 00 00 00 00 00 00 00 00 00 00 00 00", "aé,\U0001F600,")]
    public void Array_OfEveryType_IsRead(string type, string bytes, string expected)
    {
        foreach (var version in new[] { 1, 2, 3 })
        {
            var array = NpyArray.Parse(File(type, "(3,)", Convert.FromHexString(bytes.Replace(" ", string.Empty, StringComparison.Ordinal)), version), "a");
            CollectionAssert.AreEqual(new[] { 3 }, array.Shape.ToArray());
            Assert.AreEqual(type, array.ElementType);
            Assert.AreEqual(expected, string.Join(',', array.ToText()));
        }
    }

    [TestMethod]
    public void Array_OfTwoAxesOrNone_HasItsShape()
    {
        var matrix = NpyArray.Parse(File("|u1", "(2, 3)", [1, 2, 3, 4, 5, 6]), "a");
        CollectionAssert.AreEqual(new[] { 2, 3 }, matrix.Shape.ToArray());
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 4, 5, 6 }, (byte[])matrix.Values);
        var single = NpyArray.Parse(File("|u1", "()", [9]), "a");
        Assert.IsEmpty(single.Shape);
        CollectionAssert.AreEqual(new byte[] { 9 }, (byte[])single.Values);
        Assert.IsEmpty(NpyArray.Parse(File("<f8", "(0, 4)", []), "a").ToText());
    }

    [TestMethod]
    public void Array_CutAtAnyLengthOrTooLong_IsRefused()
    {
        using var folder = new TemporaryFolder();
        foreach (var version in new[] { 1, 2 })
        {
            var whole = File("<i4", "(2,)", [1, 0, 0, 0, 2, 0, 0, 0], version);
            for (var length = 0; length < whole.Length; length++)
            {
                System.IO.File.WriteAllBytes(folder["cut.npy"], whole[..length]);
                Assert.StartsWith(
                    folder["cut.npy"], Assert.ThrowsExactly<DataFormatException>(() => NpyArray.Read(folder["cut.npy"])).Message);
            }

            Assert.ThrowsExactly<DataFormatException>(() => NpyArray.Parse([.. whole, 0], "long"));
        }

        Assert.ThrowsExactly<DataFormatException>(() => NpyArray.Read(folder["missing.npy"]));
    }

    [TestMethod]
    [DataRow(">i4", "(1,)", "type '>i4'")]
    [DataRow("|O", "(1,)", "type '|O'")]
    [DataRow("<U99999999999", "(1,)", "type '<U9")]
    [DataRow("<U2000000000", "(2000000000,)", "should hold 2000000000 elements")]
    [DataRow("|u1", "(70000, 70000)", "cannot be held")]
    [DataRow("|u1", "(-1,)", "cannot be understood")]
    public void Array_OfAKindThatIsNotRead_IsRefusedByName(string type, string shape, string reason) =>
        Assert.Contains(reason, Assert.ThrowsExactly<DataFormatException>(() => NpyArray.Parse(File(type, shape, [0, 0, 0, 0]), "a")).Message);

    [TestMethod]
    public void Array_ByColumnsOrOfANewerVersion_IsRefused()
    {
        var columns = File("|u1", "(2, 2)", [1, 2, 3, 4], order: "True");
        Assert.Contains("column-major", Assert.ThrowsExactly<DataFormatException>(() => NpyArray.Parse(columns, "a")).Message);
        var newer = File("|u1", "(2, 2)", [1, 2, 3, 4]);
        newer[6] = 4;
        Assert.Contains("version 4", Assert.ThrowsExactly<DataFormatException>(() => NpyArray.Parse(newer, "a")).Message);
    }

    /// <summary>What numpy.save writes: the header padded with blanks so that the elements begin at a multiple of 64.</summary>
    internal static byte[] File(string type, string shape, byte[] elements, int version = 1, string order = "False")
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '{type}', 'fortran_order': {order}, 'shape': {shape}, }}");
        var before = version == 1 ? 10 : 12;
        var length = ((before + text.Length + 1 + 63) / 64 * 64) - before;
        var prefix = new byte[before];
        ((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', (byte)version, 0]).CopyTo(prefix);
        BinaryPrimitives.WriteUInt16LittleEndian(prefix.AsSpan(8), (ushort)length);
        return [.. prefix, .. Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n"), .. elements];
    }
}
