using CsCheck;

namespace Sequence.Numerics.Tests.Kernels;

[TestClass]
public sealed class RecurrentCellsTests
{
    private static readonly Gen<(int Units, int Lanes, uint Seed)> GenCase =
        Gen.Select(Gen.Int[1, 70], Gen.Int[0, 2].Select(width => 4 << width), Gen.UInt);

    [TestMethod]
    public void Lstm_AnySize_EqualsTheEquations() => GenCase.Sample(
        test =>
        {
            var (units, lanes, seed) = test;
            var random = new System.Random((int)seed);
            var gates = PackedMatrixTests.Normals(random, 4 * units);
            var memory = PackedMatrixTests.Normals(random, units);
            var before = memory.ToArray();
            var hidden = new float[units];
            RecurrentCells.Lstm(gates, memory, hidden, lanes);
            for (var unit = 0; unit < units; unit++)
            {
                var c = (Sigmoid(gates[units + unit]) * before[unit])
                    + (Sigmoid(gates[unit]) * Math.Tanh(gates[(2 * units) + unit]));
                Assert.AreEqual(c, memory[unit], 1e-6);
                Assert.AreEqual(Sigmoid(gates[(3 * units) + unit]) * Math.Tanh(c), hidden[unit], 1e-6);
            }
        },
        iter: 300);

    [TestMethod]
    public void Gru_AnySize_EqualsTheEquations() => GenCase.Sample(
        test =>
        {
            var (units, lanes, seed) = test;
            var random = new System.Random((int)seed);
            var input = PackedMatrixTests.Normals(random, 3 * units);
            var state = PackedMatrixTests.Normals(random, 3 * units);
            var hidden = PackedMatrixTests.Normals(random, units);
            var before = hidden.ToArray();
            RecurrentCells.Gru(input, state, hidden, lanes);
            for (var unit = 0; unit < units; unit++)
            {
                var r = Sigmoid((double)input[unit] + state[unit]);
                var z = Sigmoid((double)input[units + unit] + state[units + unit]);
                var n = Math.Tanh(input[(2 * units) + unit] + (r * state[(2 * units) + unit]));
                Assert.AreEqual(((1 - z) * n) + (z * before[unit]), hidden[unit], 2e-6);
            }
        },
        iter: 300);

    [TestMethod]
    public void LstmAndGru_WrongLengths_Throw()
    {
        Assert.ThrowsExactly<ModelException>(() => RecurrentCells.Lstm(new float[7], new float[2], new float[2]));
        Assert.ThrowsExactly<ModelException>(() => RecurrentCells.Lstm(new float[8], new float[3], new float[2]));
        Assert.ThrowsExactly<ModelException>(() => RecurrentCells.Gru(new float[6], new float[5], new float[2]));
    }

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));
}
