using System.Buffers;
using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Data.Scalers;
using Sequence.Numerics;

namespace Sequence.Streaming.Tests.Forecasting;

[TestClass]
public sealed class RunningForecastTests
{
    private const int LookBack = 12;

    private readonly string _folder = Directory.CreateTempSubdirectory("sequence-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Observe_AsManyAsTheLookBack_ForecastsWhatTheWindowDoes(bool isStack)
    {
        var values = Prices(LookBack + 1);
        var running = Write(isStack ? Stack() : Window(), new LogReturnScaler()).Start();
        foreach (var value in values)
        {
            running.Observe(value);
        }

        var timestamps = Enumerable.Range(0, values.Length).Select(day => DateTimeOffset.UnixEpoch.AddDays(day)).ToArray();
        var expected = StreamingForecaster.Open(Path.Combine(_folder, "model"))
            .Forecast(new TimeSeries("sse", new Frequency(FrequencyUnit.Day), timestamps, values), 3).Mean;
        CollectionAssert.AreEqual(expected, running.Forecast());
        Assert.AreEqual(LookBack + 1, running.Count);
    }

    [TestMethod]
    public void Observe_OfAStack_KeepsWhatAWindowForgets()
    {
        // Two histories that differ only before the last look-back rows.
        var model = Write(Stack(), new StandardScaler(100, 10));
        var (one, other) = (model.Start(), model.Start("sse"));
        var values = Prices(LookBack + 1);
        for (var row = 0; row < values.Length; row++)
        {
            one.Observe(values[row]);
            other.Observe(row == 0 ? values[row] + 50 : values[row]);
        }

        Assert.AreNotEqual(one.Forecast()[0], other.Forecast()[0]);
    }

    [TestMethod]
    public void Observe_OfWhatCannotBeScaled_LeavesTheStreamAsItWas()
    {
        var model = Write(Stack(), new LogReturnScaler());
        var (clean, tried) = (model.Start(), model.Start());
        foreach (var value in Prices(LookBack))
        {
            Assert.ThrowsExactly<ModelException>(() => tried.Observe(double.NaN));
            Assert.ThrowsExactly<ModelException>(() => tried.Observe(double.PositiveInfinity));
            Assert.ThrowsExactly<DataFormatException>(() => tried.Observe(0));
            clean.Observe(value);
            tried.Observe(value);
        }

        CollectionAssert.AreEqual(clean.Forecast(), tried.Forecast());
        Assert.AreEqual(LookBack, tried.Count);
    }

    [TestMethod]
    public void Observe_AfterTheFirst_AllocatesNothing()
    {
        var running = Write(Stack(), new LogReturnScaler()).Start();
        var values = Prices(200);
        foreach (var value in values)
        {
            running.Observe(value);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var value in values)
        {
            running.Observe(value);
        }

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Forecast_BeforeThereIsOne_SaysHowManyAreNeeded()
    {
        var running = Write(Window(), new LogReturnScaler()).Start();
        Assert.IsFalse(running.IsReady);
        running.Observe(100);
        Assert.Contains($"{LookBack + 1}", Assert.ThrowsExactly<ModelException>(() => running.Forecast()).Message);
    }

    [TestMethod]
    public void Start_OfAnUnknownSeries_NamesTheKnownOnes() => Assert.Contains(
        "sse", Assert.ThrowsExactly<DataFormatException>(() => Write(Window(), new LogReturnScaler()).Start("dax")).Message);

    [TestMethod]
    public void WriteState_OfTwoRuns_IsEqualExactlyWhenTheyTookTheSame()
    {
        var model = Write(Stack(), new LogReturnScaler());
        var (one, other) = (model.Start(), model.Start());
        foreach (var price in Prices(20))
        {
            one.Observe(price);
            CollectionAssert.AreNotEqual(State(other), State(one));
            other.Observe(price);
            CollectionAssert.AreEqual(State(other), State(one));
        }

        // The version, the count, the last two prices of a log-return, the plan's state, three forecasts and the checksum.
        Assert.HasCount(4 + 8 + (2 * 8) + (4 * (model.Plan.Running.StateSize + 3)) + 4, State(one));
        Assert.AreEqual(20, BitConverter.ToInt64(State(one), 4));

        static byte[] State(RunningForecast running)
        {
            var bytes = new ArrayBufferWriter<byte>();
            running.WriteState(bytes);
            return bytes.WrittenSpan.ToArray();
        }
    }

    private static StackArchitecture Stack() => new()
    {
        LookBack = LookBack,
        Horizon = 3,
        Stack = new StackOptions { Mixer = new S4DMixer { StateSize = 8 }, Features = 8, Depth = 2 },
    };

    private static RecurrentArchitecture Window() =>
        new() { LookBack = LookBack, Horizon = 3, Cell = RecurrentCell.Gru, Hidden = 5 };

    private static double[] Prices(int count)
    {
        var random = new CounterRandom(5);
        return [.. Enumerable.Range(0, count).Select(_ => 100 * Math.Exp(0.1 * random.NextGaussian()))];
    }

    private StreamingModel Write(Architecture architecture, Scaler scaler)
    {
        var directory = Path.Combine(_folder, "model");
        var manifest = new ModelManifest
        {
            Name = "model",
            Architecture = ManifestSections.ToJson(architecture),
            Target = "close",
            Inputs = ["close"],
            Frequency = "day",
            Scalers = new Dictionary<string, Scaler>(StringComparer.Ordinal) { ["sse"] = scaler },
            DataFingerprint = "abc",
            Metrics = new Dictionary<string, double>(StringComparer.Ordinal),
            Seed = 1,
            CreatedAt = DateTimeOffset.UnixEpoch,
            Versions = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        Checkpoint.Write(directory, manifest, CheckpointWeights.FromSingles(
            architecture.Weights, WeightInitialiser.Singles(architecture.Weights, seed: 3)));
        return StreamingModel.Open(directory);
    }
}
