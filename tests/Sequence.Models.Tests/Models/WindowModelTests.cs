using Sequence.Data.Checkpoints;
using Sequence.Numerics;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Models;

[TestClass]
public sealed class WindowModelTests
{
    public static IEnumerable<object[]> Architectures =>
    [
        .. from cell in Enum.GetValues<RecurrentCell>()
           from bidirectional in new[] { false, true }
           select new object[]
           {
               new RecurrentArchitecture
               {
                   LookBack = 5, Horizon = 2, Cell = cell, Hidden = 6, LayerCount = 2, Bidirectional = bidirectional,
               },
           },
        [new RecurrentArchitecture { LookBack = 1, Horizon = 1, Features = 3, Cell = RecurrentCell.Lstm, Hidden = 4 }],
        [new ConvolutionArchitecture { LookBack = 7, Horizon = 3, Features = 2, Filters = 5 }],
        [new ResNlsArchitecture { LookBack = 5, Horizon = 4, Filters = 6, Hidden = 7 }],
        [new ResNlsArchitecture { LookBack = 1, Horizon = 1, Features = 2, Filters = 3, Hidden = 2, Kernel = 1 }],
        [new NLinearArchitecture { LookBack = 12, Horizon = 5 }],
        [new DLinearArchitecture { LookBack = 12, Horizon = 5, Kernel = 5 }],
        [new DLinearArchitecture { LookBack = 3, Horizon = 1 }],
        .. new (Mixer Mixer, Pooling Pooling)[]
        {
            (new S4DMixer { StateSize = 4 }, Pooling.Last),
            (new S4DMixer { StateSize = 4, Rate = 2, Discretisation = DiagonalDiscretisation.Bilinear }, Pooling.Mean),
            (new S4Mixer { StateSize = 4 }, Pooling.Last),
            (new LsslMixer { StateSize = 3, Channels = 2 }, Pooling.Mean),
            (new SelectiveMixer { StateSize = 3 }, Pooling.Last),
            (new LinearAttentionMixer { Heads = 2, KeySize = 3 }, Pooling.Last),
            (new NormalisedAttentionMixer { Heads = 1, KeySize = 2 }, Pooling.First),
            (new SoftmaxAttentionMixer { Heads = 2, Context = 3 }, Pooling.Last),
            (new PerformerMixer { Heads = 2, RandomFeatures = 3 }, Pooling.Mean),
            (new QuasiLstmMixer(), Pooling.Last),
            (new RecurrentMixer { Cell = RecurrentCell.Gru }, Pooling.Mean),
        }.Select((one, index) => new object[]
        {
            new StackArchitecture
            {
                LookBack = 4 + index,
                Horizon = 1 + (index % 3),
                Features = 1 + (index % 2),
                Stack = new StackOptions
                {
                    Mixer = one.Mixer,
                    Features = 4,
                    Depth = 1 + (index % 2),
                    Pooling = one.Pooling,
                    Normalisation = (Normalisation)(index % 3),
                    NormalisedBefore = index % 4 < 2,
                    FeedForward = index % 3 == 1 ? 5 : 0,
                    Positions = (PositionEncoding)(index % 2),
                },
            },
        }),
    ];

    [TestMethod]
    [DynamicData(nameof(Architectures))]
    public void Forward_AgainstStreamingPlan_IsEqual(Architecture architecture)
    {
        using var scope = NewDisposeScope();
        var values = Weights.Singles(architecture.Weights, 11);
        using var weights = ParameterSet.FromSingles(architecture.Weights, values);
        var window = Values(architecture.LookBack * architecture.Features);
        var expected = WindowModel.Create(architecture)
            .Forward(weights, tensor(window).reshape(1, architecture.LookBack, architecture.Features))
            .data<float>().ToArray();
        var plan = PlanCompiler.Compile(architecture, CheckpointWeights.FromSingles(architecture.Weights, values));
        var state = plan.CreateState();
        var actual = new float[architecture.Horizon];
        for (var row = 0; row < architecture.LookBack; row++)
        {
            plan.Step(window.AsSpan(row * architecture.Features, architecture.Features), state, actual);
        }

        for (var step = 0; step < expected.Length; step++)
        {
            Assert.AreEqual(expected[step], actual[step], 1e-5 * Math.Max(1, Math.Abs(expected[step])));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Architectures))]
    public void Gradients_AgainstFiniteDifferences_AreEqual(Architecture architecture)
    {
        using var scope = NewDisposeScope();
        using var weights = ParameterSet.FromDoubles(architecture.Weights, Weights.Doubles(architecture.Weights, 12));
        var model = WindowModel.Create(architecture);
        var windows = tensor(Values(2 * architecture.LookBack * architecture.Features))
            .reshape(2, architecture.LookBack, architecture.Features).to(ScalarType.Float64);
        FiniteDifferences.Check(
            () => model.Forward(weights, windows).square().sum(),
            weights.Trained.Select(weight => (weight.Declaration.Name, weight.Parameter)));
    }

    [TestMethod]
    [DynamicData(nameof(Architectures))]
    public void Forward_OfWrongWindow_IsRefused(Architecture architecture)
    {
        using var scope = NewDisposeScope();
        using var weights = ParameterSet.FromSingles(architecture.Weights, Weights.Singles(architecture.Weights, 13));
        var model = WindowModel.Create(architecture);
        Assert.ThrowsExactly<ModelException>(
            () => model.Forward(weights, zeros(2, architecture.LookBack + 1, architecture.Features)));
        Assert.ThrowsExactly<ModelException>(
            () => model.Forward(weights, zeros(2, architecture.LookBack, architecture.Features + 1)));
        Assert.ThrowsExactly<ModelException>(() => model.Forward(
            weights,
            zeros(2, architecture.LookBack, architecture.Features),
            tensor([architecture.LookBack, (long)architecture.LookBack])));
    }

    [TestMethod]
    public void ResNls_WithoutItsConvolutionBranch_SaysSomethingElse()
    {
        // The released code leaves the branch dead; here the branch must reach the output.
        using var scope = NewDisposeScope();
        var architecture = new ResNlsArchitecture { LookBack = 5, Horizon = 1, Filters = 4, Hidden = 4 };
        var values = Weights.Singles(architecture.Weights, 14);
        var window = tensor(Values(5)).reshape(1, 5, 1);
        using var weights = ParameterSet.FromSingles(architecture.Weights, values);
        var whole = WindowModel.Create(architecture).Forward(weights, window).item<float>();
        Array.Clear(values["cnn.8.weight"]);
        Array.Clear(values["cnn.8.bias"]);
        using var cut = ParameterSet.FromSingles(architecture.Weights, values);
        var plain = WindowModel.Create(architecture).Forward(cut, window).item<float>();
        Assert.AreNotEqual(whole, plain, 1e-4f);

        // Without the branch x + r is x: an LSTM and a head.
        var lstm = new RecurrentArchitecture { LookBack = 5, Horizon = 1, Cell = RecurrentCell.Lstm, Hidden = 4 };
        using var renamed = ParameterSet.FromSingles(lstm.Weights, values.ToDictionary(
            pair => pair.Key.Replace("lstm.", "recurrent.").Replace("linear.", "head."), pair => pair.Value));
        Assert.AreEqual(WindowModel.Create(lstm).Forward(renamed, window).item<float>(), plain, 1e-6f);
    }

    [TestMethod]
    public void NLinear_OfShiftedWindow_ShiftsItsForecast()
    {
        using var scope = NewDisposeScope();
        var architecture = new NLinearArchitecture { LookBack = 6, Horizon = 3 };
        using var weights = ParameterSet.FromDoubles(architecture.Weights, Weights.Doubles(architecture.Weights, 15));
        var model = WindowModel.Create(architecture);
        var window = tensor(Values(6)).reshape(1, 6, 1).to(ScalarType.Float64);
        var shifted = model.Forward(weights, window.add(tensor(7.0)));
        Assert.That.IsWithin(1e-12, shifted.sub(model.Forward(weights, window)).sub(tensor(7.0)).abs().max().item<double>());
    }

    [TestMethod]
    public void DLinear_WithEqualMaps_IsOneLinearMap()
    {
        // W(x - t) + W t = W x whatever the moving average is.
        using var scope = NewDisposeScope();
        var architecture = new DLinearArchitecture { LookBack = 8, Horizon = 2, Kernel = 5 };
        var values = Weights.Doubles(architecture.Weights, 16);
        values["Linear_Trend.weight"] = values["Linear_Seasonal.weight"];
        values["Linear_Trend.bias"] = [0, 0];
        using var weights = ParameterSet.FromDoubles(architecture.Weights, values);
        var window = tensor(Values(8)).to(ScalarType.Float64);
        var expected = weights.Get("Linear_Seasonal.weight").mv(window).add(weights.Get("Linear_Seasonal.bias"));
        var actual = WindowModel.Create(architecture).Forward(weights, window.reshape(1, 8, 1)).squeeze(0);
        Assert.That.IsWithin(1e-12, actual.sub(expected).abs().max().item<double>());
    }

    [TestMethod]
    public void ParameterCount_OfResNls_IsWhatPyTorchWouldHold()
    {
        // conv 1->64: 256; norm: 128; conv 64->64: 12,352; norm: 128; linear 320->5: 1,605; LSTM 1->64: 17,152; head: 65.
        Assert.AreEqual(31_686, new ResNlsArchitecture { LookBack = 5, Horizon = 1 }.ParameterCount);
    }

    [TestMethod]
    public void Create_WithSizesOutOfRange_ListsEveryFault()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => WindowModel.Create(
            new ResNlsArchitecture { LookBack = 0, Horizon = -1, Kernel = 2, Hidden = 0, Dropout = 1 }));
        Assert.HasCount(5, error.Faults);
    }

    [TestMethod]
    public void Create_OfStackThatCannotBeServed_IsRefused()
    {
        foreach (var mixer in new Mixer[] { new S4DMixer { Bidirectional = true }, new SoftmaxAttentionMixer() })
        {
            var error = Assert.ThrowsExactly<ConfigurationException>(() => WindowModel.Create(
                new StackArchitecture { LookBack = 5, Horizon = 1, Stack = new StackOptions { Mixer = mixer } }));
            Assert.Contains("no exact step", error.Message);
        }

        var faulty = Assert.ThrowsExactly<ConfigurationException>(() => WindowModel.Create(new StackArchitecture
        {
            LookBack = 5,
            Horizon = 1,
            Stack = new StackOptions { Mixer = new S4DMixer { StateSize = 3, MinimumStepSize = 0 }, Depth = 0, Dropout = 1 },
        }));
        Assert.HasCount(4, faulty.Faults);
    }

    private static float[] Values(int count)
    {
        var random = new CounterRandom(21);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
    }
}
