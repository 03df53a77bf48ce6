using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// What a model computes, without its weights: the "architecture" of model.json. Every architecture here maps a window
/// of scaled inputs [look-back, features] to scaled forecasts [horizon].
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RecurrentArchitecture), "recurrent")]
[JsonDerivedType(typeof(ConvolutionArchitecture), "convolution")]
[JsonDerivedType(typeof(ResNlsArchitecture), "resnls")]
[JsonDerivedType(typeof(NLinearArchitecture), "nlinear")]
[JsonDerivedType(typeof(DLinearArchitecture), "dlinear")]
public abstract record Architecture
{
    /// <summary>Rows of the window; at least 1.</summary>
    public required int LookBack { get; init; }

    /// <summary>Inputs in each row, the target first; at least 1.</summary>
    public int Features { get; init; } = 1;

    /// <summary>Steps forecast at once; at least 1.</summary>
    public required int Horizon { get; init; }

    /// <summary>The layers in the order the data passes them.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<LayerDeclaration> Layers { get; }

    /// <summary>Every weight of every layer.</summary>
    [JsonIgnore]
    public IReadOnlyList<WeightDeclaration> Weights => [.. Layers.SelectMany(layer => layer.Weights)];

    /// <summary>Number of trained parameters, without running statistics.</summary>
    [JsonIgnore]
    public long ParameterCount =>
        Weights.Where(weight => weight.Role != WeightRole.Statistic).Sum(weight => weight.Count);

    /// <summary>Checks every size.</summary>
    /// <exception cref="ConfigurationException">Lists each size out of range.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        AtLeast(faults, "look-back", LookBack, 1);
        AtLeast(faults, "features", Features, 1);
        AtLeast(faults, "horizon", Horizon, 1);
        AddFaults(faults);
        ConfigurationException.ThrowIfAny(faults);
    }

    /// <summary>Adds what is wrong with the sizes of the derived architecture.</summary>
    protected abstract void AddFaults(IList<string> faults);

    /// <summary>Adds a fault when a size is below its least value.</summary>
    protected static void AtLeast(IList<string> faults, string name, int value, int least)
    {
        if (value < least)
        {
            faults.Add($"{name} is {value}; it must be at least {least}.");
        }
    }
}
