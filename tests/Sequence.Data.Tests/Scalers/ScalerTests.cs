using System.Text.Json;
using CsCheck;
using Sequence.Data.Scalers;

namespace Sequence.Data.Tests.Scalers;

[TestClass]
public sealed class ScalerTests
{
    private static readonly Gen<double> Price = Gen.Double[0.01, 10_000];
    private static readonly Gen<double> Any = Gen.Double[-10_000, 10_000];

    [TestMethod]
    [DataRow(ScalerKind.None)]
    [DataRow(ScalerKind.Standard)]
    [DataRow(ScalerKind.MinMax)]
    [DataRow(ScalerKind.Robust)]
    [DataRow(ScalerKind.Difference)]
    [DataRow(ScalerKind.LogReturn)]
    public void Invert_AfterTransform_GivesTheValuesBack(ScalerKind kind)
    {
        var values = (kind == ScalerKind.LogReturn ? Price : Any).Array[3, 60];
        Gen.Select(values, values).Sample((training, later) =>
        {
            var scaler = ScalerFactory.Fit(kind, training);
            var scaled = new double[later.Length - scaler.Lag];
            scaler.Transform(later, scaled);
            var back = new double[scaled.Length];
            scaler.Invert(scaled, later[0], back);
            AssertClose(later[scaler.Lag..], back, 1e-12 * training.Concat(later).Max(Math.Abs));
        });
    }

    [TestMethod]
    [DataRow(ScalerKind.None)]
    [DataRow(ScalerKind.Standard)]
    [DataRow(ScalerKind.MinMax)]
    [DataRow(ScalerKind.Robust)]
    [DataRow(ScalerKind.Difference)]
    [DataRow(ScalerKind.LogReturn)]
    public void Invert_InTwoPieces_EqualsInOne(ScalerKind kind) =>
        Price.Array[4, 40].Sample(values =>
        {
            var scaler = ScalerFactory.Fit(kind, values);
            var scaled = new double[values.Length - scaler.Lag];
            scaler.Transform(values, scaled);
            var whole = new double[scaled.Length];
            scaler.Invert(scaled, values[0], whole);

            var cut = scaled.Length / 2;
            var pieces = new double[scaled.Length];
            scaler.Invert(scaled.AsSpan(0, cut), values[0], pieces.AsSpan(0, cut));
            scaler.Invert(scaled.AsSpan(cut), pieces[cut - 1], pieces.AsSpan(cut));
            CollectionAssert.AreEqual(whole, pieces);
        });

    [TestMethod]
    [DataRow(ScalerKind.None)]
    [DataRow(ScalerKind.Standard)]
    [DataRow(ScalerKind.MinMax)]
    [DataRow(ScalerKind.Robust)]
    [DataRow(ScalerKind.Difference)]
    [DataRow(ScalerKind.LogReturn)]
    public void Json_ThereAndBack_IsTheSameScalerBitForBit(ScalerKind kind) =>
        Price.Array[3, 20].Sample(values =>
        {
            var scaler = ScalerFactory.Fit(kind, values);
            var back = JsonSerializer.Deserialize<Scaler>(JsonSerializer.Serialize(scaler));
            Assert.AreEqual(scaler, back);
        });

    [TestMethod]
    public void Json_OfChain_NamesTheKinds()
    {
        var json = JsonSerializer.Serialize<Scaler>(new ChainScaler(new LogReturnScaler(), new StandardScaler(0.5, 2)));
        Assert.AreEqual(
            """{"kind":"chain","First":{"kind":"log-return"},"Second":{"kind":"standard","Mean":0.5,"Scale":2}}""", json);
    }

    [TestMethod]
    [DataRow("""{"kind":"standard","Mean":0,"Scale":0}""")]
    [DataRow("""{"kind":"robust","Median":0,"Scale":-1}""")]
    [DataRow("""{"kind":"min-max","Minimum":2,"Maximum":1}""")]
    [DataRow("""{"kind":"chain","First":{"kind":"difference"}}""")]
    [DataRow("""{"kind":"chain","First":{"kind":"difference"},"Second":{"kind":"log-return"}}""")]
    public void Json_WithImpossibleParameters_IsRefused(string json) =>
        Assert.ThrowsExactly<DataFormatException>(() => JsonSerializer.Deserialize<Scaler>(json));

    [TestMethod]
    public void Standard_Fitted_HasMeanAndPopulationDeviation()
    {
        // Mean 5, squared deviations 9+1+1+1+0+0+4+16 = 32, 32 / 8 = 4.
        var scaler = StandardScaler.Fit([2, 4, 4, 4, 5, 5, 7, 9]);
        Assert.AreEqual(new StandardScaler(5, 2), scaler);
        AssertTransforms(scaler, [1, 9], [-2, 2]);
    }

    [TestMethod]
    public void MinMax_Fitted_MapsTheRangeOnZeroToOne() =>
        AssertTransforms(MinMaxScaler.Fit([3, -1, 7]), [-1, 1, 7, 15], [0, 0.25, 1, 2]);

    [TestMethod]
    public void Robust_Fitted_HasMedianAndInterquartileRange()
    {
        // Of 1, 2, 3, 100 the quartiles lie at positions 0.75 and 2.25: 1.75 and 3 + 97 / 4 = 27.25.
        var scaler = RobustScaler.Fit([100, 3, 1, 2]);
        Assert.AreEqual(2.5, scaler.Median);
        Assert.AreEqual(25.5, scaler.Scale);
    }

    [TestMethod]
    public void Difference_Transforms_ToSteps() =>
        AssertTransforms(DifferenceScaler.Fit([1, 2]), [5, 7, 4], [2, -3]);

    [TestMethod]
    public void LogReturn_Transforms_ToLogarithmsOfRatios() =>
        AssertTransforms(LogReturnScaler.Fit([1, 2]), [1, Math.E, 1], [1, -1]);

    [TestMethod]
    [DataRow(ScalerKind.Standard)]
    [DataRow(ScalerKind.MinMax)]
    [DataRow(ScalerKind.Robust)]
    public void Constant_Training_HasScaleOne(ScalerKind kind) =>
        AssertTransforms(ScalerFactory.Fit(kind, [0.1, 0.1, 0.1, 0.1, 0.1, 0.1]), [0.1, 3.1], [0, 3]);

    [TestMethod]
    [DataRow(ScalerKind.Difference)]
    [DataRow(ScalerKind.LogReturn)]
    public void Constant_TrainingOfSteps_StaysFinite(ScalerKind kind) =>
        AssertTransforms(ScalerFactory.Fit(kind, [7, 7, 7]), [7, 7, 7], [0, 0]);

    [TestMethod]
    public void Chain_WithLagInTheSecond_InvertsExactly()
    {
        var scaler = new ChainScaler(new StandardScaler(10, 4), new DifferenceScaler());
        AssertTransforms(scaler, [2, 6, 18], [1, 3]);
        var back = new double[2];
        scaler.Invert([1, 3], 2, back);
        CollectionAssert.AreEqual(new double[] { 6, 18 }, back);
    }

    [TestMethod]
    public void LogReturn_OfZero_NamesTheIndex()
    {
        var exception = Assert.ThrowsExactly<DataFormatException>(() => LogReturnScaler.Fit([1, 2, 0, 3]));
        Assert.Contains("value 2 is 0", exception.Message);
        exception = Assert.ThrowsExactly<DataFormatException>(
            () => new LogReturnScaler().Transform([4, -1], new double[1]));
        Assert.Contains("value 1 is -1", exception.Message);
    }

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void Fit_WithoutFiniteValue_NamesTheIndex(double bad)
    {
        foreach (var kind in Enum.GetValues<ScalerKind>().Where(kind => kind != ScalerKind.None))
        {
            var exception = Assert.ThrowsExactly<DataFormatException>(() => ScalerFactory.Fit(kind, [1, bad, 2]));
            Assert.Contains("value 1", exception.Message);
            Assert.ThrowsExactly<DataFormatException>(() => ScalerFactory.Fit(kind, []));
        }
    }

    [TestMethod]
    public void Transform_WithoutRoom_NamesTheLengths()
    {
        var exception = Assert.ThrowsExactly<ModelException>(() => new DifferenceScaler().Transform([1, 2, 3], new double[3]));
        Assert.Contains("3 values", exception.Message);
        Assert.ThrowsExactly<ModelException>(() => new DifferenceScaler().Transform([], []));
        Assert.ThrowsExactly<ModelException>(() => new StandardScaler(0, 1).Invert([1, 2], 0, new double[1]));
    }

    [TestMethod]
    public void ParseKind_OfEveryName_FitsThatKind()
    {
        Type[] types =
        [
            typeof(IdentityScaler), typeof(StandardScaler), typeof(MinMaxScaler), typeof(RobustScaler), typeof(ChainScaler),
            typeof(ChainScaler),
        ];
        var fitted = ScalerFactory.Names.Select(name => ScalerFactory.Fit(ScalerFactory.ParseKind(name), [1, 2, 4]).GetType());
        CollectionAssert.AreEqual(types, fitted.ToArray());
        var exception = Assert.ThrowsExactly<ConfigurationException>(() => ScalerFactory.ParseKind("zscore"));
        Assert.Contains("none, standard, min-max, robust, difference, log-return", exception.Message);
    }

    private static void AssertTransforms(Scaler scaler, double[] values, double[] expected)
    {
        var scaled = new double[expected.Length];
        scaler.Transform(values, scaled);
        AssertClose(expected, scaled, 1e-12);
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.HasCount(expected.Length, actual);
        for (var index = 0; index < expected.Length; index++)
        {
            Assert.AreEqual(expected[index], actual[index], tolerance);
        }
    }
}
