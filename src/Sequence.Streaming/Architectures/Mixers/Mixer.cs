using System.Text.Json;
using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>What mixes over time in the blocks of a stack, apart from how wide the stack is.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = KindField)]
[JsonDerivedType(typeof(S4DMixer), S4DMixer.Kind)]
[JsonDerivedType(typeof(S4Mixer), S4Mixer.Kind)]
[JsonDerivedType(typeof(LsslMixer), LsslMixer.Kind)]
[JsonDerivedType(typeof(SelectiveMixer), SelectiveMixer.Kind)]
[JsonDerivedType(typeof(LinearAttentionMixer), LinearAttentionMixer.Kind)]
[JsonDerivedType(typeof(NormalisedAttentionMixer), NormalisedAttentionMixer.Kind)]
[JsonDerivedType(typeof(SoftmaxAttentionMixer), SoftmaxAttentionMixer.Kind)]
[JsonDerivedType(typeof(LongformerMixer), LongformerMixer.Kind)]
[JsonDerivedType(typeof(LinformerMixer), LinformerMixer.Kind)]
[JsonDerivedType(typeof(PerformerMixer), PerformerMixer.Kind)]
[JsonDerivedType(typeof(ReformerMixer), ReformerMixer.Kind)]
[JsonDerivedType(typeof(QuasiLstmMixer), QuasiLstmMixer.Kind)]
[JsonDerivedType(typeof(RecurrentMixer), RecurrentMixer.Kind)]
public abstract record Mixer
{
    private const string KindField = "kind";

    /// <summary>The mixer as a layer that keeps the number of features.</summary>
    /// <param name="prefix">What the names of its weights start with.</param>
    /// <param name="features">Features at each time.</param>
    /// <param name="length">Longest sequence it is trained on.</param>
    /// <param name="dropout">Share of features dropped inside it in training, where it has a place for that.</param>
    public abstract LayerDeclaration Declare(string prefix, int features, int length, double dropout);

    /// <summary>Reads a mixer of any kind; its sizes are not checked yet.</summary>
    /// <exception cref="JsonException">A field is missing, unknown or of another type.</exception>
    internal static Mixer FromJson(JsonElement element, string place)
    {
        var fields = new JsonFields(element, place);
        var kind = fields.Text(KindField);
        Mixer mixer = kind switch
        {
            S4DMixer.Kind => new S4DMixer(fields),
            S4Mixer.Kind => new S4Mixer(fields),
            LsslMixer.Kind => new LsslMixer(fields),
            SelectiveMixer.Kind => new SelectiveMixer(fields),
            LinearAttentionMixer.Kind => new LinearAttentionMixer(fields),
            NormalisedAttentionMixer.Kind => new NormalisedAttentionMixer(fields),
            SoftmaxAttentionMixer.Kind => new SoftmaxAttentionMixer(fields),
            LongformerMixer.Kind => new LongformerMixer(fields),
            LinformerMixer.Kind => new LinformerMixer(fields),
            PerformerMixer.Kind => new PerformerMixer(fields),
            ReformerMixer.Kind => new ReformerMixer(fields),
            QuasiLstmMixer.Kind => new QuasiLstmMixer(),
            RecurrentMixer.Kind => new RecurrentMixer(fields),
            _ => throw new JsonException($"{place} has the unknown kind '{kind}'."),
        };
        fields.RequireNoOther();
        return mixer;
    }
}
