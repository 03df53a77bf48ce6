using System.Formats.Tar;
using System.IO.Compression;
using Sequence.Data;

namespace Sequence.Datasets.Tests.Loaders;

[TestClass]
public sealed class LoaderTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("loaders").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void IdxArray_OfTwoByThree_IsRead()
    {
        var path = Write("small", [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255]);
        var array = IdxArray.Read(path);
        CollectionAssert.AreEqual(new[] { 2, 3 }, array.Shape.ToArray());
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 4, 5, 255 }, array.Values);
    }

    [TestMethod]
    public void IdxArray_CutAtAnyLength_IsRefused()
    {
        byte[] whole = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];
        for (var length = 0; length < whole.Length; length++)
        {
            var path = Write("cut", whole[..length]);
            Assert.Contains(path, Assert.ThrowsExactly<DataFormatException>(() => IdxArray.Read(path)).Message);
        }

        Assert.ThrowsExactly<DataFormatException>(() => IdxArray.Read(Path.Combine(_folder, "missing")));
        Assert.ThrowsExactly<DataFormatException>(() => IdxArray.Read(Write("noise.gz", [1, 2, 3])));
        Assert.ThrowsExactly<DataFormatException>(
            () => IdxArray.Read(Write("huge", [0, 0, 8, 2, 127, 255, 255, 255, 127, 255, 255, 255, 1])));
    }

    [TestMethod]
    public void IdxArray_OfMnist_HasItsShapeAndFirstLabels()
    {
        var folder = MirrorFolder.Require();
        var images = IdxArray.Read(Path.Combine(folder, "mnist", "t10k-images-idx3-ubyte.gz"));
        CollectionAssert.AreEqual(new[] { 10000, 28, 28 }, images.Shape.ToArray());

        // The first test digits are known from every tutorial: 7, 2, 1, 0, 4.
        var labels = IdxArray.Read(Path.Combine(folder, "mnist", "t10k-labels-idx1-ubyte.gz"));
        CollectionAssert.AreEqual(new byte[] { 7, 2, 1, 0, 4 }, labels.Values[..5]);
    }

    [TestMethod]
    public void SpokenDigit_OfAnArchive_IsReadInOrderOfNames()
    {
        var digits = SpokenDigit.Read(Archive(("rec/3_ann_12.wav", Wave(8000, [1, -2])), ("rec/1_bob_4.wav", Wave(8000, [7]))));
        Assert.HasCount(2, digits);
        Assert.AreEqual((1, "bob", 4, true), (digits[0].Digit, digits[0].Speaker, digits[0].Index, digits[0].IsTest));
        Assert.IsFalse(digits[1].IsTest);
        Assert.AreEqual(8000, digits[1].Sound.SampleRate);
        CollectionAssert.AreEqual(new short[] { 1, -2 }, digits[1].Sound.Samples);
    }

    [TestMethod]
    public void SpokenDigit_OfOtherFiles_IsRefusedByName()
    {
        Assert.Contains("'nine.wav'", Assert.ThrowsExactly<DataFormatException>(
            () => SpokenDigit.Read(Archive(("nine.wav", Wave(8000, [1]))))).Message);
        Assert.Contains("no recordings", Assert.ThrowsExactly<DataFormatException>(
            () => SpokenDigit.Read(Archive(("readme.txt", [1])))).Message);
        Assert.ThrowsExactly<DataFormatException>(() => SpokenDigit.Read(Path.Combine(_folder, "missing.tar.gz")));
    }

    [TestMethod]
    public void WaveSound_CutOrOfAnotherKind_IsRefused()
    {
        var whole = Wave(8000, [1, 2, 3]);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.ThrowsExactly<DataFormatException>(() => WaveSound.Parse(whole.AsSpan(0, length), "cut"));
        }

        var stereo = Wave(8000, [1, 2]);
        stereo[22] = 2;
        Assert.Contains("2 channels", Assert.ThrowsExactly<DataFormatException>(() => WaveSound.Parse(stereo, "s")).Message);
    }

    [TestMethod]
    public void SpokenDigit_OfTheWholeSet_Has3000Recordings()
    {
        var folder = MirrorFolder.Require();
        var digits = SpokenDigit.Read(Path.Combine(folder, "fsdd", "recordings.tar.gz"));
        Assert.HasCount(3000, digits);
        Assert.AreEqual(300, digits.Count(digit => digit.IsTest));
        Assert.AreEqual(1148, digits.Min(digit => digit.Sound.Samples.Length));
        Assert.AreEqual(18262, digits.Max(digit => digit.Sound.Samples.Length));
    }

    private static byte[] Wave(int rate, short[] samples)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write("RIFF"u8);
        writer.Write(36 + (2 * samples.Length));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(rate);
        writer.Write(2 * rate);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(2 * samples.Length);
        foreach (var sample in samples)
        {
            writer.Write(sample);
        }

        return memory.ToArray();
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private string Archive(params (string Name, byte[] Bytes)[] entries)
    {
        var path = Path.Combine(_folder, "recordings.tar.gz");
        using var file = File.Create(path);
        using var packed = new GZipStream(file, CompressionLevel.Fastest);
        using var archive = new TarWriter(packed);
        foreach (var (name, bytes) in entries)
        {
            archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
        }

        return path;
    }
}
