using System.Text;
using Sequence.Data;

namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class ImdbReviewsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Read_OfThePublicLayout_GivesLabelsInOrderOfNamesAndPassesOverTheRest()
    {
        var reviews = ImdbReviews.Read(Archives.TarGz(_folder["a.tar.gz"], Entries()));
        CollectionAssert.AreEqual(new[] { ("bad", 0), ("worse", 0), ("good é", 1) }, Pairs(reviews.Train));
        CollectionAssert.AreEqual(new[] { ("dull", 0), ("fine", 1) }, Pairs(reviews.Test));
    }

    [TestMethod]
    public void Read_WithoutOneFolder_IsRefused()
    {
        foreach (var missing in new[] { "train/pos", "train/neg", "test/pos", "test/neg" })
        {
            var entries = Entries().Where(entry => !entry.Name.Contains(missing, StringComparison.Ordinal)).ToArray();
            var path = Archives.TarGz(_folder["b.tar.gz"], entries);
            Assert.Contains(missing, Assert.ThrowsExactly<DataFormatException>(() => ImdbReviews.Read(path)).Message);
        }
    }

    [TestMethod]
    public void Read_OfADamagedArchive_IsRefused()
    {
        var path = Archives.TarGz(_folder["c.tar.gz"], Entries());
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.ThrowsExactly<DataFormatException>(() => ImdbReviews.Read(path), $"cut at {length} of {whole.Length}");
        }

        // The last eight bytes are checksum and length.
        var changed = whole.ToArray();
        changed[^6] ^= 1;
        File.WriteAllBytes(path, changed);
        Assert.ThrowsExactly<DataFormatException>(() => ImdbReviews.Read(path));
        File.WriteAllText(path, "no archive");
        Assert.ThrowsExactly<DataFormatException>(() => ImdbReviews.Read(path));
        Assert.ThrowsExactly<DataFormatException>(() => ImdbReviews.Read(_folder["missing.tar.gz"]));
    }

    [TestMethod]
    public void Read_OfBytesThatAreNoText_NamesTheEntry()
    {
        var path = Archives.TarGz(_folder["d.tar.gz"], [.. Entries(), ("aclImdb/train/pos/7_7.txt", [0x41, 0xFF])]);
        Assert.Contains("train/pos/7_7.txt", Assert.ThrowsExactly<DataFormatException>(() => ImdbReviews.Read(path)).Message);
    }

    [TestMethod]
    public void Read_OfTheWholeSet_HasItsCountsAndVocabulary()
    {
        var reviews = ImdbReviews.Read(Path.Combine(MirrorFolder.Require(), "imdb", "aclImdb_labeled.tar.gz"));
        Assert.AreEqual((25000, 25000), (reviews.Train.Count, reviews.Test.Count));
        Assert.AreEqual(12500, reviews.Train.Count(review => review.Label == 1));
        Assert.AreEqual(12500, reviews.Test.Count(review => review.Label == 1));

        // Counted by a script in Python: 133 characters occur 15 times or more in the training part, 131 in its first 4095.
        var texts = reviews.Train.Select(review => review.Text).ToArray();
        Assert.AreEqual(136, CharacterVocabulary.Build(texts, minimumCount: 15).Count);
        var vocabulary = CharacterVocabulary.Build(texts, minimumCount: 15, maximumLength: 4096);
        Assert.AreEqual(134, vocabulary.Count);
        var encoded = vocabulary.Encode([.. reviews.Test.Take(500)], maximumLength: 4096);
        for (var index = 0; index < encoded.Count; index++)
        {
            Assert.HasCount(Math.Min(4096, reviews.Test[index].Text.Length + 1), encoded[index].Values.ToArray());
            Assert.AreEqual(reviews.Test[index].Label, encoded[index].Label);
        }
    }

    private static (string Name, byte[] Bytes)[] Entries() =>
    [
        ("aclImdb/", []),
        ("aclImdb/README", Encoding.UTF8.GetBytes("read me")),
        ("aclImdb/imdb.vocab", Encoding.UTF8.GetBytes("the")),
        ("aclImdb/train/", []),
        ("aclImdb/train/urls_pos.txt", Encoding.UTF8.GetBytes("http://")),
        ("aclImdb/train/unsup/0_0.txt", Encoding.UTF8.GetBytes("unlabelled")),
        ("aclImdb/train/neg/9_1.txt", Encoding.UTF8.GetBytes("worse")),
        ("aclImdb/train/neg/0_3.txt", Encoding.UTF8.GetBytes("bad")),
        ("aclImdb/train/pos/0_9.txt", Encoding.UTF8.GetBytes("good é")),
        ("./aclImdb/test/pos/0_8.txt", Encoding.UTF8.GetBytes("fine")),
        ("aclImdb/test/neg/0_2.txt", Encoding.UTF8.GetBytes("dull")),
    ];

    private static (string, int)[] Pairs(IReadOnlyList<LabelledText> texts) => [.. texts.Select(text => (text.Text, text.Label))];
}
