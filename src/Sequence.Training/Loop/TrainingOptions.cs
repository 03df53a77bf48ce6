using System.Text.Json.Serialization;

namespace Sequence.Training;

/// <summary>How a model is trained.</summary>
/// <remarks>
/// The options are part of a training's fingerprint. One that stands at its default is left out where it came later, so that
/// states saved before still fit.
/// </remarks>
public sealed record TrainingOptions
{
    /// <summary>Most passes over the training examples.</summary>
    /// <value>Default 50.</value>
    public int Epochs { get; init; } = 50;

    /// <summary>Examples in a step.</summary>
    /// <value>Default 64.</value>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Most examples in memory at once: a step adds the gradients of as many parts of its batch as that makes. Batch
    /// normalisation then takes its statistics from a part. 0 takes the whole batch at once.
    /// </summary>
    /// <value>Default 0.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int PartSize { get; init; }

    /// <summary>
    /// Whether the batches of an epoch are made of examples of like length (<see cref="BucketedBatchPlan"/>), so that little
    /// is computed for padding.
    /// </summary>
    /// <value>Default false.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool BucketsByLength { get; init; }

    /// <summary>
    /// Longest time of training, the evaluations after each epoch included. It ends the training after the step in which it
    /// passes, and schedules that move at every step count it: with t of the budget T passed, they stand no earlier than at
    /// epochs * t / T.
    /// </summary>
    /// <value>Default null: no limit. With one, the same training gives other weights on a machine of another speed.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>By what the best weights are chosen on the validation set.</summary>
    /// <value>Default the loss.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BestBy BestBy { get; init; }

    /// <summary>Initial learning rate.</summary>
    /// <value>Default 0.001.</value>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How the learning rate moves.</summary>
    /// <value>Default constant.</value>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>
    /// Epochs in which <see cref="LearningRateSchedule.WarmupCosine"/> and
    /// <see cref="LearningRateSchedule.WarmupInverseSquareRoot"/> raise the rate from 0; 0 starts with the full rate.
    /// </summary>
    /// <value>Default 0; fractions are allowed.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double WarmupEpochs { get; init; }

    /// <summary>
    /// Initial learning rate of the dynamics: weights whose role is Dynamics or TimeScale. It moves as the other one does.
    /// 0 leaves them as they start.
    /// </summary>
    /// <value>
    /// Default null: the smaller of the learning rate and 0.001 (Gu, Goel and Re, "Efficiently Modeling Long Sequences with
    /// Structured State Spaces", 2022).
    /// </value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DynamicsLearningRate { get; init; }

    /// <summary>Initial learning rate of the weights whose role is TimeScale; it moves as the other one does.</summary>
    /// <value>Default null: that of the dynamics.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TimeScaleLearningRate { get; init; }

    /// <summary>Weight decay on matrices; dynamics and time scales have none.</summary>
    /// <value>Default 0.</value>
    public double WeightDecay { get; init; }

    /// <summary>Whether vectors (biases, scales of normalisations, skip weights) decay like matrices.</summary>
    /// <value>Default false.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DecayVectors { get; init; }

    /// <summary>Update rule.</summary>
    /// <value>Default AdamW.</value>
    public OptimiserKind Optimiser { get; init; } = OptimiserKind.AdamW;

    /// <summary>Largest global norm of the gradients; 0 leaves them alone.</summary>
    /// <value>Default 1.</value>
    public double GradientClip { get; init; } = 1;

    /// <summary>How an error is weighed.</summary>
    /// <value>Default squared.</value>
    public LossKind Loss { get; init; } = LossKind.Squared;

    /// <summary>
    /// Stops after this many epochs without a better validation loss, the starting weights' being the first to beat; 0 never
    /// stops early.
    /// </summary>
    /// <value>Default 8.</value>
    public int Patience { get; init; } = 8;

    /// <summary>Seed of the initial weights, the order of the batches and dropout.</summary>
    /// <value>Default 1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ConfigurationException">Lists each option out of range.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        Require(Epochs >= 1, $"epochs is {Epochs}; it must be at least 1.");
        Require(BatchSize >= 1, $"batch-size is {BatchSize}; it must be at least 1.");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), $"learning-rate is {LearningRate}; it must be positive.");
        Require(
            WarmupEpochs == 0 || (WarmupEpochs > 0 && WarmupEpochs < Epochs),
            $"warmup-epochs is {WarmupEpochs}; it must be 0 or more and less than the {Epochs} epochs.");
        Require(
            !(WarmupEpochs > 0) ||
            Schedule is LearningRateSchedule.WarmupCosine or LearningRateSchedule.WarmupInverseSquareRoot,
            $"warmup-epochs is {WarmupEpochs}, but only warmup-cosine and warmup-inverse-square-root have a warm-up.");
        Require(
            WarmupEpochs > 0 || Schedule != LearningRateSchedule.WarmupInverseSquareRoot,
            "warmup-inverse-square-root needs a warm-up: warmup-epochs must be above 0.");
        Require(PartSize >= 0, $"part-size is {PartSize}; it must be 0 or more.");
        Require(
            TimeBudget is null || TimeBudget > TimeSpan.Zero, $"time-budget is {TimeBudget}; it must be above 0.");
        Require(
            BestBy != BestBy.Accuracy || Loss == LossKind.CrossEntropy,
            "best-by is accuracy, but only a loss over classes has one.");
        Require(
            TimeScaleLearningRate is null || (TimeScaleLearningRate >= 0 && double.IsFinite(TimeScaleLearningRate.Value)),
            $"time-scale-learning-rate is {TimeScaleLearningRate}; it must be 0 or more.");
        Require(
            DynamicsLearningRate is null || (DynamicsLearningRate >= 0 && double.IsFinite(DynamicsLearningRate.Value)),
            $"dynamics-learning-rate is {DynamicsLearningRate}; it must be 0 or more.");
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), $"weight-decay is {WeightDecay}; it must be 0 or more.");
        Require(GradientClip >= 0 && double.IsFinite(GradientClip), $"gradient-clip is {GradientClip}; it must be 0 or more.");
        Require(Patience >= 0, $"patience is {Patience}; it must be 0 or more.");
        ConfigurationException.ThrowIfAny(faults);

        void Require(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }
    }

    /// <summary>The learning rate when so many epochs have passed.</summary>
    /// <param name="epoch">Epochs passed, in [0, epochs); a schedule that moves from epoch to epoch takes the whole ones.</param>
    public double LearningRateAt(double epoch) => Schedule switch
    {
        LearningRateSchedule.Halving => LearningRate * Math.Pow(0.5, Math.Floor(epoch)),
        LearningRateSchedule.Cosine => LearningRate * (1 + Math.Cos(Math.PI * Math.Floor(epoch) / Epochs)) / 2,
        LearningRateSchedule.WarmupCosine when epoch < WarmupEpochs => LearningRate * epoch / WarmupEpochs,
        LearningRateSchedule.WarmupCosine =>
            LearningRate * (1 + Math.Cos(Math.PI * (epoch - WarmupEpochs) / (Epochs - WarmupEpochs))) / 2,
        LearningRateSchedule.WarmupInverseSquareRoot =>
            LearningRate * Math.Min(epoch / WarmupEpochs, Math.Sqrt(WarmupEpochs / epoch)),
        _ => LearningRate,
    };
}
