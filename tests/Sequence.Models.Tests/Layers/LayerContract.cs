using Sequence.Data.Checkpoints;
using Sequence.Numerics;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

/// <summary>
/// What every sequence layer promises: parallel == step == streaming, in one piece and in chunks; gradients that agree
/// with finite differences; odd shapes; typed errors. A layer's test class derives from this and names its cases.
/// </summary>
public abstract class LayerContract
{
    private static readonly (int Batch, int Length)[] Shapes = [(1, 1), (1, 7), (3, 1), (3, 13)];

    protected abstract IEnumerable<SequenceLayer> Cases { get; }

    /// <summary>The cases that are a dynamical system.</summary>
    protected virtual IEnumerable<SequenceLayer> Systems => Cases.Where(layer => layer is IDynamicalSystemLayer);

    [TestMethod]
    public void Forward_AgainstSteps_IsEqualInDouble() => ForEachExact((layer, batch, length) =>
    {
        using var weights = ParameterSet.FromDoubles(
            layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 1));
        var input = Input(batch, length, layer.Declaration.InputSize, ScalarType.Float64);
        AssertClose(layer.Forward(weights, input).Output, Steps(layer, weights, input), 1e-10);
    });

    [TestMethod]
    public void Forward_AgainstSteps_IsEqualInSingle() => ForEachExact((layer, batch, length) =>
    {
        using var weights = ParameterSet.FromSingles(
            layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 2));
        var input = Input(batch, length, layer.Declaration.InputSize, ScalarType.Float32);
        AssertClose(layer.Forward(weights, input).Output, Steps(layer, weights, input), 1e-5);
    });

    [TestMethod]
    public void Forward_InChunksWithStatePassedOn_IsEqualToOnePiece() => ForEachExact((layer, batch, length) =>
    {
        using var weights = ParameterSet.FromDoubles(
            layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 3));
        var input = Input(batch, length, layer.Declaration.InputSize, ScalarType.Float64);
        var pieces = new List<Tensor>();
        LayerState? state = null;
        for (int start = 0, size = 1; start < length; start += size, size++)
        {
            size = Math.Min(size, length - start);
            var result = layer.Forward(weights, input.narrow(1, start, size), state);
            pieces.Add(result.Output);
            state = result.State;
        }

        AssertClose(layer.Forward(weights, input).Output, cat([.. pieces], dim: 1), 1e-10);
    });

    [TestMethod]
    public void Forward_WithOtherLaterInputs_KeepsEarlierOutputs() => ForEachExact((layer, batch, length) =>
    {
        using var weights = ParameterSet.FromDoubles(
            layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 12));
        var input = Input(batch, length, layer.Declaration.InputSize, ScalarType.Float64);
        var other = Input(batch, length, layer.Declaration.InputSize, ScalarType.Float64, seed: 18);
        var expected = layer.Forward(weights, input).Output;
        for (var kept = 1; kept < length; kept += 3)
        {
            var changed = cat([input.narrow(1, 0, kept), other.narrow(1, kept, length - kept)], dim: 1);
            AssertClose(expected.narrow(1, 0, kept), layer.Forward(weights, changed).Output.narrow(1, 0, kept), 1e-10);
        }
    });

    [TestMethod]
    public void Streaming_AgainstForward_IsEqualInSingle() => ForEachExact((layer, batch, length) =>
    {
        var values = Weights.Singles(layer.Declaration.Weights, 4);
        using var weights = ParameterSet.FromSingles(layer.Declaration.Weights, values);
        var input = Input(batch, length, layer.Declaration.InputSize, ScalarType.Float32);
        var expected = layer.Forward(weights, input).Output;
        var plan = PlanCompiler.Compile(layer.Declaration, CheckpointWeights.FromSingles(layer.Declaration.Weights, values));
        var inputs = input.data<float>().ToArray();
        var actual = new float[batch * length * plan.OutputSize];
        for (var row = 0; row < batch; row++)
        {
            var state = plan.CreateState();
            for (var time = 0; time < length; time++)
            {
                var position = (row * length) + time;
                plan.Step(
                    inputs.AsSpan(position * plan.InputSize, plan.InputSize),
                    state,
                    actual.AsSpan(position * plan.OutputSize, plan.OutputSize));
            }
        }

        AssertClose(expected, tensor(actual).reshape(batch, length, plan.OutputSize), 1e-5);
    });

    [TestMethod]
    public void Gradients_AgainstFiniteDifferences_AreEqual() => ForEach((layer, batch, length) =>
    {
        using var weights = ParameterSet.FromDoubles(
            layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 5));
        var input = Input(batch, length, layer.Declaration.InputSize, ScalarType.Float64);
        input.requires_grad = true;
        var direction = Input(batch, length, layer.Declaration.OutputSize, ScalarType.Float64, seed: 99);
        FiniteDifferences.Check(
            () => layer.Forward(weights, input).Output.mul(direction).sum(),
            [.. weights.Trained.Select(weight => (weight.Declaration.Name, weight.Parameter)), ("input", input)]);
    });

    [TestMethod]
    public void System_WhereThereIsOne_RunsToTheSameOutput() => ForEach(
        (layer, _, length) =>
        {
            using var weights = ParameterSet.FromDoubles(
                layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 8));
            var input = Input(1, length, layer.Declaration.InputSize, ScalarType.Float64);
            var system = ((IDynamicalSystemLayer)layer).System(weights, input[0]);
            AssertClose(layer.Forward(weights, input).Output[0], system.Run(input[0]), 1e-10);
        },
        Systems);

    [TestMethod]
    public void Forward_OfNotANumber_NamesItsPlace() => ForEach((layer, batch, length) =>
    {
        using var weights = ParameterSet.FromSingles(
            layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 9));
        var input = Input(batch, length, layer.Declaration.InputSize, ScalarType.Float32);
        input[batch - 1, length - 1, 0] = float.NaN;
        var error = Assert.ThrowsExactly<ModelException>(() => layer.Forward(weights, input));
        Assert.Contains($"[{batch - 1}, {length - 1}, 0]", error.Message);
    });

    [TestMethod]
    public void Forward_OfAnotherElementType_IsRefused() => ForEach((layer, batch, length) =>
    {
        if (layer.Declaration.Weights.Count == 0)
        {
            return;
        }

        using var weights = ParameterSet.FromSingles(
            layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 10));
        var input = Input(batch, length, layer.Declaration.InputSize, ScalarType.Float64);
        var error = Assert.ThrowsExactly<ModelException>(() => layer.Forward(weights, input));
        Assert.Contains("Float64", error.Message);
    });

    [TestMethod]
    public void Forward_WithStateOfAnotherLayer_IsRefused() => ForEachExact((layer, batch, length) =>
    {
        using var weights = ParameterSet.FromSingles(
            layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 11));
        var input = Input(batch, length, layer.Declaration.InputSize, ScalarType.Float32);
        if (layer.Forward(weights, input).State is not { } state)
        {
            return;
        }

        var foreign = new LayerState([.. state.Tensors, zeros(batch, 3)]);
        Assert.ThrowsExactly<ModelException>(() => layer.Forward(weights, input, foreign));
        Assert.ThrowsExactly<ModelException>(() => layer.Step(weights, input.select(1, 0), foreign));
        var misshaped = new LayerState([.. state.Tensors.Select(part => part.unsqueeze(0))]);
        Assert.ThrowsExactly<ModelException>(() => layer.Forward(weights, input, misshaped));
    });

    [TestMethod]
    public void Forward_OfWrongShape_IsRefused() => ForEach((layer, batch, length) =>
    {
        using var weights = ParameterSet.FromSingles(
            layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 6));
        var wide = Input(batch, length, layer.Declaration.InputSize + 1, ScalarType.Float32);
        var error = Assert.ThrowsExactly<ModelException>(() => layer.Forward(weights, wide));
        Assert.Contains(layer.Declaration.Prefix, error.Message);
        Assert.ThrowsExactly<ModelException>(() => layer.Forward(weights, wide.select(1, 0)));
        Assert.ThrowsExactly<ModelException>(() => layer.Step(weights, wide.select(1, 0)));
    });

    [TestMethod]
    public void Step_WhereThereIsNone_IsRefused()
    {
        foreach (var layer in Cases.Where(layer => layer.Declaration.StepKind == StepKind.None))
        {
            using var scope = NewDisposeScope();
            using var weights = ParameterSet.FromSingles(
                layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 7));
            var input = Input(2, 1, layer.Declaration.InputSize, ScalarType.Float32).squeeze(1);
            var error = Assert.ThrowsExactly<ModelException>(() => layer.Step(weights, input));
            Assert.Contains("no exact step", error.Message);
            Assert.ThrowsExactly<ModelException>(() => PlanCompiler.Compile(
                layer.Declaration,
                CheckpointWeights.FromSingles(layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 7))));
        }
    }

    protected static Tensor Input(int batch, int length, int size, ScalarType type, ulong seed = 17)
    {
        var random = new CounterRandom(seed);
        var values = Enumerable.Range(0, batch * length * size).Select(_ => random.NextGaussian()).ToArray();
        return tensor(values).reshape(batch, length, size).to(type);
    }

    protected static void AssertClose(Tensor expected, Tensor actual, double relative)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        var scale = Math.Max(1, expected.abs().max().to(ScalarType.Float64).item<double>());
        var difference = expected.sub(actual).abs().max().to(ScalarType.Float64).item<double>();
        Assert.That.IsWithin(relative * scale, difference);
    }

    private static Tensor Steps(SequenceLayer layer, IWeightSource weights, Tensor input)
    {
        var outputs = new List<Tensor>();
        LayerState? state = null;
        foreach (var one in input.unbind(1))
        {
            var result = layer.Step(weights, one, state);
            outputs.Add(result.Output);
            state = result.State;
        }

        return stack([.. outputs], dim: 1);
    }

    private void ForEachExact(Action<SequenceLayer, int, int> check) =>
        ForEach(check, Cases.Where(layer => layer.Declaration.StepKind == StepKind.Exact));

    private void ForEach(Action<SequenceLayer, int, int> check) => ForEach(check, Cases);

    private static void ForEach(Action<SequenceLayer, int, int> check, IEnumerable<SequenceLayer> layers)
    {
        foreach (var layer in layers)
        {
            foreach (var (batch, length) in Shapes)
            {
                using var scope = NewDisposeScope();
                check(layer, batch, length);
            }
        }
    }
}
