using CsCheck;

namespace Sequence.Numerics.Tests.Kernels;

[TestClass]
public sealed class PackedMatrixTests
{
    private static readonly Gen<(int Rows, int Columns, int Lanes, uint Seed)> GenCase =
        Gen.Select(Gen.Int[1, 150], Gen.Int[1, 40], Gen.Int[0, 2].Select(width => 4 << width), Gen.UInt);

    [TestMethod]
    public void MultiplyAdd_AnySize_EqualsTheDoublePrecisionProduct() => GenCase.Sample(
        test =>
        {
            var (rows, columns, lanes, seed) = test;
            var random = new System.Random((int)seed);
            var matrix = Normals(random, rows * columns);
            var x = Normals(random, columns);
            var y = Normals(random, rows);
            var result = y.ToArray();
            new PackedMatrix(matrix, rows, columns, lanes).MultiplyAdd(x, result);
            for (var row = 0; row < rows; row++)
            {
                double sum = y[row];
                double size = Math.Abs(y[row]);
                for (var column = 0; column < columns; column++)
                {
                    sum += (double)matrix[(row * columns) + column] * x[column];
                    size += Math.Abs((double)matrix[(row * columns) + column] * x[column]);
                }

                Assert.AreEqual(sum, result[row], 1e-6 * size);
            }
        },
        iter: 300);

    [TestMethod]
    public void MultiplyAdd_KnownMatrix_GivesTheHandComputedProduct()
    {
        float[] y = [10, 20];
        new PackedMatrix([1, 2, 3, 4, 5, 6], rows: 2, columns: 3).MultiplyAdd([1, 10, 100], y);
        CollectionAssert.AreEqual(new[] { 331f, 674f }, y);
    }

    [TestMethod]
    public void MultiplyAdd_WrongLengths_NamesTheSizes()
    {
        var matrix = new PackedMatrix(new float[6], 2, 3);
        var exception = Assert.ThrowsExactly<ModelException>(() => matrix.MultiplyAdd(new float[2], new float[2]));
        Assert.Contains("[2, 3]", exception.Message);
        Assert.ThrowsExactly<ModelException>(() => matrix.MultiplyAdd(new float[3], new float[3]));
        Assert.ThrowsExactly<ModelException>(() => new PackedMatrix(new float[5], 2, 3));
        Assert.ThrowsExactly<ModelException>(() => new PackedMatrix([], 0, 3));
    }

    internal static float[] Normals(System.Random random, int count)
    {
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)((random.NextDouble() - 0.5) * 4);
        }

        return values;
    }
}
