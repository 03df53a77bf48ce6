using System.Numerics;
using Sequence.Data.Checkpoints;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

/// <summary>S4D against values computed with the reference implementation in double precision.</summary>
[TestClass]
public sealed class S4DReferenceTests
{
    [TestMethod]
    [DataRow("s4d_zoh_lin_L16", DiagonalDiscretisation.ZeroOrderHold, false)]
    [DataRow("s4d_bilinear_lin_L16", DiagonalDiscretisation.Bilinear, false)]
    [DataRow("s4d_zoh_lin_L64", DiagonalDiscretisation.ZeroOrderHold, false)]
    [DataRow("s4d_zoh_real_L16", DiagonalDiscretisation.ZeroOrderHold, true)]
    public void Kernel_OfReferenceFile_IsEqual(string file, DiagonalDiscretisation discretisation, bool isReal)
    {
        using var scope = NewDisposeScope();
        var reference = S4Reference.Open(file);
        var (layer, weights) = Load(reference, discretisation, isReal);
        using (weights)
        {
            var expected = reference.Real("K");
            S4Reference.AssertWithin(1e-9, expected, layer.Kernel(weights, reference.Integer("L")));
        }
    }

    [TestMethod]
    public void Forward_WithState_IsEqualToReferenceFile()
    {
        using var scope = NewDisposeScope();
        var reference = S4Reference.Open("s4d_zoh_lin_L64");
        var (layer, weights) = Load(reference, DiagonalDiscretisation.ZeroOrderHold, isReal: false);
        using (weights)
        {
            var input = reference.Real("u").transpose(1, 2);
            var expected = reference.Real("y").flatten(1, 2).transpose(1, 2);
            S4Reference.AssertWithin(1e-9, expected, layer.Forward(weights, input).Output);
            var start = new LayerState([reference.ComplexTensor("state0")]);
            var (output, end) = layer.Forward(weights, input, start);
            S4Reference.AssertWithin(1e-9, reference.Real("y_with_state").flatten(1, 2).transpose(1, 2), output);
            S4Reference.AssertWithin(1e-9, reference.ComplexTensor("next_state"), end!.Tensors[0]);
            var free = layer.Forward(weights, zeros_like(input), start).Output;
            S4Reference.AssertWithin(1e-9, reference.Real("k_state").flatten(1, 2).transpose(1, 2), free);
            var state = start;
            foreach (var one in input.unbind(1))
            {
                state = layer.Step(weights, one, state).State;
            }

            S4Reference.AssertWithin(1e-9, reference.ComplexTensor("next_state_by_stepping"), state!.Tensors[0]);
        }
    }

    [TestMethod]
    public void Gradients_OfReferenceFile_AreEqual()
    {
        using var scope = NewDisposeScope();
        var reference = S4Reference.Open("s4d_zoh_grad_L16");
        var declaration = new S4DDeclaration("s4d", 2, 8) { Copies = 2 };
        using var weights = ParameterSet.FromDoubles(declaration.Weights, new Dictionary<string, double[]>
        {
            ["s4d.D"] = [0, 0],
            ["s4d.kernel.inv_dt"] = reference.Doubles("inv_dt"),
            ["s4d.kernel.A_real"] = reference.Doubles("A_real_param"),
            ["s4d.kernel.A_imag"] = reference.Doubles("A_imag_param"),
            ["s4d.kernel.B"] = reference.Doubles("B_param"),
            ["s4d.kernel.C"] = reference.Doubles("C_param"),
        });
        var kernel = new S4DLayer(declaration).Kernel(weights, 16);
        S4Reference.AssertWithin(1e-9, reference.Real("K"), kernel);
        var loss = kernel.mul(reference.Real("W")).sum();
        Assert.AreEqual(reference.Number("loss"), loss.item<double>(), 1e-9);
        loss.backward();
        foreach (var name in new[] { "inv_dt", "A_real", "A_imag", "B", "C" })
        {
            S4Reference.AssertWithin(1e-7, reference.Real("grad_" + name), weights.Get("s4d.kernel." + name).grad!);
        }
    }

    [TestMethod]
    [DataRow("lin", S4DInitialisation.Lin)]
    [DataRow("inv", S4DInitialisation.Inv)]
    [DataRow("inv2", S4DInitialisation.Inv2)]
    [DataRow("quad", S4DInitialisation.Quad)]
    [DataRow("legs", S4DInitialisation.LegS)]
    [DataRow("real", S4DInitialisation.Real)]
    public void Weights_AtStart_AreThoseOfReferenceFile(string part, S4DInitialisation initialisation)
    {
        var reference = S4Reference.Open("s4d_inits_N8").Part(part);
        var start = WeightInitialiser.Doubles(
            new S4DDeclaration("s4d", 2, 8) { Initialisation = initialisation, Copies = 2 }.Weights, 1);
        var expected = reference.Complexes("A");
        var decay = start["s4d.kernel.A_real"];
        var frequency = start["s4d.kernel.A_imag"];
        for (var index = 0; index < decay.Length; index++)
        {
            // The file was written from single precision.
            Assert.AreEqual(expected[index % 4].Real, -Math.Exp(decay[index]), 1e-6 * expected[index % 4].Magnitude);
            Assert.AreEqual(expected[index % 4].Imaginary, -frequency[index], 1e-6 * expected[index % 4].Magnitude);
        }

        // Where B has an imaginary part its phase is that of an eigenvector, which is arbitrary.
        var input = reference.Complexes("B");
        for (var index = 0; index < 8; index++)
        {
            var actual = new Complex(start["s4d.kernel.B"][2 * index], start["s4d.kernel.B"][(2 * index) + 1]);
            if (initialisation == S4DInitialisation.LegS)
            {
                Assert.That.IsWithin(2, Math.Abs(actual.Imaginary));
            }
            else
            {
                Assert.AreEqual(0, (input[index % 4] - actual).Magnitude, 1e-6);
            }
        }
    }

    private static (S4DLayer Layer, ParameterSet Weights) Load(
        S4Reference reference, DiagonalDiscretisation discretisation, bool isReal)
    {
        var shape = reference.Shape("C");
        var declaration = new S4DDeclaration("s4d", (int)shape[1], 8)
        {
            Channels = (int)shape[0],
            Copies = (int)shape[1],
            Discretisation = discretisation,
            Initialisation = isReal ? S4DInitialisation.Real : S4DInitialisation.Lin,
            RealState = isReal,
        };
        var (decay, frequency) = reference.Stored("A");
        var weights = ParameterSet.FromDoubles(declaration.Weights, new Dictionary<string, double[]>
        {
            ["s4d.D"] = new double[declaration.OutputSize],
            ["s4d.kernel.inv_dt"] = Array.ConvertAll(reference.Doubles("dt"), Math.Log),
            ["s4d.kernel.A_real"] = decay,
            ["s4d.kernel.A_imag"] = frequency,
            ["s4d.kernel.B"] = isReal ? reference.Doubles("B") : reference.Pairs("B"),
            ["s4d.kernel.C"] = isReal ? reference.Doubles("C") : reference.Pairs("C"),
        });
        return (new S4DLayer(declaration), weights);
    }
}
