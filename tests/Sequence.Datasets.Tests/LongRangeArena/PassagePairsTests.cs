using System.Text;
using Sequence.Data;

namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class PassagePairsTests : IDisposable
{
    private static readonly PassagePairOptions Small =
        new() { PassageLength = 40, TrainCount = 600, ValidationCount = 100, TestCount = 100 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Make_OfMarkedSources_LabelsPairsByTheirSources()
    {
        var pairs = PassagePairs.Make(Sources(3), Small, seed: 1);
        Assert.AreEqual((600, 100, 100), (pairs.Train.Count, pairs.Validation.Count, pairs.Test.Count));
        foreach (var part in new[] { pairs.Train, pairs.Validation, pairs.Test })
        {
            Assert.AreEqual(part.Count / 2, part.Count(pair => pair.Label == 1));
            foreach (var pair in part)
            {
                Assert.AreEqual((40, 40), (pair.First.Length, pair.Second.Length));
                Assert.AreEqual(Source(pair.First) == Source(pair.Second), pair.Label == 1);
                Assert.AreNotEqual(Document(pair.First), Document(pair.Second));
            }

            // A single passage tells nothing: every source is as frequent under either label, at either side.
            foreach (var label in new[] { 0, 1 })
            {
                foreach (var side in new Func<LabelledPair, ReadOnlyMemory<byte>>[] { pair => pair.First, pair => pair.Second })
                {
                    foreach (var count in part.Where(pair => pair.Label == label).CountBy(pair => Source(side(pair))))
                    {
                        Assert.AreEqual(part.Count / 6.0, count.Value, 4 * Math.Sqrt(part.Count / 6.0));
                    }
                }
            }
        }

        var train = Documents(pairs.Train);
        var validation = Documents(pairs.Validation);
        Assert.IsFalse(train.Overlaps(validation));
        Assert.IsFalse(train.Overlaps(Documents(pairs.Test)));
        Assert.IsFalse(validation.Overlaps(Documents(pairs.Test)));
    }

    [TestMethod]
    public void Make_WithASeed_IsAFunctionOfItAndShorterPartsAreBeginnings()
    {
        var first = PassagePairs.Make(Sources(2), Small, seed: 1);
        var second = PassagePairs.Make(Sources(2), Small with { TrainCount = 100 }, seed: 1);
        var other = PassagePairs.Make(Sources(2), Small, seed: 2);
        var same = 0;
        for (var index = 0; index < 100; index++)
        {
            Assert.AreEqual(Text(first.Train[index].First), Text(second.Train[index].First));
            Assert.AreEqual(Text(first.Train[index].Second), Text(second.Train[index].Second));
            same += Text(first.Train[index].First) == Text(other.Train[index].First) ? 1 : 0;
        }

        Assert.IsLessThan(20, same);
    }

    [TestMethod]
    public void Make_OfTooLittle_ListsEveryFault()
    {
        var fault = Assert.ThrowsExactly<ConfigurationException>(
            () => PassagePairs.Make([new PassageSource("letters", ["too short"])], Small, seed: 1));
        Assert.HasCount(2, fault.Faults);
        Assert.Contains("letters has 0 documents of 40", fault.Message);
        Assert.HasCount(4, Assert.ThrowsExactly<ConfigurationException>(() => PassagePairs.Make(
            Sources(2), new() { PassageLength = 1, TrainCount = 0, ValidationCount = 0, TestCount = 0 }, seed: 1)).Faults);
    }

    [TestMethod]
    public void Sources_OfEachFormat_HoldWordsOnly()
    {
        var articles = Read("w", " = Lobster = \n \n The <unk> blue , Lobster @-@ 2 \n = = Diet = = \n Eats . \n = Crab = \n Crab \n");
        CollectionAssert.AreEqual(new[] { "the blue lobster eats ", "crab " }, Texts(PassageSource.ReadArticles(articles)));
        CollectionAssert.AreEqual(
            new[] { "the blue lobster eats ", "crab ", "the blue lobster eats ", "crab " },
            Texts(PassageSource.ReadArticles(articles, articles)));
        CollectionAssert.AreEqual(
            new[] { "speak i say on " }, Texts(PassageSource.ReadSpeeches(Read("s", "First Citizen:\nSpeak, I\nsay.\n\nAll:\nOn!\n"))));
        CollectionAssert.AreEqual(
            new[] { "a flow ", "b " },
            Texts(PassageSource.ReadAbstracts(Read("c", ".I 1\n.T\ntitle\n.W\nA flow .\n.I 2\n.T\nother\n.W\nb\n"))));
        CollectionAssert.AreEqual(
            new[] { "so so" },
            Texts(PassageSource.OfReviews(new ImdbReviews([new LabelledText("train", 1)], [new LabelledText("So<br /><br />so", 0)]))));
        foreach (var read in new Func<string, PassageSource>[] { path => PassageSource.ReadArticles(path), PassageSource.ReadSpeeches, PassageSource.ReadAbstracts })
        {
            Assert.Contains("holds no", Assert.ThrowsExactly<DataFormatException>(() => read(Read("e", "nothing\n"))).Message);
            Assert.ThrowsExactly<DataFormatException>(() => read(_folder["missing"]));

            // A name .gz that is none, and a file cut in its compressed text.
            Assert.ThrowsExactly<DataFormatException>(() => read(Read("noise.gz", "nothing")));
            var packed = File.ReadAllBytes(Archives.Gzip(_folder["whole.gz"], Encoding.ASCII.GetBytes(" = A = \nAll:\n.W\nwords and words\n")));
            Assert.HasCount(1, read(_folder["whole.gz"]).Documents);
            File.WriteAllBytes(_folder["cut.gz"], packed[..^12]);
            Assert.ThrowsExactly<DataFormatException>(() => read(_folder["cut.gz"]));
        }
    }

    [TestMethod]
    public void Sources_OfTheMirror_GivePairs()
    {
        var mirror = MirrorFolder.Require();
        var articles = PassageSource.ReadArticles(
            Path.Combine(mirror, "text", "wikitext-2.valid.txt.gz"), Path.Combine(mirror, "text", "wikitext-2.test.txt.gz"));
        var speeches = PassageSource.ReadSpeeches(Path.Combine(mirror, "text", "tinyshakespeare.txt.gz"));
        var abstracts = PassageSource.ReadAbstracts(Path.Combine(mirror, "cranfield", "cran.all.1400.gz"));
        Assert.AreEqual(1400, abstracts.Documents.Count, 5);
        var pairs = PassagePairs.Make([articles, speeches, abstracts], new() { TrainCount = 200, ValidationCount = 20, TestCount = 20 }, seed: 1);
        foreach (var pair in pairs.Train)
        {
            foreach (var value in pair.First.Span)
            {
                Assert.IsTrue(value is (byte)' ' or (>= (byte)'a' and <= (byte)'z'));
            }
        }
    }

    /// <summary>Sources whose words all name source and document: s0 d17 is 'abar abar ...'.</summary>
    private static PassageSource[] Sources(int count) =>
    [
        .. Enumerable.Range(0, count).Select(source => new PassageSource(
            $"source {source}",
            Enumerable.Range(0, 60).Select(document => string.Concat(Enumerable.Repeat(
                $"{(char)('a' + source)}{(char)('a' + (document / 26))}{(char)('a' + (document % 26))} ", 14 + document))))),
    ];

    private static char Source(ReadOnlyMemory<byte> passage) => Document(passage)[0];

    private static string Document(ReadOnlyMemory<byte> passage) => Text(passage)[..3];

    private static string Text(ReadOnlyMemory<byte> passage) => Encoding.ASCII.GetString(passage.Span);

    private static HashSet<string> Documents(IReadOnlyList<LabelledPair> pairs) =>
        [.. pairs.SelectMany(pair => new[] { Document(pair.First), Document(pair.Second) })];

    private static string[] Texts(PassageSource source) => [.. source.Documents.Select(document => Encoding.ASCII.GetString(document))];

    private string Read(string name, string text)
    {
        File.WriteAllText(_folder[name], text);
        return _folder[name];
    }
}
