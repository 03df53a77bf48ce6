using System.Text.Json;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming.Tests.Architectures;

/// <summary>Mixers that look ahead are no forecasters, so that they are read here by themselves.</summary>
[TestClass]
public sealed class MixerTests
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static IEnumerable<object[]> Mixers => new Mixer[]
    {
        new S4Mixer { StateSize = 4, Bidirectional = true, Untied = true, StepSizeTransform = StepSizeTransform.Softplus },
        new S4DMixer { StateSize = 4, Bidirectional = true, Untied = true, StepSizeTransform = StepSizeTransform.Softplus },
        new SoftmaxAttentionMixer { Heads = 2, Bidirectional = true, Materialised = true },
        new LinearAttentionMixer { Heads = 2, KeySize = 5, Bidirectional = true },
        new LongformerMixer { Heads = 2, Window = 3, GlobalPositions = 2 },
        new LinformerMixer { Heads = 2, Rank = 5 },
        new PerformerMixer { Heads = 2, RandomFeatures = 5, Bidirectional = true },
        new ReformerMixer { Heads = 2, Rounds = 3, Chunk = 5, Bidirectional = true },
    }.Select(mixer => new object[] { mixer });

    [TestMethod]
    [DynamicData(nameof(Mixers))]
    public void FromJson_OfWhatWasWritten_IsTheSame(Mixer mixer)
    {
        var json = JsonSerializer.SerializeToElement(mixer, Options);
        Assert.AreEqual(mixer, Mixer.FromJson(json, "mixer"));
    }

    [TestMethod]
    [DynamicData(nameof(Mixers))]
    public void FromJson_OfTheKindAlone_HasTheDefaults(Mixer mixer)
    {
        var kind = JsonSerializer.SerializeToElement(mixer, Options).GetProperty("kind").GetString();
        var read = Mixer.FromJson(JsonSerializer.SerializeToElement(new { kind }), "mixer");
        Assert.AreEqual(Activator.CreateInstance(mixer.GetType()), read);
    }

    [TestMethod]
    [DynamicData(nameof(Mixers))]
    public void FromJson_OfAnUnknownField_NamesIt(Mixer mixer)
    {
        var fields = JsonSerializer.SerializeToElement(mixer, Options).EnumerateObject()
            .ToDictionary(field => field.Name, field => field.Value);
        fields["reach"] = JsonSerializer.SerializeToElement(3);
        var error = Assert.ThrowsExactly<JsonException>(
            () => Mixer.FromJson(JsonSerializer.SerializeToElement(fields), "mixer"));
        Assert.Contains("'reach'", error.Message);
    }

    [TestMethod]
    [DynamicData(nameof(Mixers))]
    public void Declare_OfThatMixer_HasNoStepAndNoPlan(Mixer mixer)
    {
        var layer = mixer.Declare("m", 6, 9, 0);
        Assert.AreEqual(StepKind.None, layer.StepKind);
        Assert.IsEmpty(layer.Faults());
        Assert.ThrowsExactly<ModelException>(() => PlanCompiler.Compile(
            layer, CheckpointWeights.FromSingles(layer.Weights, WeightInitialiser.Singles(layer.Weights, seed: 1))));
    }
}
