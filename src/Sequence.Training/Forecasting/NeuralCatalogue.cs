using System.Globalization;
using Sequence.Data;
using Sequence.Data.Scalers;
using Sequence.Streaming;

namespace Sequence.Training;

/// <summary>The neural models by name.</summary>
public static class NeuralCatalogue
{
    private const int RecurrentLookBack = 20;
    private const int LinearLookBack = 60;
    private const int StackLookBack = 60;
    private const int StackFeatures = 32;
    private const int StackDepth = 2;
    private const int StackStateSize = 32;
    private const double StackDropout = 0.1;

    private static readonly Dictionary<string, Entry> Entries = new(StringComparer.Ordinal)
    {
        ["resnls"] = new("convolution residual into an LSTM (Jia et al. 2023)", 5, (lookBack, horizon) =>
            new ResNlsArchitecture { LookBack = lookBack, Horizon = horizon }),
        ["rnn"] = new("Elman recurrence", RecurrentLookBack, Recurrent(RecurrentCell.Rnn)),
        ["gru"] = new("gated recurrent unit", RecurrentLookBack, Recurrent(RecurrentCell.Gru)),
        ["lstm"] = new("long short-term memory", RecurrentLookBack, Recurrent(RecurrentCell.Lstm)),
        ["birnn"] = new("Elman recurrence in both directions", RecurrentLookBack, Recurrent(RecurrentCell.Rnn, true)),
        ["bigru"] = new("gated recurrent unit in both directions", RecurrentLookBack, Recurrent(RecurrentCell.Gru, true)),
        ["bilstm"] = new("LSTM in both directions", RecurrentLookBack, Recurrent(RecurrentCell.Lstm, true)),
        ["cnn"] = new("1-D convolutions", RecurrentLookBack, (lookBack, horizon) =>
            new ConvolutionArchitecture { LookBack = lookBack, Horizon = horizon }),
        ["nlinear"] = new("linear map of the window less its last value (Zeng et al. 2023)", LinearLookBack,
            (lookBack, horizon) => new NLinearArchitecture { LookBack = lookBack, Horizon = horizon }),
        ["dlinear"] = new("linear maps of trend and remainder (Zeng et al. 2023)", LinearLookBack,
            (lookBack, horizon) => new DLinearArchitecture { LookBack = lookBack, Horizon = horizon }),
        ["s4"] = new("structured state space, HiPPO-LegS plus low rank (Gu, Goel and Re 2022)", StackLookBack,
            Stack(_ => new S4Mixer { StateSize = StackStateSize })),
        ["s4d"] = new("diagonal state space (Gu et al. 2022)", StackLookBack,
            Stack(_ => new S4DMixer { StateSize = StackStateSize })),
        ["selective"] = new("selective state space with convolution and gate, Mamba (Gu and Dao 2023)", StackLookBack,
            Stack(_ => new SelectiveMixer())),
        ["lssl"] = new("linear state space, HiPPO-LegS with trained step sizes (Gu et al. 2021)", StackLookBack,
            Stack(_ => new LsslMixer { StateSize = StackStateSize })),
        ["linear-attention"] = new("linear attention (Katharopoulos et al. 2020)", StackLookBack,
            Stack(_ => new LinearAttentionMixer())),
        ["normalised-attention"] = new("linear attention with a normalisation of its own (Sieber et al. 2024)", StackLookBack,
            Stack(_ => new NormalisedAttentionMixer())),
        ["attention"] = new("softmax attention over the look-back (Vaswani et al. 2017)", StackLookBack,
            Stack(lookBack => new SoftmaxAttentionMixer { Context = lookBack })),
        ["qlstm"] = new("quasi LSTM: gates of the input alone (Sieber et al. 2024)", StackLookBack,
            Stack(_ => new QuasiLstmMixer())),
    };

    /// <summary>Every name with what it is and the look-back it has when none is given.</summary>
    public static IEnumerable<(string Name, string Description, int LookBack)> List =>
        Entries.Select(pair => (pair.Key, pair.Value.Description, pair.Value.LookBack));

    /// <summary>Whether a name, with or without a look-back behind it, is one of these.</summary>
    public static bool Contains(string name) => Entries.ContainsKey(Split(name).Name);

    /// <summary>The architecture of a name, for example "lstm" or, with its look-back, "resnls-5".</summary>
    /// <param name="name">One of <see cref="List"/>, with "-" and the look-back behind it or not.</param>
    /// <param name="horizon">Steps forecast at once.</param>
    /// <param name="lookBack">Rows of the window; null takes the one in the name, or the usual one.</param>
    /// <exception cref="ConfigurationException">There is no such name, or the name and the option disagree.</exception>
    public static Architecture Create(string name, int horizon, int? lookBack = null)
    {
        var (kind, named) = Split(name);
        if (!Entries.TryGetValue(kind, out var entry))
        {
            throw new ConfigurationException(
                $"There is no neural model '{name}'. Choose one of: {string.Join(", ", Entries.Keys)}; a look-back may " +
                "follow, for example resnls-5.");
        }

        if (named is { } inName && lookBack is { } asked && inName != asked)
        {
            throw new ConfigurationException(
                $"The model's name '{name}' says look-back {inName}, the option says {asked}; give one of them.");
        }

        var architecture = entry.Create(lookBack ?? named ?? entry.LookBack, horizon);
        architecture.Validate();
        return architecture;
    }

    /// <summary>The full name: kind and look-back.</summary>
    public static string FullName(string name, Architecture architecture) => $"{Split(name).Name}-{architecture.LookBack}";

    /// <summary>
    /// The scaler that suits a model on this history: the linear models subtract their own level and take standardised
    /// values; the others cannot follow a level they never saw, so they take log-returns, or differences where a value is
    /// not positive.
    /// </summary>
    public static ScalerKind DefaultScaler(Architecture architecture, Panel history)
    {
        if (architecture is NLinearArchitecture or DLinearArchitecture)
        {
            return ScalerKind.Standard;
        }

        return history.All(series => series.Values.Span.IndexOfAnyExceptInRange(double.Epsilon, double.MaxValue) < 0)
            ? ScalerKind.LogReturn
            : ScalerKind.Difference;
    }

    private static Func<int, int, Architecture> Recurrent(RecurrentCell cell, bool bidirectional = false) =>
        (lookBack, horizon) => new RecurrentArchitecture
        {
            LookBack = lookBack,
            Horizon = horizon,
            Cell = cell,
            Hidden = 64,
            Bidirectional = bidirectional,
        };

    private static Func<int, int, Architecture> Stack(Func<int, Mixer> mixer) => (lookBack, horizon) => new StackArchitecture
    {
        LookBack = lookBack,
        Horizon = horizon,
        Stack = new StackOptions
        {
            Mixer = mixer(lookBack),
            Features = StackFeatures,
            Depth = StackDepth,
            Dropout = StackDropout,
        },
    };

    private static (string Name, int? LookBack) Split(string name)
    {
        var dash = name.LastIndexOf('-');
        return dash > 0 && int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var lookBack)
            ? (name[..dash], lookBack)
            : (name, null);
    }

    private sealed record Entry(string Description, int LookBack, Func<int, int, Architecture> Create);
}
