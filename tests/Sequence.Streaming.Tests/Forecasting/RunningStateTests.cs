using System.Buffers;
using System.Buffers.Binary;
using Sequence.Data.Checkpoints;
using Sequence.Data.Scalers;
using Sequence.Numerics;

namespace Sequence.Streaming.Tests.Forecasting;

/// <summary>A state that was written and read again, over every kind of plan.</summary>
[TestClass]
public sealed class RunningStateTests
{
    private const int LookBack = 5;

    private readonly string _folder = Directory.CreateTempSubdirectory("sequence-").FullName;

    public static IEnumerable<object[]> Kinds =>
    [
        Stack("s4d", new S4DMixer { StateSize = 8 }),
        Stack("s4", new S4Mixer { StateSize = 4 }),
        Stack("lssl", new LsslMixer { StateSize = 4, Channels = 2 }),
        Stack("selective", new SelectiveMixer { StateSize = 3, ConvolutionKernel = 3 }),
        Stack("linear attention", new LinearAttentionMixer { Heads = 2, KeySize = 3 }),
        Stack("normalised attention", new NormalisedAttentionMixer { Heads = 2, KeySize = 3 }),
        Stack("softmax attention over a context", new SoftmaxAttentionMixer { Heads = 2, Context = 3 }),
        Stack("performer attention", new PerformerMixer { Heads = 2, RandomFeatures = 5 }),
        Stack("quasi-recurrent", new QuasiLstmMixer()),
        Stack("rnn", new RecurrentMixer { Cell = RecurrentCell.Rnn }),
        Stack("gru", new RecurrentMixer { Cell = RecurrentCell.Gru }),
        Stack("lstm", new RecurrentMixer { Cell = RecurrentCell.Lstm }),
        Stack("pooled mean", new S4DMixer { StateSize = 4 }, new StackOptions { Mixer = null!, Pooling = Pooling.Mean }),
        Stack("first, positions, feed-forward", new SoftmaxAttentionMixer { Heads = 2, Context = 4 }, new StackOptions
        {
            Mixer = null!,
            Pooling = Pooling.First,
            Positions = PositionEncoding.Sinusoidal,
            FeedForward = 7,
        }),
        ["window of a gru", new RecurrentArchitecture { LookBack = LookBack, Horizon = 2, Cell = RecurrentCell.Gru, Hidden = 3, Bidirectional = true }],
        ["window of a convolution", new ConvolutionArchitecture { LookBack = LookBack, Horizon = 2, Filters = 3, Kernel = 3 }],
        ["window of resnls", new ResNlsArchitecture { LookBack = LookBack, Horizon = 2, Filters = 3, Kernel = 3, Hidden = 4 }],
        ["window of nlinear", new NLinearArchitecture { LookBack = LookBack, Horizon = 2 }],
        ["window of dlinear", new DLinearArchitecture { LookBack = LookBack, Horizon = 2, Kernel = 3 }],
    ];

    public static string NameOf(System.Reflection.MethodInfo method, object?[] data) => $"{method.Name}, {data[0]}";

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DynamicData(nameof(Kinds), DynamicDataDisplayName = nameof(NameOf))]
    public void ReadState_OfWhatWasWritten_GoesOnTheSameToTheLastBit(string kind, Architecture architecture)
    {
        var model = Write(architecture);
        var values = Prices(40);
        foreach (var taken in (int[])[0, 1, 2, 4, 5, 6, 13, 30])
        {
            var (running, restored) = (model.Start("sse"), model.Start("sse"));
            foreach (var value in values.Take(taken))
            {
                running.Observe(value);
            }

            // What the restored one took before is gone.
            restored.Observe(7);
            restored.ReadState(State(running));
            CollectionAssert.AreEqual(State(running), State(restored), kind);
            Assert.AreEqual(taken, restored.Count);
            foreach (var value in values.Skip(taken))
            {
                running.Observe(value);
                restored.Observe(value);
                Assert.AreEqual(running.IsReady, restored.IsReady);
                if (running.IsReady)
                {
                    CollectionAssert.AreEqual(running.Forecast(), restored.Forecast(), kind);
                }
            }

            CollectionAssert.AreEqual(State(running), State(restored), kind);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds), DynamicDataDisplayName = nameof(NameOf))]
    public void ReadState_OfADamagedState_IsRefusedAndChangesNothing(string kind, Architecture architecture)
    {
        var model = Write(architecture);
        var (running, other) = (model.Start("sse"), model.Start("sse"));
        foreach (var value in Prices(9))
        {
            running.Observe(value);
        }

        other.Observe(3);
        var (bytes, before) = (State(running), State(other));
        for (var length = 0; length < bytes.Length; length++)
        {
            AssertRefused(bytes[..length]);
            var wrong = bytes.ToArray();
            wrong[length] ^= (byte)(1 << (length % 8));
            AssertRefused(wrong);
        }

        AssertRefused([.. bytes, 0]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, 2);
        Assert.Contains("version 2", AssertRefused(bytes).Message);

        ModelException AssertRefused(byte[] body)
        {
            var refusal = Assert.ThrowsExactly<ModelException>(() => other.ReadState(body), kind);
            CollectionAssert.AreEqual(before, State(other), kind);
            return refusal;
        }
    }

    [TestMethod]
    public void ReadState_OfAnotherCheckpointOrSeries_IsRefused()
    {
        var architecture = (Architecture)Stack("lstm", new RecurrentMixer { Cell = RecurrentCell.Lstm })[1];
        var (model, retrained) = (Write(architecture), Write(architecture, seed: 4));
        var state = State(model.Start("sse"));
        model.Start("sse").ReadState(state);
        Assert.Contains("not of this checkpoint", Assert.ThrowsExactly<ModelException>(() => retrained.Start("sse").ReadState(state)).Message);
        Assert.ThrowsExactly<ModelException>(() => model.Start("dax").ReadState(state));
    }

    private static object[] Stack(string kind, Mixer mixer, StackOptions? options = null) =>
    [
        kind,
        new StackArchitecture
        {
            LookBack = LookBack,
            Horizon = 2,
            Stack = (options ?? new StackOptions { Mixer = mixer }) with { Mixer = mixer, Features = 6, Depth = 2 },
        },
    ];

    private static byte[] State(RunningForecast running)
    {
        var bytes = new ArrayBufferWriter<byte>();
        running.WriteState(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private static double[] Prices(int count)
    {
        var random = new CounterRandom(5);
        return [.. Enumerable.Range(0, count).Select(_ => 100 * Math.Exp(0.1 * random.NextGaussian()))];
    }

    private StreamingModel Write(Architecture architecture, ulong seed = 3)
    {
        var directory = Path.Combine(_folder, $"model-{seed}");
        var manifest = new ModelManifest
        {
            Name = "model",
            Architecture = ManifestSections.ToJson(architecture),
            Target = "close",
            Inputs = ["close"],
            Frequency = "day",
            Scalers = new Dictionary<string, Scaler>(StringComparer.Ordinal) { ["sse"] = new LogReturnScaler(), ["dax"] = new LogReturnScaler() },
            DataFingerprint = "abc",
            Metrics = new Dictionary<string, double>(StringComparer.Ordinal),
            Seed = seed,
            CreatedAt = DateTimeOffset.UnixEpoch,
            Versions = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        Checkpoint.Write(directory, manifest, CheckpointWeights.FromSingles(
            architecture.Weights, WeightInitialiser.Singles(architecture.Weights, seed)));
        return StreamingModel.Open(directory);
    }
}
