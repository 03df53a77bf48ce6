using Sequence.Data;

namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class CifarImagesTests : IDisposable
{
    private const int Record = 3073;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void ReadBatch_OfKnownColours_GivesTheirGrey()
    {
        // By hand: red (255*19595 + 32768) / 65536 = 76.7; green 150.2; blue 29.6; white 255.5, each rounded down.
        var bytes = new byte[2 * Record];
        (bytes[0], bytes[Record]) = (3, 9);
        (bytes[1], bytes[1 + 1024 + 1], bytes[1 + 2048 + 2]) = (255, 255, 255);
        (bytes[1 + 1023], bytes[1 + 1024 + 1023], bytes[1 + 2048 + 1023]) = (255, 255, 255);
        foreach (var path in new[] { Write("a.bin", bytes), Archives.Gzip(_folder["a.bin.gz"], bytes) })
        {
            var images = CifarImages.ReadBatch(path, images: 2);
            Assert.AreEqual((3, 9), (images[0].Label, images[1].Label));
            CollectionAssert.AreEqual(new byte[] { 76, 150, 29, 0 }, images[0].Values[..4].ToArray());
            Assert.AreEqual(255, images[0].Values.Span[1023]);
            Assert.HasCount(1024, images[1].Values.ToArray());
        }
    }

    [TestMethod]
    public void ReadBatch_OfAFault_IsRefused()
    {
        foreach (var length in new[] { 0, 1, Record - 1, Record + 1, (2 * Record) - 1 })
        {
            Assert.Contains($"has {length} bytes", Assert.ThrowsExactly<DataFormatException>(
                () => CifarImages.ReadBatch(Write("cut.bin", new byte[length]))).Message);
        }

        var wrong = new byte[2 * Record];
        wrong[Record] = 10;
        Assert.Contains("image 2 has the class 10", Assert.ThrowsExactly<DataFormatException>(
            () => CifarImages.ReadBatch(Write("class.bin", wrong))).Message);
        Assert.Contains("holds 1 images; there must be 2", Assert.ThrowsExactly<DataFormatException>(
            () => CifarImages.ReadBatch(Write("one.bin", new byte[Record]), images: 2)).Message);
        Assert.ThrowsExactly<DataFormatException>(() => CifarImages.ReadBatch(_folder["missing.bin"]));
        Assert.ThrowsExactly<DataFormatException>(() => CifarImages.ReadBatch(Write("noise.gz", [1, 2, 3])));
        var packed = File.ReadAllBytes(Archives.Gzip(_folder["cut.gz"], new byte[Record]));
        Assert.ThrowsExactly<DataFormatException>(() => CifarImages.ReadBatch(Write("cut.gz", packed[..^9])));
    }

    [TestMethod]
    public void ReadArchive_OfThePublicLayout_GivesAllBatchesInOrder()
    {
        var entries = Batches().Append(("cifar-10-batches-bin/batches.meta.txt", [1])).Reverse().ToArray();
        var images = CifarImages.ReadArchive(Archives.TarGz(_folder["all.tar.gz"], entries));
        Assert.AreEqual((50_000, 10_000), (images.Train.Count, images.Test.Count));
        for (var batch = 0; batch < 5; batch++)
        {
            Assert.AreEqual(batch + 1, images.Train[(10_000 * batch) + 9_999].Label);
        }

        Assert.AreEqual(6, images.Test[0].Label);
        Assert.Contains("data_batch_3.bin", Assert.ThrowsExactly<DataFormatException>(() => CifarImages.ReadArchive(
            Archives.TarGz(_folder["five.tar.gz"], [.. Batches().Where(batch => !batch.Name.Contains('3', StringComparison.Ordinal))]))).Message);
        Assert.Contains("has 3073 bytes", Assert.ThrowsExactly<DataFormatException>(() => CifarImages.ReadArchive(
            Archives.TarGz(_folder["short.tar.gz"], ("cifar-10-batches-bin/test_batch.bin", new byte[Record])))).Message);
        var whole = File.ReadAllBytes(_folder["all.tar.gz"]);
        Assert.ThrowsExactly<DataFormatException>(() => CifarImages.ReadArchive(Write("cut.tar.gz", whole[..(whole.Length / 2)])));
    }

    [TestMethod]
    public void Split_WithASeed_SetsATenthAsideOnce()
    {
        var images = Enumerable.Range(0, 105).Select(label => new LabelledSequence(new byte[1], label)).ToArray();
        var (train, validation) = CifarImages.Split(images, seed: 1);
        Assert.AreEqual((95, 10), (train.Count, validation.Count));
        CollectionAssert.AreEquivalent(images, train.Concat(validation).ToArray());
        CollectionAssert.AreEqual(validation.ToArray(), CifarImages.Split(images, seed: 1).Validation.ToArray());
        CollectionAssert.AreNotEqual(validation.ToArray(), CifarImages.Split(images, seed: 2).Validation.ToArray());
    }

    [TestMethod]
    public void ReadBatch_OfTheMirror_HasAllClassesAndThePublishedMean()
    {
        var images = CifarImages.ReadBatch(Path.Combine(MirrorFolder.Require(), "cifar10", "data_batch_1.bin.gz"), images: 10_000);
        Assert.HasCount(10, images.Select(image => image.Label).Distinct().ToArray());

        // The first labels of the training set: frog, truck, truck, deer, automobile.
        CollectionAssert.AreEqual(new[] { 6, 9, 9, 4, 1 }, images.Take(5).Select(image => image.Label).ToArray());
        var mean = images.Average(image => image.Values.ToArray().Average(value => (double)value)) / 255;
        Assert.AreEqual(CifarImages.Mean, mean, 0.005);
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Batches()
    {
        for (var batch = 1; batch <= 6; batch++)
        {
            var bytes = new byte[10_000 * Record];
            for (var image = 0; image < 10_000; image++)
            {
                bytes[image * Record] = (byte)batch;
            }

            yield return ($"cifar-10-batches-bin/{(batch == 6 ? "test_batch" : $"data_batch_{batch}")}.bin", bytes);
        }
    }

    private string Write(string name, byte[] bytes)
    {
        var path = _folder[name];
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
