using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

/// <summary>S4 against values computed with the reference implementation in double precision.</summary>
[TestClass]
public sealed class S4ReferenceTests
{
    [TestMethod]
    [DataRow("s4_dplr_legs_L16", 16)]
    [DataRow("s4_dplr_oddL15_C2", 15)]
    public void Kernel_OfReferenceFile_IsEqual(string file, int length)
    {
        using var scope = NewDisposeScope();
        var reference = S4Reference.Open(file);
        var (layer, weights) = Load(reference, length);
        using (weights)
        {
            S4Reference.AssertWithin(1e-9, reference.Real("K"), layer.Kernel(weights, length));
            S4Reference.AssertWithin(1e-9, reference.Real("K").narrow(2, 0, 7), layer.Kernel(weights, 7));
        }
    }

    [TestMethod]
    public void Weights_OfReferenceFile_GiveItsGeneratingOutput()
    {
        using var scope = NewDisposeScope();
        var reference = S4Reference.Open("s4_dplr_legs_L16");
        var (_, weights) = Load(reference, 16);
        using (weights)
        {
            var stored = view_as_complex(weights.Get("s4.kernel.C"));
            S4Reference.AssertWithin(1e-9, reference.ComplexTensor("C_tilde_after_setup"), stored);
        }
    }

    [TestMethod]
    public void Gradients_OfReferenceFile_AreEqual()
    {
        using var scope = NewDisposeScope();
        var reference = S4Reference.Open("s4_dplr_grad_L16");
        var declaration = new S4Declaration("s4", 2, 8, 16) { Copies = 2 };
        using var weights = ParameterSet.FromDoubles(declaration.Weights, new Dictionary<string, double[]>
        {
            ["s4.D"] = [0, 0],
            ["s4.kernel.inv_dt"] = reference.Doubles("inv_dt"),
            ["s4.kernel.A_real"] = reference.Doubles("A_real_param"),
            ["s4.kernel.A_imag"] = reference.Doubles("A_imag_param"),
            ["s4.kernel.P"] = reference.Doubles("P_param"),
            ["s4.kernel.B"] = reference.Doubles("B_param"),
            ["s4.kernel.C"] = reference.Doubles("Ctilde_param"),
        });
        var kernel = new S4Layer(declaration).Kernel(weights, 16);
        S4Reference.AssertWithin(1e-9, reference.Real("K"), kernel);
        var loss = kernel.mul(reference.Real("W")).sum();
        Assert.AreEqual(reference.Number("loss"), loss.item<double>(), 1e-9);
        loss.backward();
        foreach (var (name, expected) in new[]
        {
            ("inv_dt", "inv_dt"), ("A_real", "A_real"), ("A_imag", "A_imag"), ("P", "P"), ("B", "B"), ("C", "Ctilde"),
        })
        {
            S4Reference.AssertWithin(1e-7, reference.Real("grad_" + expected), weights.Get("s4.kernel." + name).grad!);
        }
    }

    [TestMethod]
    [DataRow(16)]
    [DataRow(5)]
    public void Forward_OfStepModes_IsEqualToReferenceFile(int kernelLength)
    {
        using var scope = NewDisposeScope();
        var reference = S4Reference.Open("s4_step_modes");
        var (layer, weights) = Load(reference, kernelLength, reference.Doubles("D"));
        using (weights)
        {
            var input = reference.Real("u").transpose(1, 2);
            var expected = reference.Real("y_conv").transpose(1, 2);
            var (output, end) = layer.Forward(weights, input);
            S4Reference.AssertWithin(1e-9, expected, output);
            S4Reference.AssertWithin(1e-9, reference.ComplexTensor("final_state_linear"), end!.Tensors[0]);
            S4Reference.AssertWithin(1e-9, reference.ComplexTensor("final_state_dense").narrow(2, 0, 4), end.Tensors[0]);
            LayerState? state = null;
            var steps = new List<Tensor>();
            foreach (var one in input.unbind(1))
            {
                (var step, state) = layer.Step(weights, one, state);
                steps.Add(step);
            }

            var stepped = stack([.. steps], dim: 1);
            S4Reference.AssertWithin(1e-9, reference.Real("y_step_dense").transpose(1, 2), stepped);
            S4Reference.AssertWithin(1e-9, reference.Real("y_step_linear").transpose(1, 2), stepped);
            S4Reference.AssertWithin(1e-9, reference.Real("y_step_diagonal").transpose(1, 2), stepped);
            S4Reference.AssertWithin(1e-9, reference.ComplexTensor("final_state_linear"), state!.Tensors[0]);
        }
    }

    [TestMethod]
    public void Forward_Bidirectional_IsEqualToReferenceFile()
    {
        using var scope = NewDisposeScope();
        var reference = S4Reference.Open("s4_bidirectional");
        var (layer, weights) = Load(reference, 12, reference.Doubles("D"), bidirectional: true);
        using (weights)
        {
            var kernel = layer.Kernel(weights, 12);
            S4Reference.AssertWithin(1e-9, stack([reference.Real("K_fwd"), reference.Real("K_bwd")], dim: 0), kernel);
            var output = layer.Forward(weights, reference.Real("u").transpose(1, 2)).Output;
            S4Reference.AssertWithin(1e-9, reference.Real("y").transpose(1, 2), output);
        }
    }

    /// <summary>The layer with the file's system; C~ is computed here from the file's C by powers of a dense complex matrix.</summary>
    private static (S4Layer Layer, ParameterSet Weights) Load(
        S4Reference reference, int length, double[]? skip = null, bool bidirectional = false)
    {
        var shape = reference.Shape("C");
        var (kernels, features, modes) = ((int)shape[0], (int)shape[1], (int)shape[2]);
        var declaration = new S4Declaration("s4", features, 2 * modes, length)
        {
            Channels = bidirectional ? kernels / 2 : kernels,
            Bidirectional = bidirectional,
            Copies = features,
        };
        var (decay, frequency) = reference.Stored("w");
        var generating = GeneratingOutput(
            reference.ComplexTensor("w"),
            reference.ComplexTensor("P"),
            reference.ComplexTensor("C"),
            reference.Real("dt"),
            length);
        var weights = ParameterSet.FromDoubles(declaration.Weights, new Dictionary<string, double[]>
        {
            ["s4.D"] = skip ?? new double[declaration.OutputSize],
            ["s4.kernel.inv_dt"] = Array.ConvertAll(reference.Doubles("dt"), Math.Log),
            ["s4.kernel.A_real"] = decay,
            ["s4.kernel.A_imag"] = frequency,
            ["s4.kernel.P"] = reference.Pairs("P"),
            ["s4.kernel.B"] = reference.Pairs("B"),
            ["s4.kernel.C"] = view_as_real(generating).contiguous().data<double>().ToArray(),
        });
        return (new S4Layer(declaration), weights);
    }

    private static Tensor GeneratingOutput(Tensor poles, Tensor lowRank, Tensor output, Tensor step, int length)
    {
        Tensor Full(Tensor half) => cat([half, half.conj()], dim: -1);
        var (full, terms) = (Full(poles), Full(lowRank).transpose(0, 1));
        var matrix = diag_embed(full).sub(terms.transpose(1, 2).bmm(terms.conj()));
        var half = matrix.mul(step.reshape(-1, 1, 1)).mul(0.5);
        var unit = eye(full.shape[1], dtype: ScalarType.ComplexFloat64);
        var transition = linalg.solve(unit.sub(half), unit.add(half));
        var power = unit.expand(full.shape[0], full.shape[1], full.shape[1]);
        for (var time = 0; time < length; time++)
        {
            power = power.bmm(transition);
        }

        return Full(output).transpose(0, 1).bmm(unit.sub(power)).transpose(0, 1).narrow(2, 0, poles.shape[1]);
    }
}
