using CsCheck;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Tests.Engine;

[TestClass]
public sealed class SnapshotThinningTests
{
    [TestMethod]
    public void Dispensable_OfAFew_IsByTheRule()
    {
        Assert.IsEmpty(SnapshotThinning.Dispensable([]));
        Assert.IsEmpty(SnapshotThinning.Dispensable([7, 3]));

        // 9 and 8 are the newest two. 8 - 6 > 9 - 8, so 7 stays; 7 - 5 <= 9 - 7, so 6 goes; 7 - 4 > 9 - 7, so 5 stays.
        // The rest but the oldest goes: 5 - 1 <= 9 - 5.
        CollectionAssert.AreEqual(new long[] { 6, 4, 3, 2 }, SnapshotThinning.Dispensable([9, 8, 7, 6, 5, 4, 3, 2, 1]).ToArray());
    }

    [TestMethod]
    public void OldVersions_OfMoreThanStay_AreThoseThatKnowLeastButNeverTheSaved()
    {
        (string, long)[] versions = [("a", 5), ("b", 1), ("c", 3), ("d", 4), ("e", 2)];
        Assert.IsEmpty(SnapshotThinning.OldVersions(versions.Take(4), ["a"]));
        CollectionAssert.AreEqual(new[] { "b" }, SnapshotThinning.OldVersions(versions, ["a"]).ToArray());
        CollectionAssert.AreEqual(new[] { "e" }, SnapshotThinning.OldVersions(versions, ["b"]).ToArray());
        CollectionAssert.AreEqual(new[] { "b", "e" }, SnapshotThinning.OldVersions([.. versions, ("f", 9)], ["a", "f"]).Order().ToArray());
        CollectionAssert.AreEqual(new[] { "f" }, SnapshotThinning.OldVersions([.. versions, ("f", 9)], ["a", "b", "c", "d", "e"]).ToArray());
    }

    [TestMethod]
    public void Dispensable_AsSnapshotsCome_LeavesFewAndNoneTooFarApart() => Gen.Long[1, 20].Array[1, 600].Sample(
        distances =>
        {
            List<long> kept = [];
            var now = 0L;
            foreach (var distance in distances)
            {
                now += distance;
                kept.Insert(0, now);
                foreach (var gone in SnapshotThinning.Dispensable(kept))
                {
                    kept.Remove(gone);
                }

                Assert.AreEqual(now, kept[0]);
                Assert.AreEqual(distances[0], kept[^1]);
                for (var index = 1; index < kept.Count; index++)
                {
                    // A replay from anywhere between the two begins at most this much earlier.
                    Assert.IsLessThanOrEqualTo(Math.Max(20, now - kept[index - 1]), kept[index - 1] - kept[index]);
                }
            }

            Assert.IsLessThanOrEqualTo((2 * Math.Log2(now + 1)) + 4, kept.Count);
        },
        iter: 100);
}
