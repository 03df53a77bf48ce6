using System.Text.Json;
using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Data.Scalers;
using Sequence.Forecasting;
using Sequence.Numerics;

namespace Sequence.Streaming.Tests.Serving;

[TestClass]
public sealed class StreamingForecasterTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private string _folder = string.Empty;

    private string Target => Path.Combine(_folder, "model");

    [TestInitialize]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("sequence-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Forecast_DifferencedNLinear_GivesTheHandComputedValues()
    {
        // With W = 0 and b = (1, 2): y = last difference + b. Differences of 10, 13, 17 are 3, 4.
        Write(new DifferenceScaler());
        var forecast = StreamingForecaster.Open(Target).Forecast(Series("sse", 5, 10, 13, 17), 2);
        CollectionAssert.AreEqual(new[] { 17.0 + 5, 17 + 5 + 6 }, forecast.Mean);
        Assert.AreEqual(Start.AddDays(3), forecast.Origin);
        CollectionAssert.AreEqual(new[] { Start.AddDays(4), Start.AddDays(5) }, forecast.Timestamps);
        Assert.IsEmpty(forecast.Intervals);
    }

    [TestMethod]
    public void Forecast_StandardisedNLinear_GivesTheHandComputedValues()
    {
        // Scaled last value (17 - 1) / 4 = 4; y = 4 + 1; back: 5 * 4 + 1.
        Write(new StandardScaler(1, 4));
        var forecast = StreamingForecaster.Open(Target).Forecast(Series("sse", 13, 17), 1);
        CollectionAssert.AreEqual(new[] { 21.0 }, forecast.Mean);
    }

    [TestMethod]
    public void Forecast_CalibratedModel_HasTheIntervalsOfTheManifest()
    {
        Write(new StandardScaler(1, 4), new IntervalCalibration([[1, 2, 3, 4], [2, 4, 6, 8]]));
        var forecast = StreamingForecaster.Open(Target).Forecast(Series("sse", 13, 17), 2, [80, 40]);

        // Of four errors, level 40 takes the second, level 80 the fourth.
        Assert.AreEqual(40, forecast.Intervals[0].Level);
        CollectionAssert.AreEqual(new[] { 21.0 - 2, 25 - 4 }, forecast.Intervals[0].Lower);
        CollectionAssert.AreEqual(new[] { 21.0 + 4, 25 + 8 }, forecast.Intervals[1].Upper);
    }

    [TestMethod]
    public void Forecast_CalibratedWithAScale_HasTheWidthOfTheHistory()
    {
        // Span 3 weighs the change of 4 by one half: (2 + 4) / 2 = 3.
        Write(new StandardScaler(1, 4), new IntervalCalibration([[1, 2, 3, 4]], new VolatilityScale(3, 2)));
        var forecast = StreamingForecaster.Open(Target).Forecast(Series("sse", 13, 17), 1, [80]);
        CollectionAssert.AreEqual(new[] { 21.0 - (4 * 3) }, forecast.Intervals[0].Lower);
        CollectionAssert.AreEqual(new[] { 21.0 + (4 * 3) }, forecast.Intervals[0].Upper);
    }

    [TestMethod]
    public void Open_CalibrationWithoutAScale_HasTheSameWidthEverywhere()
    {
        Write(new StandardScaler(1, 4));
        var (manifest, weights) = Checkpoint.Read(Target);
        var calibration = JsonSerializer.Deserialize<JsonElement>("""{"sse":{"scores":[[1,2,3,4]]}}""");
        Checkpoint.Write(Target, manifest with { Calibration = calibration }, weights);
        var forecast = StreamingForecaster.Open(Target).Forecast(Series("sse", 13, 17), 1, [80]);
        CollectionAssert.AreEqual(new[] { 21.0 + 4 }, forecast.Intervals[0].Upper);
    }

    [TestMethod]
    public void ReadCalibrations_WithAScale_GivesWhatWasWritten()
    {
        Write(new StandardScaler(1, 4), new IntervalCalibration([[1, 2], [0.1]], new VolatilityScale(7, 0.5)));
        var read = ManifestSections.ReadCalibrations(Checkpoint.Read(Target).Manifest, "here")["sse"];
        Assert.AreEqual(new VolatilityScale(7, 0.5), read.Scale);
        CollectionAssert.AreEqual(new[] { 1.0, 2 }, read.Scores[0]);
        CollectionAssert.AreEqual(new[] { 0.1 }, read.Scores[1]);
    }

    [TestMethod]
    public void Forecast_AllRowsOrOnlyTheLast_GivesTheSame()
    {
        Write(new DifferenceScaler());
        var model = StreamingForecaster.Open(Target);
        Assert.AreEqual(3, model.MinimumHistory);
        CollectionAssert.AreEqual(
            model.Forecast(Series("sse", 10, 13, 17), 2).Mean,
            model.Forecast(Series("sse", double.NaN, 1e9, 10, 13, 17), 2).Mean);
    }

    [TestMethod]
    public void Forecast_BadInput_SaysWhatIsWrong()
    {
        Write(new DifferenceScaler());
        var model = StreamingForecaster.Open(Target);
        AssertMessage<DataFormatException>("'other'", () => model.Forecast(Series("other", 1, 2, 3), 1));
        AssertMessage<DataFormatException>("2 rows", () => model.Forecast(Series("sse", 1, 2), 1));
        AssertMessage<DataFormatException>("NaN", () => model.Forecast(Series("sse", 1, double.NaN, 3), 1));
        AssertMessage<ModelException>("2 steps", () => model.Forecast(Series("sse", 1, 2, 3), 3));
        AssertMessage<ArgumentOutOfRangeException>("horizon", () => model.Forecast(Series("sse", 1, 2, 3), 0));
    }

    [TestMethod]
    [DataRow("""{"kind":"transformer","lookBack":2,"horizon":2}""", "architecture")]
    [DataRow("""{"kind":"nlinear","horizon":2}""", "lookBack")]
    [DataRow("""{"kind":"nlinear","lookBack":0,"horizon":2}""", "look-back is 0")]
    [DataRow("""{"kind":"nlinear","lookBack":2,"horizon":2,"depth":3}""", "depth")]
    [DataRow("""{"kind":"nlinear","lookBack":2,"lookBack":2,"horizon":2}""", "lookBack")]
    [DataRow("""{"kind":"nlinear","lookBack":null,"horizon":2}""", "lookBack")]
    [DataRow("""{"kind":"nlinear","lookBack":2.5,"horizon":2}""", "lookBack")]
    [DataRow("""{"kind":"recurrent","lookBack":2,"horizon":2,"hidden":2,"cell":"Lstn"}""", "cell")]
    [DataRow("""{"kind":"nlinear","lookBack":3,"horizon":2}""", "'Linear.weight'")]
    [DataRow("""{"kind":"stack","lookBack":3,"horizon":2}""", "stack")]
    [DataRow("""{"kind":"stack","lookBack":3,"horizon":2,"stack":{"mixer":{"kind":"s5"}}}""", "'s5'")]
    [DataRow("""{"kind":"stack","lookBack":3,"horizon":2,"stack":{"mixer":{"kind":"s4d","stateSize":3}}}""", "state size is 3")]
    [DataRow("""{"kind":"stack","lookBack":3,"horizon":2,"stack":{"mixer":{"kind":"s4d","order":3}}}""", "order")]
    [DataRow("""{"kind":"stack","lookBack":3,"horizon":2,"stack":{"mixer":{"kind":"qlstm"},"pooling":"Max"}}""", "pooling")]
    [DataRow("""{"kind":"stack","lookBack":3,"horizon":2,"stack":{"mixer":{"kind":"attention"}}}""", "no exact step")]
    [DataRow("7", "architecture")]
    public void Open_ArchitectureWithAFault_NamesIt(string architecture, string expected)
    {
        Write(new DifferenceScaler());
        var (manifest, weights) = Checkpoint.Read(Target);
        Checkpoint.Write(
            Target, manifest with { Architecture = JsonSerializer.Deserialize<JsonElement>(architecture) }, weights);
        AssertMessage<CheckpointException>(expected, () => StreamingForecaster.Open(Target));
    }

    [TestMethod]
    [DataRow("""{"sse":{"scores":[[2,1]]}}""")]
    [DataRow("""{"sse":{}}""")]
    [DataRow("""{"sse":{"scores":[[1]],"scale":{"span":3}}}""")]
    [DataRow("""{"sse":{"scores":[[1]],"scale":{"span":0,"reference":1}}}""")]
    [DataRow("""{"sse":{"scores":[["1"]]}}""")]
    [DataRow("""{"sse":{"scores":[[1]],"span":3}}""")]
    [DataRow("[]")]
    public void Open_CalibrationWithAFault_ThrowsCheckpointException(string calibration)
    {
        Write(new DifferenceScaler());
        var (manifest, weights) = Checkpoint.Read(Target);
        Checkpoint.Write(
            Target, manifest with { Calibration = JsonSerializer.Deserialize<JsonElement>(calibration) }, weights);
        AssertMessage<CheckpointException>("calibration", () => StreamingForecaster.Open(Target));
    }

    [TestMethod]
    public void ReadArchitecture_EveryKind_RoundTrips()
    {
        Architecture[] architectures =
        [
            new RecurrentArchitecture { LookBack = 5, Features = 2, Horizon = 3, Cell = RecurrentCell.Gru, Hidden = 9, Bidirectional = true },
            new ConvolutionArchitecture { LookBack = 6, Horizon = 2, Filters = 8 },
            new ResNlsArchitecture { LookBack = 5, Horizon = 1, Dropout = 0.3 },
            new NLinearArchitecture { LookBack = 36, Horizon = 9 },
            new DLinearArchitecture { LookBack = 36, Horizon = 9, Kernel = 7 },
            .. new Mixer[]
            {
                new S4DMixer
                {
                    StateSize = 4, Initialisation = S4DInitialisation.Inv, Discretisation = DiagonalDiscretisation.Bilinear,
                    MinimumStepSize = 0.01, MaximumStepSize = 0.2, Rate = 0.5,
                },
                new S4Mixer { StateSize = 4, Measure = HippoMeasure.LegT, MinimumStepSize = 0.01, MaximumStepSize = 0.2, Rate = 0.5 },
                new LsslMixer { StateSize = 5, Channels = 2, Measure = HippoMeasure.LegT, Transition = LsslTransition.Shared, Rate = 2 },
                new SelectiveMixer { StateSize = 3, Expansion = 1, ConvolutionKernel = 2, Rate = 2 },
                new LinearAttentionMixer { Heads = 2, KeySize = 5 },
                new NormalisedAttentionMixer { Heads = 1, KeySize = 5 },
                new SoftmaxAttentionMixer { Heads = 2, Context = 7 },
                new PerformerMixer { Heads = 2, RandomFeatures = 5 },
                new QuasiLstmMixer(),
                new RecurrentMixer { Cell = RecurrentCell.Gru },
            }.Select(mixer => new StackArchitecture
            {
                LookBack = 7,
                Features = 2,
                Horizon = 3,
                Stack = new StackOptions
                {
                    Mixer = mixer, Features = 8, Depth = 3, Normalisation = Normalisation.Batch, NormalisedBefore = false,
                    Dropout = 0.2, Pooling = Pooling.Mean, FeedForward = 6, Positions = PositionEncoding.Sinusoidal,
                },
            }),
        ];
        foreach (var architecture in architectures)
        {
            var manifest = Manifest(new DifferenceScaler()) with { Architecture = ManifestSections.ToJson(architecture) };
            Assert.AreEqual(architecture, ManifestSections.ReadArchitecture(manifest, "here"));
        }
    }

    /// <summary>A description from before these options reads as it did, and is written as it was.</summary>
    [TestMethod]
    public void Architecture_WithLaterOptionsAtTheirDefaults_LeavesThemOut()
    {
        foreach (var mixer in new Mixer[] { new SoftmaxAttentionMixer { Context = 3 }, new LinearAttentionMixer() })
        {
            var architecture = new StackArchitecture { LookBack = 7, Horizon = 1, Stack = new StackOptions { Mixer = mixer } };
            var json = ManifestSections.ToJson(architecture);
            var stack = json.GetProperty("stack");
            CollectionAssert.AreEqual(
                (string[])["mixer", "features", "depth", "normalisation", "normalisedBefore", "dropout", "pooling"],
                stack.EnumerateObject().Select(property => property.Name).ToArray());
            Assert.IsFalse(stack.GetProperty("mixer").TryGetProperty("materialised", out _));
            Assert.AreEqual(
                mixer is SoftmaxAttentionMixer, stack.GetProperty("mixer").TryGetProperty("bidirectional", out _));
            Assert.AreEqual(
                architecture, ManifestSections.ReadArchitecture(Manifest(new DifferenceScaler()) with { Architecture = json }, "here"));
        }
    }

    [TestMethod]
    public void TorchFreeRooms_References_HoldNoTorchSharp()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<System.Reflection.Assembly>(
        [
            typeof(StreamingModel).Assembly, typeof(Forecast).Assembly, typeof(Checkpoint).Assembly,
            typeof(Sequence.Numerics.Activations).Assembly,
        ]);
        while (waiting.TryPop(out var assembly))
        {
            foreach (var reference in assembly.GetReferencedAssemblies().Where(name => seen.Add(name.Name!)))
            {
                if (reference.Name!.StartsWith("Sequence.", StringComparison.Ordinal))
                {
                    waiting.Push(System.Reflection.Assembly.Load(reference));
                }
            }
        }

        Assert.Contains("Sequence.Numerics", seen);
        Assert.IsEmpty(seen.Where(name =>
            name.StartsWith("TorchSharp", StringComparison.OrdinalIgnoreCase)
            || name is "Sequence.Torch" or "Sequence.Models" or "Sequence.Training"));
    }

    private static void AssertMessage<TException>(string expected, Action action)
        where TException : Exception => Assert.Contains(expected, Assert.ThrowsExactly<TException>(action).Message);

    private static TimeSeries Series(string id, params double[] values) => new(
        id,
        new Frequency(FrequencyUnit.Day),
        Enumerable.Range(0, values.Length).Select(day => Start.AddDays(day)).ToArray(),
        values);

    private static ModelManifest Manifest(Scaler scaler) => new()
    {
        Name = "nlinear-2",
        Architecture = ManifestSections.ToJson(new NLinearArchitecture { LookBack = 2, Horizon = 2 }),
        Target = "close",
        Inputs = ["close"],
        Frequency = "day",
        Scalers = new Dictionary<string, Scaler>(StringComparer.Ordinal) { ["sse"] = scaler },
        DataFingerprint = "abc",
        Metrics = new Dictionary<string, double>(StringComparer.Ordinal),
        Seed = 1,
        CreatedAt = Start,
        Versions = new Dictionary<string, string>(StringComparer.Ordinal),
    };

    private void Write(Scaler scaler, IntervalCalibration? calibration = null)
    {
        JsonElement? section = calibration is null
            ? null
            : ManifestSections.ToJson(
                new Dictionary<string, IntervalCalibration>(StringComparer.Ordinal) { ["sse"] = calibration });
        var weights = new CheckpointWeights(
        [
            SafetensorsTensor.FromSingles("Linear.weight", [2, 2], new float[4]),
            SafetensorsTensor.FromSingles("Linear.bias", [2], [1, 2]),
        ]);
        Checkpoint.Write(Target, Manifest(scaler) with { Calibration = section }, weights);
    }
}
