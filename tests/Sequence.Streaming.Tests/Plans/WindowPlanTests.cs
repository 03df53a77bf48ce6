using CsCheck;
using Sequence.Data;

namespace Sequence.Streaming.Tests.Plans;

[TestClass]
public sealed class WindowPlanTests
{
    private static readonly Gen<Architecture> GenArchitecture =
        from kind in Gen.Int[0, 4]
        from lookBack in Gen.Int[1, 12]
        from features in Gen.Int[1, 3]
        from horizon in Gen.Int[1, 20]
        from units in Gen.Int[1, 20]
        from layers in Gen.Int[1, 2]
        from half in Gen.Int[0, 3]
        from both in Gen.Bool
        from cell in Gen.Enum<RecurrentCell>()
        select kind switch
        {
            0 => (Architecture)new RecurrentArchitecture
            {
                LookBack = lookBack,
                Features = features,
                Horizon = horizon,
                Cell = cell,
                Hidden = units,
                LayerCount = layers,
                Bidirectional = both,
            },
            1 => new ConvolutionArchitecture
            {
                LookBack = lookBack,
                Features = features,
                Horizon = horizon,
                Filters = units,
                Kernel = (2 * half) + 1,
            },
            2 => new ResNlsArchitecture
            {
                LookBack = lookBack,
                Features = features,
                Horizon = horizon,
                Filters = units,
                Kernel = (2 * half) + 1,
                Hidden = units,
            },
            3 => new NLinearArchitecture { LookBack = lookBack, Horizon = horizon },
            _ => new DLinearArchitecture { LookBack = lookBack, Horizon = horizon, Kernel = (4 * half) + 1 },
        };

    [TestMethod]
    public void Step_AnyArchitecture_EqualsTheEquationsOverTheLastWindow() => Gen.Select(GenArchitecture, Gen.UInt).Sample(
        (architecture, seed) =>
        {
            var weights = Reference.RandomWeights(architecture.Weights, seed);
            var plan = PlanCompiler.Compile(architecture, weights);
            var rows = Reference.RandomRows(architecture.LookBack + 3, architecture.Features, seed);
            var outputs = StepPlanTests.Run(plan, rows);
            for (var time = 0; time < rows.Length; time++)
            {
                var first = time - architecture.LookBack + 1;
                if (first < 0)
                {
                    Assert.IsTrue(outputs[time].All(float.IsNaN));
                    continue;
                }

                var window = rows[first..(time + 1)];
                StepPlanTests.AssertClose(new Reference(weights).Model(architecture, window), outputs[time]);
                var direct = new float[architecture.Horizon];
                plan.Evaluate([.. window.SelectMany(row => row).Select(value => (float)value)], direct);
                CollectionAssert.AreEqual(direct, outputs[time]);
            }
        },
        iter: 150);

    [TestMethod]
    public void Evaluate_WrongLengths_NamesTheSizes()
    {
        var architecture = new NLinearArchitecture { LookBack = 4, Horizon = 2 };
        var plan = PlanCompiler.Compile(architecture, Reference.RandomWeights(architecture.Weights, 1));
        var exception = Assert.ThrowsExactly<ModelException>(() => plan.Evaluate(new float[3], new float[2]));
        Assert.Contains("[4, 1]", exception.Message);
        Assert.ThrowsExactly<ModelException>(() => plan.Evaluate(new float[4], new float[1]));
    }

    [TestMethod]
    public void Compile_WeightsOfAnotherSize_NamesTheFirst()
    {
        var trained = new NLinearArchitecture { LookBack = 4, Horizon = 2 };
        var weights = Reference.RandomWeights(trained.Weights, 1);
        var exception = Assert.ThrowsExactly<CheckpointException>(
            () => PlanCompiler.Compile(trained with { LookBack = 5 }, weights, "model"));
        Assert.Contains("'Linear.weight'", exception.Message);
        Assert.ThrowsExactly<ConfigurationException>(() => PlanCompiler.Compile(trained with { Horizon = 0 }, weights));
    }
}
