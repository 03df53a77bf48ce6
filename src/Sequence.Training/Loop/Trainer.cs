using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sequence.Data;
using Sequence.Models;
using Sequence.Torch;

namespace Sequence.Training;

/// <summary>
/// Trains a model of sequences or windows: batches in a planned order, an objective, gradients, an update rule, early stopping on a
/// validation set, and a state from which a stopped run goes on bit for bit.
/// </summary>
/// <param name="model">What is trained.</param>
/// <param name="training">Training examples.</param>
/// <param name="validation">Validation examples; null or empty trains all epochs and keeps the last weights.</param>
/// <param name="options">How.</param>
public sealed class Trainer(
    SequenceModel model, IExampleSet training, IExampleSet? validation, TrainingOptions options)
{
    /// <summary>The first door: which examples make each batch.</summary>
    /// <value>Default: all of them once an epoch, shuffled by the seed, in buckets of like length where the options say so.</value>
    public IBatchPlan BatchPlan { get; init; } = options.BucketsByLength
        ? new BucketedBatchPlan(training, Math.Max(1, options.BatchSize), options.Seed)
        : new ShuffledBatchPlan(options.Seed);

    /// <summary>The second door: what is minimised.</summary>
    /// <value>Default: the loss of the options.</value>
    public Objective Objective { get; init; } = Objective.Of(options.Loss);

    /// <summary>The third door: where gradients come from. The fourth, the update rule, is chosen by the options.</summary>
    /// <value>Default: backpropagation.</value>
    public IGradientSource GradientSource { get; init; } = new Backpropagation();

    /// <summary>Where the model is computed; parameters are kept and updated on the CPU.</summary>
    /// <value>Default the CPU.</value>
    public ComputeDevice Device { get; init; } = ComputeDevice.Cpu;

    /// <summary>How often a state is saved in a training under way.</summary>
    /// <value>Default ten seconds.</value>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>SHA-256 over options, model and data, as hexadecimal digits.</summary>
    public string Fingerprint { get; } = ComputeFingerprint(model, training, validation, options);

    /// <summary>Trains to the end.</summary>
    /// <param name="start">Initial weights by name.</param>
    /// <param name="resume">A state of an earlier run of the same training; null starts from the beginning.</param>
    /// <param name="save">Receives a state every <see cref="SaveInterval"/>, on cancellation and at the end; null keeps none.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellationToken">Stops after the batch under way, having saved.</param>
    /// <exception cref="ConfigurationException">
    /// An option is out of range, the state is of another training, or the time budget is too small for one step,
    /// or there is no such device.
    /// </exception>
    /// <exception cref="DataFormatException">There is no training example.</exception>
    /// <exception cref="ModelException">
    /// The examples do not fit the model and the objective, the loss became NaN or infinite, or libtorch
    /// refused an operation.
    /// </exception>
    /// <exception cref="OperationCanceledException">Training was stopped; the state has been saved.</exception>
    public TrainingResult Train(
        IReadOnlyDictionary<string, float[]> start,
        TrainingState? resume = null,
        Action<TrainingState>? save = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options.Validate();
        if (training.Count == 0)
        {
            throw new DataFormatException(
                "There is no training example: one needs " +
                $"{Math.Max(1, training.Length)} rows of inputs and {training.Targets} targets.");
        }

        Objective.RequireFit(model, training, "training");
        if (validation is { Count: > 0 })
        {
            Objective.RequireFit(model, validation, "validation");
        }

        if (resume is not null && !string.Equals(resume.Fingerprint, Fingerprint, StringComparison.Ordinal))
        {
            throw new ConfigurationException(
                "The saved training state belongs to a training with other options, another model or other data. " +
                "Give the same ones, or start without resuming.");
        }

        using var compute = new ComputeThread("training");
        return compute.Run(() =>
        {
            using var loop = new TrainingLoop(this, model, training, validation, options, start, resume);
            return loop.Run(Fingerprint, save, progress, cancellationToken);
        });
    }

    private static string ComputeFingerprint(
        SequenceModel model, IExampleSet training, IExampleSet? validation, TrainingOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(options));
        hash.AppendData(Encoding.UTF8.GetBytes(model.Description));
        training.AppendTo(hash);
        validation?.AppendTo(hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
