using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>The affine maps of an attention layer, and how heads are cut apart and joined.</summary>
internal static class AttentionHeads
{
    /// <summary>A map of the input cut into heads: [batch, length, features] to [batch, heads, length, size].</summary>
    public static Tensor Project(
        AttentionDeclaration declaration, IWeightSource weights, string projection, Tensor input) =>
        Split(declaration, Map(declaration, weights, projection, input));

    /// <summary>Cuts what a map gave into heads: [batch, length, heads * size] to [batch, heads, length, size].</summary>
    public static Tensor Split(AttentionDeclaration declaration, Tensor mapped) =>
        mapped.reshape(mapped.shape[0], mapped.shape[1], declaration.Heads, -1).transpose(1, 2);

    /// <summary>The same of one time: [batch, features] to [batch, heads, size].</summary>
    public static Tensor ProjectOne(
        AttentionDeclaration declaration, IWeightSource weights, string projection, Tensor input)
    {
        var mapped = Map(declaration, weights, projection, input);
        return mapped.reshape(mapped.shape[0], declaration.Heads, -1);
    }

    /// <summary>Heads joined and mapped to the output: [batch, heads, length, size] to [batch, length, features].</summary>
    public static Tensor Output(AttentionDeclaration declaration, IWeightSource weights, Tensor heads)
    {
        var joined = heads.transpose(1, 2);
        return Map(declaration, weights, "out_proj", joined.reshape(joined.shape[0], joined.shape[1], declaration.Features));
    }

    /// <summary>The same of one time: [batch, heads, size] to [batch, features].</summary>
    public static Tensor OutputOne(AttentionDeclaration declaration, IWeightSource weights, Tensor heads) =>
        Map(declaration, weights, "out_proj", heads.reshape(heads.shape[0], declaration.Features));

    /// <summary>A mask [batch, length, 1] of 1 and 0 as the truth of a key being there, [batch, 1, 1, length].</summary>
    public static Tensor KeysPresent(Tensor mask) => mask.transpose(1, 2).unsqueeze(1).to(ScalarType.Bool);

    /// <summary>Scores where they are allowed, and elsewhere -infinity, which softmax gives no weight.</summary>
    public static Tensor Where(Tensor allowed, Tensor scores) =>
        where(allowed, scores, tensor(double.NegativeInfinity, dtype: scores.dtype, device: scores.device));

    /// <summary>Refuses a state where a layer sees the whole sequence at once.</summary>
    public static void RequireNoState(AttentionDeclaration declaration, LayerState? state)
    {
        if (state is not null)
        {
            throw new ModelException(
                $"Layer '{declaration.Prefix}' attends to the whole sequence and takes no state; it has no step.");
        }
    }

    /// <summary>The map of this name, over the last axis.</summary>
    public static Tensor Map(
        AttentionDeclaration declaration, IWeightSource weights, string projection, Tensor input) => nn.functional.linear(
        input,
        weights.Get(declaration.WeightName($"{projection}.weight")),
        weights.Get(declaration.WeightName($"{projection}.bias")));
}
