using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Data.Scalers;
using Sequence.Forecasting;
using Sequence.Models;
using Sequence.Streaming;

namespace Sequence.Training;

/// <summary>
/// Fits one neural model on all series of a history. The end of each series is held out to decide when to stop; scalers
/// are fitted on the rows before it. Later rows are never seen.
/// </summary>
/// <remarks>
/// On changes (differences, log-returns) a cold start has its output maps (<see cref="Streaming.Architecture.OutputMaps"/>) at zero, so
/// that the untrained model forecasts the mean change of the training rows: a random walk with drift, the naive forecast of a
/// series that is modelled by its changes. Random output maps add noise to it that the training has to unlearn and, where
/// changes are next to unforecastable, never quite does. The layers below start as declared; only in the first step are
/// their gradients zero. A warm start keeps its weights.
/// </remarks>
public sealed class NeuralForecaster : IForecaster
{
    private readonly NeuralForecasterOptions _options;
    private readonly ValidationPart? _validation;
    private readonly WindowModel _model;
    private readonly bool _isOnChanges;

    /// <summary>Creates the forecaster.</summary>
    /// <exception cref="ConfigurationException">An option is out of range.</exception>
    public NeuralForecaster(NeuralForecasterOptions options)
        : this(options, validation: null)
    {
    }

    private NeuralForecaster(NeuralForecasterOptions options, ValidationPart? validation)
    {
        options.Validate();
        if (options.Architecture.Features != 1)
        {
            throw new ConfigurationException(
                $"features is {options.Architecture.Features}; a forecaster feeds its model the target alone, so it must be 1.");
        }

        _options = options;
        _validation = validation;
        Fingerprint = FingerprintOf(options);
        _model = WindowModel.Create(options.Architecture);
        _isOnChanges = options.Scaler is ScalerKind.Difference or ScalerKind.LogReturn;
    }

    /// <inheritdoc />
    public string Name => _options.Name;

    /// <summary>Told after every batch of a fit.</summary>
    /// <value>Default: nobody.</value>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>The name and a SHA-256 over the architecture, the scaler, the validation share and the training options.</summary>
    public string Fingerprint { get; }

    /// <inheritdoc />
    public IForecastModel Fit(
        Panel history, IForecastModel? warmStart = null, CancellationToken cancellationToken = default) =>
        Train(history, warmStart as NeuralForecastModel, progress: Progress, cancellationToken: cancellationToken);

    /// <inheritdoc />
    /// <remarks>
    /// The validation part stands in the place of <see cref="NeuralForecasterOptions.ValidationFraction"/>; a part shorter
    /// than the horizon is widened to it. The seed stands in the place of <see cref="TrainingOptions.Seed"/>.
    /// </remarks>
    public IForecastModel Fit(Panel history, FitContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = _options with
        {
            Training = _options.Training with { Seed = context.Seed ?? _options.Training.Seed },
        };

        // A model of its own, so that fits may run beside each other.
        return new NeuralForecaster(options, context.Validation).Train(
            history, context.WarmStart as NeuralForecastModel, progress: Progress, cancellationToken: cancellationToken);
    }

    /// <summary>Fits with a folder to keep the state in and with progress.</summary>
    /// <param name="history">Series up to the origin, without missing values.</param>
    /// <param name="warmStart">A model whose weights to start from; null starts from the seed.</param>
    /// <param name="run">
    /// Folder for state and metrics; null keeps none. Its state stays until <see cref="TrainingRun.Finish"/>, so that a stop
    /// between the end of the training and the keeping of its model loses nothing.
    /// </param>
    /// <param name="resume">Whether to go on from the state in <paramref name="run"/> if there is one.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellationToken">Stops after the batch under way, having saved into <paramref name="run"/>.</param>
    /// <exception cref="DataFormatException">A series is too short, has missing values or cannot be scaled.</exception>
    /// <exception cref="ConfigurationException">The state in the folder belongs to another training.</exception>
    public NeuralForecastModel Train(
        Panel history,
        NeuralForecastModel? warmStart = null,
        TrainingRun? run = null,
        bool resume = false,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var (training, validation, scalers) = Prepare(history);
        var weights = warmStart?.Weights ?? ColdStart();
        var state = resume && run is { CanResume: true } ? run.ReadState() : null;
        var result = new Trainer(_model, training, validation, _options.Training).Train(
            weights, state, run is null ? null : run.Save, progress, cancellationToken);
        return new NeuralForecastModel(_options, scalers, result);
    }

    private static string FingerprintOf(NeuralForecasterOptions options)
    {
        var text = JsonSerializer.Serialize(new
        {
            Architecture = ManifestSections.ToJson(options.Architecture),
            options.Scaler,
            options.ValidationFraction,
            options.Training,
        });
        return $"{options.Name} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
    }

    private IReadOnlyDictionary<string, float[]> ColdStart()
    {
        var weights = WeightInitialiser.Singles(_options.Architecture.Weights, _options.Training.Seed);
        if (_isOnChanges)
        {
            foreach (var weight in _options.Architecture.OutputMaps.SelectMany(map => map.Weights))
            {
                Array.Clear(weights[weight.Name]);
            }
        }

        return weights;
    }

    private (TrainingExamples Training, TrainingExamples Validation, Dictionary<string, Scaler> Scalers) Prepare(
        Panel history)
    {
        var architecture = _options.Architecture;
        var training = new TrainingExamples(architecture.LookBack, 1, architecture.Horizon);
        var validation = new TrainingExamples(architecture.LookBack, 1, architecture.Horizon);
        var scalers = new Dictionary<string, Scaler>(StringComparer.Ordinal);
        foreach (var series in history)
        {
            var values = series.Values.Span;
            for (var row = 0; row < values.Length; row++)
            {
                if (!double.IsFinite(values[row]))
                {
                    throw new DataFormatException(
                        $"Series '{series.Id}' has no value at {series.Timestamps.Span[row]:u}. Choose a missing-value policy.");
                }
            }

            var held = _validation?.Count(values.Length) ?? (int)Math.Ceiling(values.Length * _options.ValidationFraction);
            held = held == 0 ? 0 : Math.Max(held, architecture.Horizon);
            var trained = values.Length - held;
            var lag = _isOnChanges ? 1 : 0;
            var needed = architecture.LookBack + architecture.Horizon + lag;
            if (trained < needed)
            {
                throw new DataFormatException(
                    $"Series '{series.Id}' has {values.Length} rows, {held} of them held out for validation. Training needs " +
                    $"at least {needed}: {architecture.LookBack} of look-back, {architecture.Horizon} of horizon" +
                    $"{(lag == 0 ? string.Empty : " and 1 for the differences")}. Give more rows, or shorten them.");
            }

            var scaler = ScalerFactory.Fit(_options.Scaler, values[..trained]);
            var scaled = new double[values.Length - scaler.Lag];
            scaler.Transform(values, scaled);
            var rows = Array.ConvertAll(scaled, value => (float)value);
            training.Add(rows, 0, trained - scaler.Lag);
            validation.Add(rows, trained - scaler.Lag, rows.Length);
            scalers.Add(series.Id, scaler);
        }

        return (training, validation, scalers);
    }
}
