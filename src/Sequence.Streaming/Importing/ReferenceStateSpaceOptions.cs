namespace Sequence.Streaming;

/// <summary>What the state dict of the reference implementation's S4Block does not say about itself.</summary>
public sealed record ReferenceStateSpaceOptions
{
    /// <summary>
    /// What the block's keys start with in the file, with the last dot, for example "model.layers.0.layer."; empty when the
    /// file holds nothing but the block. Keys that start otherwise are left alone.
    /// </summary>
    public string SourcePrefix { get; init; } = "";

    /// <summary>What the names of the weights start with here, without a dot.</summary>
    public string Prefix { get; init; } = "block";

    /// <summary>The reference's <c>disc</c>, of S4D; S4 always has the bilinear rule.</summary>
    public DiagonalDiscretisation Discretisation { get; init; }

    /// <summary>
    /// The reference's <c>dt_transform</c>: "exp" unless set where the class is used by itself, "softplus" in the models of its
    /// configuration files.
    /// </summary>
    public StepSizeTransform StepSizeTransform { get; init; }

    /// <summary>
    /// L of an S4 block whose kernel.l_kernel is 0 or absent: its C is the plain one, and C~ for L is made of it. Null where
    /// the file says L.
    /// </summary>
    public int? KernelLength { get; init; }
}
