using CsCheck;

namespace Sequence.Numerics.Tests.Random;

[TestClass]
public sealed class CounterRandomTests
{
    /// <summary>Known-answer vectors of Random123 (kat_vectors, philox4x32 10).</summary>
    [TestMethod]
    [DataRow(new uint[] { 0, 0, 0, 0 }, 0u, 0u, new uint[] { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 })]
    [DataRow(
        new uint[] { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
        0xffffffffu,
        0xffffffffu,
        new uint[] { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd })]
    [DataRow(
        new uint[] { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
        0xa4093822u,
        0x299f31d0u,
        new uint[] { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 })]
    public void Philox_OfKnownCounter_GivesThePublishedAnswer(uint[] counter, uint low, uint high, uint[] expected)
    {
        CounterRandom.Philox(counter, (low, high));
        CollectionAssert.AreEqual(expected, counter);
    }

    [TestMethod]
    public void Numbers_OfOneSeedAndStream_AreTheSame() => Gen.Select(Gen.ULong, Gen.ULong).Sample((seed, stream) =>
    {
        var first = new CounterRandom(seed, stream);
        var second = new CounterRandom(seed, stream);
        return Enumerable.Range(0, 9).All(_ => first.NextUInt64() == second.NextUInt64());
    });

    [TestMethod]
    public void Streams_OfOneSeed_Differ() => Gen.ULong.Sample(seed =>
        new CounterRandom(seed, 0).NextUInt64() != new CounterRandom(seed, 1).NextUInt64());

    [TestMethod]
    public void Shuffle_OfAnything_KeepsItsElements() => Gen.Select(Gen.Int.Array, Gen.ULong).Sample((values, seed) =>
    {
        var shuffled = values.ToArray();
        new CounterRandom(seed).Shuffle<int>(shuffled);
        return shuffled.Order().SequenceEqual(values.Order());
    });

    [TestMethod]
    public void NextInt_OverSixValues_IsUniform()
    {
        var random = new CounterRandom(3);
        var counts = new int[6];
        for (var draw = 0; draw < 60_000; draw++)
        {
            counts[random.NextInt(6)]++;
        }

        // Chi-squared with 5 degrees of freedom exceeds 20.5 once in a thousand.
        Assert.That.IsWithin(20.5, counts.Sum(count => Math.Pow(count - 10_000, 2) / 10_000));
    }

    [TestMethod]
    public void NextGaussian_OverManyDraws_HasTheMomentsOfANormal()
    {
        var random = new CounterRandom(4);
        var draws = Enumerable.Range(0, 200_000).Select(_ => random.NextGaussian()).ToArray();
        Assert.AreEqual(0, draws.Average(), 0.01);
        Assert.AreEqual(1, draws.Average(draw => draw * draw), 0.02);
        Assert.AreEqual(3, draws.Average(draw => Math.Pow(draw, 4)), 0.12);
    }

    [TestMethod]
    public void NextInt_OfNothing_IsRefused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CounterRandom(1).NextInt(0));
}
