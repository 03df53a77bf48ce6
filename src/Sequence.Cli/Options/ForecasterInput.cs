using System.CommandLine;
using Sequence.Data;
using Sequence.Data.Scalers;
using Sequence.Forecasting;
using Sequence.Training;

namespace Sequence.Cli;

/// <summary>The options that say how a neural model is made and trained.</summary>
internal sealed class ForecasterInput
{
    private static readonly TrainingOptions Defaults = new();

    private readonly Option<int> _horizon;
    private readonly Option<int?> _lookBack = new("--look-back") { Description = "Rows a neural model sees; may stand in its name instead (resnls-5)." };
    private readonly Option<string?> _scaler = new("--scaler") { Description = $"How values are scaled: {string.Join(", ", ScalerFactory.Names)}. Left out, what suits the model: standard for the linear ones, log-return (difference where a value is not positive) for the others." };
    private readonly Option<int> _epochs = new("--epochs") { Description = "Most passes over the training rows.", DefaultValueFactory = _ => Defaults.Epochs };
    private readonly Option<int> _batchSize = new("--batch-size") { Description = "Windows in a step.", DefaultValueFactory = _ => Defaults.BatchSize };
    private readonly Option<double> _learningRate = new("--learning-rate") { Description = "Initial learning rate.", DefaultValueFactory = _ => Defaults.LearningRate };
    private readonly Option<LearningRateSchedule> _schedule = new("--schedule") { Description = "Learning rate over the epochs: Constant, Halving or Cosine.", DefaultValueFactory = _ => Defaults.Schedule };
    private readonly Option<OptimiserKind> _optimiser = new("--optimiser") { Description = "Update rule: AdamW or Sgd.", DefaultValueFactory = _ => Defaults.Optimiser };
    private readonly Option<double> _weightDecay = new("--weight-decay") { Description = "Decoupled weight decay of matrices.", DefaultValueFactory = _ => Defaults.WeightDecay };
    private readonly Option<double> _clip = new("--gradient-clip") { Description = "Largest norm of the gradients; 0 leaves them alone.", DefaultValueFactory = _ => Defaults.GradientClip };
    private readonly Option<LossKind> _loss = new("--loss") { Description = "Squared, Absolute or Huber.", DefaultValueFactory = _ => Defaults.Loss };
    private readonly Option<int> _patience = new("--patience") { Description = "Epochs without a better validation loss before training stops; 0 never stops early.", DefaultValueFactory = _ => Defaults.Patience };
    private readonly Option<double> _validation = new("--validation-fraction") { Description = "Share of the training rows, at their end, that decides when to stop.", DefaultValueFactory = _ => 0.15 };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Seed of weights, batches and dropout.", DefaultValueFactory = _ => Defaults.Seed };

    public ForecasterInput(Command command, int horizon)
    {
        _horizon = new("--horizon") { Description = "Steps to forecast.", DefaultValueFactory = _ => horizon };
        foreach (var option in new Option[]
        {
            _horizon, _lookBack, _scaler, _epochs, _batchSize, _learningRate, _schedule, _optimiser, _weightDecay, _clip, _loss,
            _patience, _validation, _seed,
        })
        {
            command.Options.Add(option);
        }
    }

    public int Horizon(ParseResult parsed)
    {
        var horizon = parsed.GetValue(_horizon);
        return horizon >= 1 ? horizon : throw new ConfigurationException($"--horizon is {horizon}; it must be at least 1.");
    }

    public ulong Seed(ParseResult parsed) => parsed.GetValue(_seed);

    /// <summary>The neural model or baseline of a name.</summary>
    /// <exception cref="ConfigurationException">There is none, or an option is out of range.</exception>
    public IForecaster Create(
        ParseResult parsed, string name, Panel history, IProgress<TrainingProgress>? progress = null) =>
        NeuralCatalogue.Contains(name)
            ? CreateNeural(parsed, name, history, progress)
            : BaselineCatalogue.Create(name, history[0].Frequency);

    /// <summary>The neural model of a name.</summary>
    /// <exception cref="ConfigurationException">There is none, or an option is out of range.</exception>
    public NeuralForecaster CreateNeural(
        ParseResult parsed, string name, Panel history, IProgress<TrainingProgress>? progress = null)
    {
        // A look-back in the name wins over the option, so that several models can be named in one command.
        var hasOwn = char.IsAsciiDigit(name[^1]);
        var architecture = NeuralCatalogue.Create(name, Horizon(parsed), hasOwn ? null : parsed.GetValue(_lookBack));
        var options = new NeuralForecasterOptions
        {
            Name = NeuralCatalogue.FullName(name, architecture),
            Architecture = architecture,
            Scaler = parsed.GetValue(_scaler) is { } scaler
                ? ScalerFactory.ParseKind(scaler)
                : NeuralCatalogue.DefaultScaler(architecture, history),
            ValidationFraction = parsed.GetValue(_validation),
            Training = new TrainingOptions
            {
                Epochs = parsed.GetValue(_epochs),
                BatchSize = parsed.GetValue(_batchSize),
                LearningRate = parsed.GetValue(_learningRate),
                Schedule = parsed.GetValue(_schedule),
                Optimiser = parsed.GetValue(_optimiser),
                WeightDecay = parsed.GetValue(_weightDecay),
                GradientClip = parsed.GetValue(_clip),
                Loss = parsed.GetValue(_loss),
                Patience = parsed.GetValue(_patience),
                Seed = parsed.GetValue(_seed),
            },
        };
        return new NeuralForecaster(options) { Progress = progress };
    }
}
