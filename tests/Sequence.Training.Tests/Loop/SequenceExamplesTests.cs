using Sequence.Data;

namespace Sequence.Training.Tests.Loop;

[TestClass]
public sealed class SequenceExamplesTests
{
    [TestMethod]
    public void Copy_OfFloatsAndBytes_GivesRowsAndTargets()
    {
        var examples = new SequenceExamples(features: 2, targets: 3) { ByteScale = 0.5f, ByteOffset = -1 };
        examples.Add(new float[] { 1, 2, 3, 4, 5, 6 }, 10f, 11f, 12f);
        examples.Add(new byte[] { 0, 255 }, 20f, 21f, 22f);
        Assert.AreEqual(2, examples.Count);
        Assert.AreEqual(3, examples.Length);
        Assert.AreEqual(1, examples.LengthOf(1));
        var inputs = new float[6];
        var targets = new float[3];
        examples.CopyInputs(0, 0, inputs);
        examples.CopyTargets(0, targets);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6 }, inputs);
        CollectionAssert.AreEqual(new float[] { 10, 11, 12 }, targets);
        examples.CopyInputs(1, 0, inputs);
        examples.CopyTargets(1, targets);
        CollectionAssert.AreEqual(new float[] { -1, 126.5f, 3, 4, 5, 6 }, inputs);
        CollectionAssert.AreEqual(new float[] { 20, 21, 22 }, targets);
    }

    [TestMethod]
    public void Add_OfNaN_NamesSequenceTimeAndFeature()
    {
        var examples = SequenceExamples.OfClasses(features: 2, classes: 2);
        examples.Add(new float[] { 1, 2 }, 0);
        var error = Assert.ThrowsExactly<DataFormatException>(
            () => examples.Add(new[] { 1, 2, 3, float.NaN, 5, float.PositiveInfinity }, 1));
        Assert.Contains("Sequence 1 is NaN at time 1, feature 1", error.Message);
        Assert.AreEqual(1, examples.Count);
    }

    [TestMethod]
    [DataRow(2f)]
    [DataRow(-1f)]
    [DataRow(0.5f)]
    [DataRow(float.NaN)]
    public void Add_OfNoClass_IsRefused(float given) => Assert.ThrowsExactly<DataFormatException>(
        () => SequenceExamples.OfClasses(1, 2).Add(new float[] { 1 }, given));

    [TestMethod]
    public void Add_OfWrongSizes_IsRefused()
    {
        var examples = new SequenceExamples(features: 2, targets: 1);
        Assert.ThrowsExactly<DataFormatException>(() => examples.Add(new float[] { 1, 2, 3 }, 0f));
        Assert.ThrowsExactly<DataFormatException>(() => examples.Add(new byte[] { 1 }, 0f));
        Assert.ThrowsExactly<DataFormatException>(() => examples.Add(Array.Empty<float>(), 0f));
        Assert.ThrowsExactly<DataFormatException>(() => examples.Add(new float[] { 1, 2 }));
        Assert.ThrowsExactly<DataFormatException>(() => examples.Add(new float[] { 1, 2 }, 0f, 1f));
        Assert.ThrowsExactly<DataFormatException>(() => examples.Add(new float[] { 1, 2 }, float.PositiveInfinity));
        Assert.AreEqual(0, examples.Count);
    }

    [TestMethod]
    public void Create_OfSizesOutOfRange_ListsThem()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new SequenceExamples(0, 0));
        Assert.HasCount(2, error.Faults);
        Assert.ThrowsExactly<ConfigurationException>(() => SequenceExamples.OfClasses(1, 1));
        Assert.ThrowsExactly<ConfigurationException>(() => SequenceExamples.OfClasses(1, (1 << 24) + 1));
    }
}
