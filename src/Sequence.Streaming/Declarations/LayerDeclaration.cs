using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>The weights and sizes of one layer, without any memory behind them.</summary>
/// <param name="Prefix">What its weights' names start with, without the dot, for example "lstm".</param>
public abstract record LayerDeclaration(string Prefix)
{
    /// <summary>How the layer can be run one input at a time.</summary>
    public abstract StepKind StepKind { get; }

    /// <summary>Its weights in a fixed order.</summary>
    public abstract IReadOnlyList<WeightDeclaration> Weights { get; }

    /// <summary>Number of inputs at each time.</summary>
    public abstract int InputSize { get; }

    /// <summary>Number of outputs at each time.</summary>
    public abstract int OutputSize { get; }

    /// <summary>Everything that makes its sizes unusable, a sentence each; empty when there is nothing.</summary>
    public virtual IReadOnlyList<string> Faults() => [];

    /// <summary>Checks every size.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public void Validate() => ConfigurationException.ThrowIfAny(Faults());

    /// <summary>The full name of one of the layer's weights: prefix, dot, name.</summary>
    public string WeightName(string name) => $"{Prefix}.{name}";
}
