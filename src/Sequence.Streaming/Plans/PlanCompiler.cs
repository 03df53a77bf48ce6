using Sequence.Data;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>Turns a declaration and its weights into a plan.</summary>
public static class PlanCompiler
{
    /// <summary>The plan of a model over windows.</summary>
    /// <param name="architecture">What it computes.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="path">Where the weights come from, for error messages.</param>
    /// <exception cref="ConfigurationException">A size of the architecture is out of range.</exception>
    /// <exception cref="CheckpointException">A weight is missing, misshaped or too many.</exception>
    public static WindowPlan Compile(Architecture architecture, CheckpointWeights weights, string path = "weights")
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(weights);
        architecture.Validate();
        weights.Validate(architecture.Weights, path);
        return architecture switch
        {
            RecurrentArchitecture recurrent => new RecurrentWindowPlan(recurrent, weights),
            ConvolutionArchitecture convolution => new ConvolutionWindowPlan(convolution, weights),
            ResNlsArchitecture resNls => new ResNlsWindowPlan(resNls, weights),
            NLinearArchitecture linear => new LinearWindowPlan(linear, weights),
            DLinearArchitecture linear => new LinearWindowPlan(linear, weights),
            StackArchitecture stack => new StackWindowPlan(stack, weights),
            _ => throw new ModelException($"There is no plan for {architecture.GetType().Name}."),
        };
    }

    /// <summary>The plan of one layer.</summary>
    /// <param name="layer">What it computes.</param>
    /// <param name="weights">Its weights; others may be among them.</param>
    /// <param name="path">Where the weights come from, for error messages.</param>
    /// <exception cref="ModelException">The layer has no step.</exception>
    /// <exception cref="CheckpointException">A weight is missing or misshaped.</exception>
    public static StepPlan Compile(LayerDeclaration layer, CheckpointWeights weights, string path = "weights")
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(weights);
        var declarations = layer.Weights;
        var names = declarations.Select(declaration => declaration.Name).ToHashSet(StringComparer.Ordinal);
        new CheckpointWeights(weights.Tensors.Values.Where(tensor => names.Contains(tensor.Name)))
            .Validate(declarations, path);
        return layer switch
        {
            RecurrentDeclaration recurrent => new RecurrentPlan(recurrent, weights),
            EmbeddingDeclaration embedding => new EmbeddingPlan(embedding, weights),
            LinearDeclaration linear => new LinearPlan(linear, weights),
            ConvolutionDeclaration convolution => new CausalConvolutionPlan(convolution, weights),
            BatchNormalisationDeclaration normalisation => new BatchNormalisationPlan(normalisation, weights),
            S4DDeclaration diagonal => new S4DPlan(diagonal, weights),
            SelectiveScanDeclaration selective => new SelectiveScanPlan(selective, weights),
            SelectiveDeclaration selective => new SelectivePlan(selective, weights),
            LayerNormalisationDeclaration normalisation => new LayerNormalisationPlan(normalisation, weights),
            FeedForwardDeclaration feedForward => new FeedForwardPlan(feedForward, weights),
            StateSpaceBlockDeclaration block => new StateSpaceBlockPlan(block, weights),
            ResidualBlockDeclaration block => new ResidualBlockPlan(block, weights),
            StackDeclaration stack => new StackPlan(stack, weights),
            PoolingDeclaration pooling => new PoolingPlan(pooling),
            PooledStackDeclaration model => new PooledStackPlan(model, weights),
            LinearAttentionDeclaration attention => new LinearAttentionPlan(attention, weights),
            NormalisedAttentionDeclaration attention => new NormalisedAttentionPlan(attention, weights),
            SoftmaxAttentionDeclaration attention => new SoftmaxAttentionPlan(attention, weights),
            PerformerAttentionDeclaration attention => new PerformerAttentionPlan(attention, weights),
            QuasiLstmDeclaration quasi => new QuasiLstmPlan(quasi, weights),
            LsslDeclaration lssl => new LsslPlan(lssl, weights),
            S4Declaration structured => new S4Plan(structured, weights),
            _ => throw new ModelException($"There is no plan for {layer.GetType().Name}."),
        };
    }
}
