using CsCheck;
using Sequence.Data;

namespace Sequence.Training.Tests.Loop;

[TestClass]
public sealed class TrainingExamplesTests
{
    [TestMethod]
    public void Copy_OfEveryExample_IsTheRowsBeforeAndTheTargetsAfter() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[0, 12], Gen.Int[0, 12]).Sample(
            (lookBack, features, horizon, firstRows, secondRows) =>
            {
                var examples = new TrainingExamples(lookBack, features, horizon);
                float[][] parts = [Rows(firstRows, features, 0), Rows(secondRows, features, 1000)];
                var expected = new List<float[]>();
                foreach (var part in parts)
                {
                    var rows = part.Length / features;
                    examples.Add(part, 0, rows);
                    for (var start = 0; start + lookBack + horizon <= rows; start++)
                    {
                        expected.Add([
                            .. part[(start * features)..((start + lookBack) * features)],
                            .. Enumerable.Range(0, horizon).Select(step => part[(start + lookBack + step) * features]),
                        ]);
                    }
                }

                Assert.HasCount(examples.Count, expected);
                var inputs = new float[lookBack * features];
                var targets = new float[horizon];
                for (var index = 0; index < examples.Count; index++)
                {
                    examples.Copy(index, inputs, targets);
                    CollectionAssert.AreEqual(expected[index], inputs.Concat(targets).ToArray());
                }
            });

    [TestMethod]
    public void Add_OfTargetRange_LetsInputsReachBackButNotTargets()
    {
        var examples = new TrainingExamples(3, 1, 2);
        Assert.AreEqual(3, examples.Add(Rows(12, 1, 0), 6, 10));
        var inputs = new float[3];
        var targets = new float[2];
        examples.Copy(0, inputs, targets);
        CollectionAssert.AreEqual(new float[] { 3, 4, 5 }, inputs);
        examples.Copy(2, inputs, targets);
        CollectionAssert.AreEqual(new float[] { 8, 9 }, targets);
    }

    [TestMethod]
    public void Add_OfRangeOutside_IsRefused() =>
        Assert.ThrowsExactly<DataFormatException>(() => new TrainingExamples(1, 1, 1).Add(Rows(5, 1, 0), 0, 6));

    [TestMethod]
    public void Copy_OfIndexOutside_IsRefused() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(
        () => new TrainingExamples(1, 1, 1).Copy(0, new float[1], new float[1]));

    private static float[] Rows(int rows, int features, int offset) =>
        [.. Enumerable.Range(offset, rows * features).Select(value => (float)value)];
}
