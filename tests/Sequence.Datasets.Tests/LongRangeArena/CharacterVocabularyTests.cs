using CsCheck;

namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class CharacterVocabularyTests
{
    [TestMethod]
    public void Build_OfTexts_KeepsThoseThatOccurOftenEnoughInOrderOfCodePoints()
    {
        var vocabulary = CharacterVocabulary.Build(["abba", "zébra", "😀b😀"], minimumCount: 2);
        Assert.AreEqual("ab😀", vocabulary.Characters);
        Assert.AreEqual(6, vocabulary.Count);
        CollectionAssert.AreEqual(new byte[] { 4, 5, 1, 3, 2 }, vocabulary.Encode("b😀ca", 10));
    }

    [TestMethod]
    public void Build_ToAMaximumLength_CountsOnlyWhatIsSeen()
    {
        Assert.AreEqual("ab", CharacterVocabulary.Build(["abc", "abd"], 2, maximumLength: 4).Characters);
        Assert.AreEqual("a", CharacterVocabulary.Build(["abc", "abd"], 2, maximumLength: 2).Characters);
        Assert.AreEqual(string.Empty, CharacterVocabulary.Build(["abc", "abd"], 2, maximumLength: 1).Characters);
    }

    [TestMethod]
    public void Encode_ToAMaximumLength_CutsAndEnds()
    {
        var vocabulary = new CharacterVocabulary("cab");
        CollectionAssert.AreEqual(new byte[] { 3, 4, 5, 2 }, vocabulary.Encode("abc", 4));
        CollectionAssert.AreEqual(new byte[] { 3, 4, 2 }, vocabulary.Encode("abc", 3));
        CollectionAssert.AreEqual(new byte[] { 2 }, vocabulary.Encode("abc", 1));
        CollectionAssert.AreEqual(new byte[] { 2 }, vocabulary.Encode(string.Empty, 5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => vocabulary.Encode("abc", 0));
    }

    [TestMethod]
    public void Encode_OfAnyText_DecodesToItsBeginning() => Gen.Select(Gen.String, Gen.Int[1, 30]).Sample((text, maximum) =>
    {
        var runes = text.EnumerateRunes().Take(200).ToArray();
        var vocabulary = CharacterVocabulary.Build([string.Concat(runes)], minimumCount: 1);
        var bytes = vocabulary.Encode(string.Concat(runes), maximum);
        var characters = vocabulary.Characters.EnumerateRunes().ToArray();
        Assert.AreEqual(CharacterVocabulary.End, bytes[^1]);
        Assert.HasCount(Math.Min(runes.Length + 1, maximum), bytes);
        CollectionAssert.AreEqual(runes[..(bytes.Length - 1)], bytes[..^1].Select(value => characters[value - 3]).ToArray());
        Assert.AreEqual(vocabulary.Characters, new CharacterVocabulary(vocabulary.Characters).Characters);
    });

    [TestMethod]
    public void Vocabulary_ThatDoesNotFitOrHasOneTwice_IsRefused()
    {
        var many = string.Concat(Enumerable.Range(0x4E00, 253).Select(value => (char)value));
        Assert.AreEqual(256, new CharacterVocabulary(many).Count);
        Assert.Contains("254", Assert.ThrowsExactly<ConfigurationException>(() => new CharacterVocabulary(many + "a")).Message);
        Assert.Contains("U+0061", Assert.ThrowsExactly<ConfigurationException>(() => new CharacterVocabulary("aba")).Message);
    }
}
