using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// What a model computes, without its weights: the "architecture" of model.json. Every architecture here maps a window
/// of scaled inputs [look-back, features] to scaled forecasts [horizon].
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = KindField)]
[JsonDerivedType(typeof(RecurrentArchitecture), RecurrentArchitecture.Kind)]
[JsonDerivedType(typeof(ConvolutionArchitecture), ConvolutionArchitecture.Kind)]
[JsonDerivedType(typeof(ResNlsArchitecture), ResNlsArchitecture.Kind)]
[JsonDerivedType(typeof(NLinearArchitecture), NLinearArchitecture.Kind)]
[JsonDerivedType(typeof(DLinearArchitecture), DLinearArchitecture.Kind)]
[JsonDerivedType(typeof(StackArchitecture), StackArchitecture.Kind)]
public abstract record Architecture
{
    private const string KindField = "kind";

    /// <summary>An architecture whose sizes are set one by one.</summary>
    private protected Architecture()
    {
    }

    /// <summary>Reads what every architecture has.</summary>
    [SetsRequiredMembers]
    private protected Architecture(JsonFields fields)
    {
        LookBack = fields.WholeNumber(nameof(LookBack));
        Features = fields.WholeNumber(nameof(Features), Features);
        Horizon = fields.WholeNumber(nameof(Horizon));
    }

    /// <summary>Rows of the window; at least 1.</summary>
    public required int LookBack { get; init; }

    /// <summary>Inputs in each row, the target first; at least 1.</summary>
    public int Features { get; init; } = 1;

    /// <summary>Steps forecast at once; at least 1.</summary>
    public required int Horizon { get; init; }

    /// <summary>The layers in the order the data passes them.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<LayerDeclaration> Layers { get; }

    /// <summary>
    /// The linear maps whose outputs add up to the forecast: with their weights at zero the model forecasts zero, whatever
    /// it sees. Empty for a model that adds anything else.
    /// </summary>
    [JsonIgnore]
    public virtual IReadOnlyList<LinearDeclaration> OutputMaps => Layers[^1] is LinearDeclaration map ? [map] : [];

    /// <summary>Every weight of every layer.</summary>
    [JsonIgnore]
    public IReadOnlyList<WeightDeclaration> Weights => [.. Layers.SelectMany(layer => layer.Weights)];

    /// <summary>Number of trained parameters, without running statistics and constants.</summary>
    [JsonIgnore]
    public long ParameterCount =>
        Weights.Where(weight => weight.IsTrained).Sum(weight => weight.Count);

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

    /// <summary>Reads an architecture of any kind; its sizes are not checked yet.</summary>
    /// <exception cref="JsonException">A field is missing, unknown or of another type.</exception>
    internal static Architecture FromJson(JsonElement element, string place)
    {
        var fields = new JsonFields(element, place);
        var kind = fields.Text(KindField);
        Architecture architecture = kind switch
        {
            RecurrentArchitecture.Kind => new RecurrentArchitecture(fields),
            ConvolutionArchitecture.Kind => new ConvolutionArchitecture(fields),
            ResNlsArchitecture.Kind => new ResNlsArchitecture(fields),
            NLinearArchitecture.Kind => new NLinearArchitecture(fields),
            DLinearArchitecture.Kind => new DLinearArchitecture(fields),
            StackArchitecture.Kind => new StackArchitecture(fields),
            _ => throw new JsonException($"{place} has the unknown kind '{kind}'."),
        };
        fields.RequireNoOther();
        return architecture;
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
