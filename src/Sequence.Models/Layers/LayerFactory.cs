using Sequence.Streaming;

namespace Sequence.Models;

/// <summary>Makes the layer of a declaration.</summary>
public static class LayerFactory
{
    /// <summary>The layer of a declaration.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public static SequenceLayer Create(LayerDeclaration declaration)
    {
        ArgumentNullException.ThrowIfNull(declaration);
        return declaration switch
        {
            EmbeddingDeclaration embedding => new EmbeddingLayer(embedding),
            LinearDeclaration linear => new LinearLayer(linear),
            RecurrentDeclaration recurrent => new RecurrentLayer(recurrent),
            ConvolutionDeclaration convolution => new ConvolutionLayer(convolution),
            BatchNormalisationDeclaration normalisation => new BatchNormalisationLayer(normalisation),
            S4DDeclaration diagonal => new S4DLayer(diagonal),
            S4Declaration structured => new S4Layer(structured),
            LsslDeclaration lssl => new LsslLayer(lssl),
            LinearAttentionDeclaration attention => new LinearAttentionLayer(attention),
            NormalisedAttentionDeclaration attention => new NormalisedAttentionLayer(attention),
            SoftmaxAttentionDeclaration attention => new SoftmaxAttentionLayer(attention),
            LongformerAttentionDeclaration attention => new LongformerAttentionLayer(attention),
            LinformerAttentionDeclaration attention => new LinformerAttentionLayer(attention),
            PerformerAttentionDeclaration attention => new PerformerAttentionLayer(attention),
            ReformerAttentionDeclaration attention => new ReformerAttentionLayer(attention),
            QuasiLstmDeclaration quasi => new QuasiLstmLayer(quasi),
            SelectiveScanDeclaration selective => new SelectiveScanLayer(selective),
            SelectiveDeclaration selective => new SelectiveLayer(selective),
            LayerNormalisationDeclaration normalisation => new LayerNormalisationLayer(normalisation),
            FeedForwardDeclaration feedForward => new FeedForwardLayer(feedForward),
            StateSpaceBlockDeclaration block => new StateSpaceBlockLayer(block),
            ResidualBlockDeclaration block => new ResidualBlockLayer(block),
            StackDeclaration stack => new StackLayer(stack),
            PoolingDeclaration pooling => new PoolingLayer(pooling),
            PooledStackDeclaration model => new PooledStackLayer(model),
            _ => throw new ModelException($"There is no layer for {declaration.GetType().Name}."),
        };
    }
}
