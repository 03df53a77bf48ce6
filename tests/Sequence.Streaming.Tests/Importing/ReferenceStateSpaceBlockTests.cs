using Sequence.Data;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming.Tests;

[TestClass]
public sealed class ReferenceStateSpaceBlockTests
{
    private static readonly ReferenceStateSpaceOptions Softplus =
        new() { StepSizeTransform = StepSizeTransform.Softplus };

    /// <summary>The whole block of the authors against its output, at once and by steps.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Read_DiagonalBlock_StepsToTheReference(bool isRounded)
    {
        var reference = ReferenceFile.Open("s4d_block.json");
        using var file = StateSpaceBlockFile.Diagonal(reference, "model.layers.0.layer.");
        file.SetDoubles("model.layers.0.norm.weight", [4], [1, 1, 1, 1]);
        if (isRounded)
        {
            file.Round();
        }

        file.Write();
        var block = ReferenceStateSpaceBlock.Read(
            file.Path, Softplus with { SourcePrefix = "model.layers.0.layer.", Prefix = "imported" });
        Assert.AreEqual(
            new StateSpaceBlockDeclaration("imported", new S4DDeclaration("imported.layer", 4, 8)
            {
                Copies = 4,
                StepSizeTransform = StepSizeTransform.Softplus,
            }),
            block.Declaration);
        var outputs = Run(PlanCompiler.Compile(block.Declaration, block.Weights), reference.Real("u"), 2, 12);
        AssertClose(reference.Real("y"), outputs, 1e-5);
        AssertClose(reference.Real("y_step"), outputs, 1e-5);
    }

    /// <summary>The other step size transform is another system: the option is read.</summary>
    [TestMethod]
    public void Read_WithOtherOptions_GivesAnotherSystem()
    {
        var reference = ReferenceFile.Open("s4d_block.json");
        using var file = StateSpaceBlockFile.Diagonal(reference);
        file.Write();
        foreach (var options in new[]
        {
            Softplus with { StepSizeTransform = StepSizeTransform.Exp },
            Softplus with { Discretisation = DiagonalDiscretisation.Bilinear },
        })
        {
            var block = ReferenceStateSpaceBlock.Read(file.Path, options);
            var outputs = Run(PlanCompiler.Compile(block.Declaration, block.Weights), reference.Real("u"), 2, 12);
            var expected = reference.Real("y");
            var difference = expected.Select((value, index) => Math.Abs(value - outputs[index])).Max();
            Assert.IsGreaterThan(1e-4 * expected.Max(Math.Abs), difference);
        }
    }

    [TestMethod]
    [DataRow(true, 16)]
    [DataRow(false, 7)]
    public void Read_StructuredBlockOfPlainOutput_StepsToTheReference(bool hasLength, int kernelLength)
    {
        var reference = ReferenceFile.Open("s4_step_modes.json");
        using var file = StateSpaceBlockFile.Structured(reference);
        if (!hasLength)
        {
            file.Tensors.Remove("layer.kernel.l_kernel");
        }

        file.Write();
        var block = ReferenceStateSpaceBlock.Read(file.Path, new() { KernelLength = kernelLength });
        Assert.AreEqual(
            new StateSpaceBlockDeclaration(
                "block", new S4Declaration("block.layer", 2, 8, kernelLength) { Copies = 2, Rank = 1 }, Gated: false),
            block.Declaration);
        var input = TimeFirst(reference.Real("u"), 3, 2, 16);
        var expected = TimeFirst(reference.Real("y_conv"), 3, 2, 16);
        var core = Run(PlanCompiler.Compile(block.Declaration.Core, block.Weights), input, 3, 16);
        AssertClose(expected, core, 1e-5);
        AssertClose(TimeFirst(reference.Real("y_step_dense"), 3, 2, 16), core, 1e-5);
        var outputs = Run(PlanCompiler.Compile(block.Declaration, block.Weights), input, 3, 16);
        AssertClose(Array.ConvertAll(expected, Gelu), outputs, 1e-5);
    }

    /// <summary>C~ of the authors, from their plain C, and their kernel from their C~.</summary>
    [TestMethod]
    public void Read_StructuredBlock_TurnsPlainOutputIntoTheReferences()
    {
        var reference = ReferenceFile.Open("s4_dplr_legs_L16.json");
        using var file = StateSpaceBlockFile.Structured(reference);
        file.Write();
        var plain = ReferenceStateSpaceBlock.Read(file.Path, new() { KernelLength = 16 });
        AssertClose(
            reference.Pairs("C_tilde_after_setup"), plain.Weights["block.layer.kernel.C"].ToDoubles(), 1e-9);

        file.SetDoubles("layer.kernel.C", [1, 2, 4, 2], reference.Pairs("C_tilde_after_setup"));
        file.SetInteger("layer.kernel.l_kernel", 16);
        file.Write();
        var trained = ReferenceStateSpaceBlock.Read(file.Path, new() { KernelLength = 16 });
        Assert.AreEqual(16, ((S4Declaration)trained.Declaration.Core).KernelLength);
        CollectionAssert.AreEqual(
            reference.Pairs("C_tilde_after_setup"), trained.Weights["block.layer.kernel.C"].ToDoubles());
        var plan = PlanCompiler.Compile(trained.Declaration.Core, trained.Weights);
        var impulse = new double[32];
        (impulse[0], impulse[1]) = (1, 1);
        AssertClose(TimeFirst(reference.Real("K"), 1, 2, 16), Run(plan, impulse, 1, 16), 1e-5);
    }

    [TestMethod]
    public void Read_BlocksOfEverySize_AreWhatWasWritten()
    {
        StructuredStateSpaceDeclaration Diagonal(int features, int stateSize) => new S4DDeclaration("a.layer", features, stateSize);
        StructuredStateSpaceDeclaration Structured(int features, int stateSize, int length, int rank) =>
            new S4Declaration("a.layer", features, stateSize, length) { Rank = rank };
        foreach (var core in new[]
        {
            Diagonal(1, 2),
            Diagonal(3, 2) with { Copies = 3, StepSizeTransform = StepSizeTransform.Softplus },
            Diagonal(4, 6) with { Channels = 3 },
            Diagonal(4, 6) with { Copies = 2, Bidirectional = true },
            Diagonal(5, 4) with { Channels = 2, Bidirectional = true },
            (S4DDeclaration)Diagonal(6, 10) with { Discretisation = DiagonalDiscretisation.Bilinear },
            (S4DDeclaration)Diagonal(3, 5) with { RealState = true, Initialisation = S4DInitialisation.Real, Copies = 3 },
            (S4DDeclaration)Diagonal(2, 1) with
            {
                RealState = true, Initialisation = S4DInitialisation.Real, Channels = 2, Bidirectional = true,
            },
            Structured(1, 2, 1, 1),
            Structured(3, 6, 17, 1) with { Copies = 3, Channels = 2 },
            Structured(4, 4, 100, 2) with { Copies = 2, Bidirectional = true, StepSizeTransform = StepSizeTransform.Softplus },
            Structured(2, 6, 5, 3) with { Channels = 2, Bidirectional = true },
        })
        {
            foreach (var gated in new[] { false, true })
            {
                var declaration = new StateSpaceBlockDeclaration("a", core, gated);
                var values = WeightInitialiser.Doubles(declaration.Weights, 7);
                using var file = new StateSpaceBlockFile();
                foreach (var weight in declaration.Weights)
                {
                    file.SetDoubles($"net.{weight.Name[2..]}", [.. weight.Shape], values[weight.Name]);
                }

                if (core is S4Declaration { KernelLength: var length })
                {
                    file.SetInteger("net.layer.kernel.l_kernel", length);
                }

                file.Write();
                var block = ReferenceStateSpaceBlock.Read(file.Path, new()
                {
                    SourcePrefix = "net.",
                    Prefix = "a",
                    StepSizeTransform = core.StepSizeTransform,
                    Discretisation = core is S4DDeclaration { Discretisation: var rule } ? rule : default,
                });
                Assert.AreEqual(declaration, block.Declaration);
                block.Weights.Validate(declaration.Weights, file.Path);
                foreach (var (name, expected) in values)
                {
                    CollectionAssert.AreEqual(expected, block.Weights[name].ToDoubles(), name);
                }
            }
        }
    }

    [TestMethod]
    [DataRow("layer.D", "is missing")]
    [DataRow("layer.kernel.inv_dt", "is missing; the file holds no S4Block")]
    [DataRow("layer.kernel.A_real", "is missing")]
    [DataRow("layer.kernel.A_imag", "is missing")]
    [DataRow("layer.kernel.B", "is missing")]
    [DataRow("layer.kernel.C", "is missing")]
    [DataRow("layer.kernel.P", "is missing")]
    [DataRow("layer.kernel.l_kernel", "is 0 or missing")]
    [DataRow("output_linear.0.weight", "is missing")]
    [DataRow("output_linear.0.bias", "is missing")]
    public void Read_WithoutAKey_NamesIt(string key, string part) =>
        AssertRefused(file => Assert.IsTrue(file.Tensors.Remove(key)), key, part);

    [TestMethod]
    [DataRow("layer.D", new[] { 2 }, "must be [channels, features]")]
    [DataRow("layer.D", new[] { 1, 0 }, "none of them 0")]
    [DataRow("layer.kernel.inv_dt", new[] { 3, 1 }, "must be [2, 1]")]
    [DataRow("layer.kernel.inv_dt", new[] { 2, 4 }, "dt_tie")]
    [DataRow("layer.kernel.A_real", new[] { 2, 4, 1 }, "must be [copies, modes]")]
    [DataRow("layer.kernel.A_real", new[] { 3, 4 }, "3 copies, which do not divide the 2 features")]
    [DataRow("layer.kernel.A_imag", new[] { 2, 3 }, "must be [2, 4]")]
    [DataRow("layer.kernel.B", new[] { 2, 2, 4, 2 }, "must be [1, 2, 4, 2]")]
    [DataRow("layer.kernel.B", new[] { 1, 2, 4 }, "must be [1, copies, modes, 2]")]
    [DataRow("layer.kernel.B", new[] { 1, 1, 4, 2 }, "must be [1, 2, 4, 2]")]
    [DataRow("layer.kernel.C", new[] { 3, 2, 4, 2 }, "3 kernels a feature, but layer.D has 1 channels")]
    [DataRow("layer.kernel.C", new[] { 1, 3, 4, 2 }, "must be [1, 2, 4, 2]")]
    [DataRow("layer.kernel.C", new[] { 1, 2, 5, 2 }, "must be [1, 2, 4, 2]")]
    [DataRow("layer.kernel.C", new[] { 1, 2, 4, 3 }, "must be [1, 2, 4, 2]")]
    [DataRow("layer.kernel.P", new[] { 1, 1, 4, 2 }, "must be [1, 2, 4, 2]")]
    [DataRow("layer.kernel.P", new[] { 0, 2, 4, 2 }, "none of them 0")]
    [DataRow("layer.kernel.P", new[] { 2, 4, 2 }, "must be [rank, copies, modes, 2]")]
    [DataRow("output_linear.0.weight", new[] { 3, 2 }, "must be the 2 features of layer.D, or twice as many")]
    [DataRow("output_linear.0.weight", new[] { 2, 4 }, "must be [2, 2]")]
    [DataRow("output_linear.0.bias", new[] { 4 }, "must be [2]")]
    public void Read_OfContradictoryShape_NamesKeyAndShapes(string key, int[] shape, string part) => AssertRefused(
        file => file.SetDoubles(key, shape, new double[shape.Aggregate(1, (product, length) => product * length)]),
        key,
        part);

    [TestMethod]
    public void Read_OfMoreChannelsThanKernels_NamesTheKernels() => AssertRefused(
        file => file.SetDoubles("layer.D", [2, 2], new double[4]),
        "layer.kernel.C",
        "1 kernels a feature, but layer.D has 2 channels");

    [TestMethod]
    [DataRow("layer.kernel.extra", "is unknown")]
    [DataRow("layer.kernel.omega", "is unknown")]
    [DataRow("layer.kernel.kernel.B", "checkpoints/convert_v3_to_v4.py")]
    [DataRow("layer.kernel.log_dt", "checkpoints/convert_v3_to_v4.py")]
    [DataRow("layer.kernel.inv_w_real", "checkpoints/convert_v3_to_v4.py")]
    [DataRow("layer.kernel.w_imag", "checkpoints/convert_v3_to_v4.py")]
    [DataRow("kernel.log_A_real", "s4d.py")]
    [DataRow("input_linear.weight", "bottleneck")]
    [DataRow("input_gate.0.weight", "gate")]
    [DataRow("output_gate.0.weight", "gate")]
    public void Read_OfAnotherModulesKey_SaysWhatItIs(string key, string part) =>
        AssertRefused(file => file.SetDoubles(key, [1], [0]), key, part);

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void Read_OfNoNumber_NamesItsPlace(double value) => AssertRefused(
        file => file.SetDoubles("layer.kernel.inv_dt", [2, 1], [0, value]), "layer.kernel.inv_dt", "element 1");

    [TestMethod]
    public void Read_OfOtherTypes_NamesThem()
    {
        AssertRefused(
            file => file.Tensors["layer.D"] = new("layer.D", SafetensorsType.I32, [1, 2], new byte[8]), "layer.D", "holds I32");
        AssertRefused(
            file => file.SetDoubles("layer.kernel.l_kernel", [], [16]), "layer.kernel.l_kernel", "one whole number of 64 bits");
        AssertRefused(file => file.SetInteger("layer.kernel.l_kernel", -1), "layer.kernel.l_kernel", "is -1");
        AssertRefused(file => file.SetInteger("layer.kernel.l_kernel", 1L << 31), "layer.kernel.l_kernel", "is 2147483648");
    }

    [TestMethod]
    public void Read_OfKernelLengthThatContradicts_IsRefused()
    {
        AssertRefused(
            file => file.SetInteger("layer.kernel.l_kernel", 16), "layer.kernel.l_kernel", "leave the option out", kernelLength: 8);
        AssertRefused(_ => { }, "layer.kernel.l_kernel", "must be positive", kernelLength: 0);
    }

    [TestMethod]
    public void Read_WithPrefixOfNoBlock_ListsThePrefixes()
    {
        using var file = StateSpaceBlockFile.Structured(ReferenceFile.Open("s4_step_modes.json"), "net.layers.1.layer.");
        file.SetDoubles("net.layers.0.layer.layer.kernel.inv_dt", [1, 1], [0]);
        file.Write();
        var error = Assert.ThrowsExactly<CheckpointException>(() =>
            ReferenceStateSpaceBlock.Read(file.Path, new() { SourcePrefix = "net.layers.2." }));
        Assert.Contains("'net.layers.2.layer.kernel.inv_dt' is missing", error.Message);
        Assert.Contains("'net.layers.0.layer.', 'net.layers.1.layer.'", error.Message);
    }

    [TestMethod]
    public void Read_OfRealStateWithFrequencies_IsRefused()
    {
        using var file = new StateSpaceBlockFile();
        file.SetDoubles("layer.D", [1, 1], [0]);
        file.SetDoubles("layer.kernel.inv_dt", [1, 1], [0]);
        file.SetDoubles("layer.kernel.A_real", [1, 3], [0, 0, 0]);
        file.SetDoubles("layer.kernel.A_imag", [1, 3], [0, 0, 0]);
        file.SetDoubles("layer.kernel.B", [1, 1, 3], [0, 0, 0]);
        file.SetDoubles("layer.kernel.C", [1, 1, 3], [0, 0, 0]);
        file.SetDoubles("output_linear.0.weight", [1, 1], [0]);
        file.SetDoubles("output_linear.0.bias", [1], [0]);
        file.Write();
        var error = Assert.ThrowsExactly<CheckpointException>(() => ReferenceStateSpaceBlock.Read(file.Path));
        Assert.Contains("'layer.kernel.B' has shape [1, 1, 3]", error.Message);
        file.Tensors.Remove("layer.kernel.A_imag");
        file.Write();
        Assert.IsTrue(((S4DDeclaration)ReferenceStateSpaceBlock.Read(file.Path).Declaration.Core).RealState);
    }

    [TestMethod]
    public void Read_OfNoFile_IsRefused() => Assert.ThrowsExactly<CheckpointException>(() =>
        ReferenceStateSpaceBlock.Read(Path.Combine(Path.GetTempPath(), "absent.safetensors")));

    private static void AssertRefused(Action<StateSpaceBlockFile> change, string key, string part, int? kernelLength = null)
    {
        using var file = StateSpaceBlockFile.Structured(ReferenceFile.Open("s4_step_modes.json"));
        change(file);
        file.Write();
        var error = Assert.ThrowsExactly<CheckpointException>(
            () => ReferenceStateSpaceBlock.Read(file.Path, new() { KernelLength = kernelLength }));
        Assert.AreEqual(file.Path, error.Path);
        Assert.Contains($"key '{key}'", error.Message);
        Assert.Contains(part, error.Message);
    }

    /// <summary>A plan over [batch, length, inputs], each series from a new state.</summary>
    private static double[] Run(StepPlan plan, double[] input, int batch, int length)
    {
        var outputs = new double[batch * length * plan.OutputSize];
        var output = new float[plan.OutputSize];
        for (var series = 0; series < batch; series++)
        {
            var state = plan.CreateState();
            for (var time = 0; time < length; time++)
            {
                var row = (series * length) + time;
                plan.Step(
                    Array.ConvertAll(input.AsSpan(row * plan.InputSize, plan.InputSize).ToArray(), value => (float)value),
                    state,
                    output);
                Array.ConvertAll(output, value => (double)value).CopyTo(outputs, row * plan.OutputSize);
            }
        }

        return outputs;
    }

    /// <summary>[batch, features, length] to [batch, length, features].</summary>
    private static double[] TimeFirst(double[] values, int batch, int features, int length) =>
    [
        .. from series in Enumerable.Range(0, batch)
           from time in Enumerable.Range(0, length)
           from feature in Enumerable.Range(0, features)
           select values[(((series * features) + feature) * length) + time],
    ];

    private static void AssertClose(double[] expected, double[] actual, double relative)
    {
        Assert.HasCount(expected.Length, actual);
        var scale = expected.Max(Math.Abs);
        for (var index = 0; index < expected.Length; index++)
        {
            Assert.That.IsWithin(relative * scale, Math.Abs(expected[index] - actual[index]), $"element {index}");
        }
    }

    /// <summary>x Phi(x), with the error function by its power series.</summary>
    private static double Gelu(double value)
    {
        var argument = value / Math.Sqrt(2);
        var (term, sum) = (argument, argument);
        for (var n = 1; n < 200; n++)
        {
            term *= -argument * argument / n;
            sum += term / ((2 * n) + 1);
        }

        return value / 2 * (1 + (2 / Math.Sqrt(Math.PI) * sum));
    }
}
