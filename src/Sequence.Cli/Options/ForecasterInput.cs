using System.CommandLine;
using Sequence.Cli.Commands;
using Sequence.Data;
using Sequence.Data.Scalers;
using Sequence.Forecasting;
using Sequence.Streaming;
using Sequence.Training;

namespace Sequence.Cli;

/// <summary>The options that say how a neural model is made and trained.</summary>
internal sealed class ForecasterInput
{
    private static readonly TrainingOptions Defaults = new();

    private readonly Option[] _all;
    private readonly Option<int> _horizon;
    private readonly Option<int?> _lookBack = new("--look-back") { Description = "Rows a neural model sees; may stand in its name instead (resnls-5)." };
    private readonly Option<string?> _scaler = new("--scaler") { Description = $"How values are scaled: {string.Join(", ", ScalerFactory.Names)}. Left out, what suits the model: standard for the linear ones, log-return (difference where a value is not positive) for the others." };
    private readonly Option<int> _epochs = new("--epochs") { Description = "Most passes over the training rows.", DefaultValueFactory = _ => Defaults.Epochs };
    private readonly Option<int> _batchSize = new("--batch-size") { Description = "Windows in a step.", DefaultValueFactory = _ => Defaults.BatchSize };
    private readonly Option<double> _learningRate = new("--learning-rate") { Description = "Initial learning rate.", DefaultValueFactory = _ => Defaults.LearningRate };
    private readonly Option<double?> _dynamicsLearningRate = new("--dynamics-learning-rate") { Description = "Learning rate of the state matrices and step sizes of state-space models; left out, the smaller of --learning-rate and 0.001." };
    private readonly ChoiceOption<LearningRateSchedule> _schedule = new("--schedule", "Learning rate over the epochs.", Defaults.Schedule);
    private readonly Option<double> _warmup = new("--warmup-epochs") { Description = "Epochs in which the schedule warmup-cosine raises the learning rate from 0.", DefaultValueFactory = _ => Defaults.WarmupEpochs };
    private readonly ChoiceOption<OptimiserKind> _optimiser = new("--optimiser", "Update rule.", Defaults.Optimiser);
    private readonly Option<double> _weightDecay = new("--weight-decay") { Description = "Decoupled weight decay of matrices.", DefaultValueFactory = _ => Defaults.WeightDecay };
    private readonly Option<double> _clip = new("--gradient-clip") { Description = "Largest norm of the gradients; 0 leaves them alone.", DefaultValueFactory = _ => Defaults.GradientClip };
    private readonly ChoiceOption<LossKind> _loss = new("--loss", "How an error is weighed.", Defaults.Loss, LossKind.CrossEntropy);
    private readonly Option<int> _patience = new("--patience") { Description = "Epochs without a better validation loss before training stops; 0 never stops early.", DefaultValueFactory = _ => Defaults.Patience };
    private readonly Option<double> _validation = new("--validation-fraction") { Description = "Share of the training rows, at their end, that decides when to stop.", DefaultValueFactory = _ => 0.15 };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Seed of weights, batches and dropout.", DefaultValueFactory = _ => Defaults.Seed };

    public ForecasterInput(Command command, int horizon)
    {
        _horizon = new("--horizon") { Description = "Steps to forecast.", DefaultValueFactory = _ => horizon };
        _all =
        [
            _horizon, _lookBack, _scaler, _epochs, _batchSize, _learningRate, _dynamicsLearningRate, _schedule.Option, _warmup,
            _optimiser.Option, _weightDecay, _clip, _loss.Option, _patience, _validation, _seed,
        ];
        foreach (var option in _all)
        {
            command.Options.Add(option);
        }
    }

    public int Horizon(ParseResult parsed)
    {
        var horizon = parsed.GetValue(_horizon);
        return horizon >= 1 ? horizon : throw new ConfigurationException($"--horizon is {horizon}; it must be at least 1.");
    }

    /// <summary>The learning rate on the command line, or null.</summary>
    public double? LearningRate(ParseResult parsed) =>
        parsed.GetResult(_learningRate) is { Implicit: false } ? parsed.GetValue(_learningRate) : null;

    public ulong Seed(ParseResult parsed) => parsed.GetValue(_seed);

    /// <summary>Rows that the neural model of a name sees.</summary>
    /// <exception cref="ConfigurationException">There is no such model, or the look-back is out of range.</exception>
    public int LookBack(ParseResult parsed, string name) => Architecture(parsed, name, horizon: 1).LookBack;

    /// <summary>The neural model or baseline of a name.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="name">One of the models of "sequence model list".</param>
    /// <param name="history">What it will be fitted on.</param>
    /// <param name="gap">Steps between the origin and the first one asked for, which a model forecasts too.</param>
    /// <exception cref="ConfigurationException">There is none, or an option is out of range.</exception>
    public IForecaster Create(ParseResult parsed, string name, Panel history, int gap) => NeuralCatalogue.Contains(name)
        ? CreateNeural(parsed, name, history, gap)
        : BaselineCatalogue.Create(name, history[0].Frequency);

    /// <summary>The neural model of a name.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="name">One of the neural models of "sequence model list".</param>
    /// <param name="history">What it will be fitted on.</param>
    /// <param name="gap">Steps between the origin and the first one asked for, which the model forecasts too.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <exception cref="ConfigurationException">There is none, or an option is out of range.</exception>
    /// <exception cref="DataFormatException">A series has fewer rows than one look-back and horizon.</exception>
    public NeuralForecaster CreateNeural(
        ParseResult parsed, string name, Panel history, int gap = 0, IProgress<TrainingProgress>? progress = null)
    {
        Requirements.Rows(history, LookBack(parsed, name), (long)gap + Horizon(parsed));
        var architecture = Architecture(parsed, name, gap + Horizon(parsed));
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
                DynamicsLearningRate = parsed.GetValue(_dynamicsLearningRate),
                Schedule = _schedule.Read(parsed),
                WarmupEpochs = parsed.GetValue(_warmup),
                Optimiser = _optimiser.Read(parsed),
                WeightDecay = parsed.GetValue(_weightDecay),
                GradientClip = parsed.GetValue(_clip),
                Loss = _loss.Read(parsed),
                Patience = parsed.GetValue(_patience),
                Seed = parsed.GetValue(_seed),
            },
        };
        return OptionFaults.Reword(_all, () => new NeuralForecaster(options) { Progress = progress });
    }

    /// <summary>
    /// Refuses a --look-back that no model would take: a look-back in a model's name goes before the option, so that several
    /// models can be named in one command.
    /// </summary>
    /// <exception cref="ConfigurationException">--look-back is given and every name has its own.</exception>
    public void RequireUse(ParseResult parsed, IReadOnlyList<string> names)
    {
        if (parsed.GetValue(_lookBack) is { } lookBack && names.All(name => !NeuralCatalogue.Contains(name) || HasLookBack(name)))
        {
            throw new ConfigurationException(
                $"--look-back is {lookBack}, but no model takes it: {string.Join(", ", names)}. Name a neural model without a " +
                "look-back of its own, for example lstm.");
        }
    }

    private static bool HasLookBack(string name) => name.Length > 0 && char.IsAsciiDigit(name[^1]);

    private Architecture Architecture(ParseResult parsed, string name, int horizon) => OptionFaults.Reword(
        _all, () => NeuralCatalogue.Create(name, horizon, HasLookBack(name) ? null : parsed.GetValue(_lookBack)));
}
