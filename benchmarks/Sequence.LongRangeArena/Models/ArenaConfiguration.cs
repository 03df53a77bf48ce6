using Sequence.Streaming;
using Sequence.Training;

namespace Sequence.LongRangeArena;

/// <summary>A model of a certain size on a certain part of a task, and how it is trained.</summary>
/// <param name="Size">How much of the task.</param>
/// <param name="Stack">The model, but for its vocabulary, which comes from the data.</param>
/// <param name="Training">How it is trained, but for seed and time budget.</param>
public sealed record ArenaConfiguration(ArenaSize Size, StackOptions Stack, TrainingOptions Training)
{
    private const int SmallDepth = 2;
    private const int SmallFeatures = 32;

    // Numbers of one array of a block, 64 MB: a batch above it is trained in parts, of which S4 takes some 10 GB at this size.
    private const long LargestPart = 1L << 24;

    /// <summary>The configuration of a model on a task.</summary>
    /// <remarks>
    /// Paper: for the state-space models that of the S4 authors' current code (configs/experiment/lra of state-spaces/s4), the
    /// mixer replaced where the model is not S4; for the Transformers that of the arena's own baselines
    /// (google-research/long-range-arena), with the mean over positions in place of a CLS token, sinusoidal positions, and
    /// keys of features / heads. Small: ours, one for each family and all tasks.
    /// </remarks>
    /// <param name="task">The task.</param>
    /// <param name="model">The model.</param>
    /// <param name="preset">How large.</param>
    public static ArenaConfiguration Create(ArenaTask task, ArenaModel model, ArenaPreset preset) =>
        (preset, model.Family) switch
        {
            (ArenaPreset.Paper, ArenaFamily.StateSpace) => PaperStateSpace(task, model),
            (ArenaPreset.Paper, _) => PaperTransformer(task, model),
            (_, ArenaFamily.StateSpace) => SmallStateSpace(task, model),
            _ => SmallTransformer(task, model),
        };

    private static ArenaConfiguration PaperStateSpace(ArenaTask task, ArenaModel model)
    {
        // configs/experiment/lra/s4-*.yaml: features, state size, untied, pre-norm, dropout, rate, batch, epochs, warm-up steps
        // of all steps, least step size.
        var (features, state, untied, before, dropout, rate, batch, epochs, warmup, step) = task.Name switch
        {
            "listops" => (256, 4, false, false, 0.0, 0.01, 32, 40, 0.1, 0.001),
            "text" => (256, 4, false, true, 0, 0.01, 16, 32, 0.1, 0.001),
            "retrieval" or "passages" => (256, 4, false, true, 0, 0.01, 64, 20, 0.1, 0.001),
            "image" => (512, 64, false, false, 0.1, 0.01, 50, 200, 0.1, 0.001),
            "pathfinder" => (256, 64, true, true, 0, 0.004, 64, 200, 0.1, 0.001),
            "path-x" => (256, 64, true, true, 0, 0.001, 16, 50, 0.1, 0.0001),
            _ => throw new ConfigurationException($"The paper preset has no configuration for '{task.Name}'."),
        };
        return new(
            task.PaperSize,
            new()
            {
                Mixer = model.Mixer(new(task.Length, features, state, untied, step)),
                Features = features,
                Depth = 6,
                Normalisation = Normalisation.Batch,
                NormalisedBefore = before,
                Dropout = dropout,
                Pooling = Pooling.Mean,
            },
            new()
            {
                Loss = LossKind.CrossEntropy,
                Epochs = epochs,
                BatchSize = batch,
                PartSize = PartOf(batch, task, features),
                LearningRate = rate,
                DynamicsLearningRate = 0.001,
                TimeScaleLearningRate = rate,
                Schedule = LearningRateSchedule.WarmupCosine,
                WarmupEpochs = warmup * epochs,
                WeightDecay = 0.05,
                DecayVectors = true,
                GradientClip = 0,
                BestBy = BestBy.Accuracy,
                Patience = 0,
            });
    }

    private static ArenaConfiguration PaperTransformer(ArenaTask task, ArenaModel model)
    {
        // The arena's *_config.py: features, heads, depth, hidden size, rate, warm-up in epochs, batch, epochs, decay, dropout.
        // Text tasks: rate / sqrt(warm-up steps) at its peak, then falling with the square root.
        var (features, heads, depth, hidden, rate, warmup, batch, epochs, decay, dropout) = task.Name switch
        {
            "listops" => (512, 8, 4, 1024, 0.05 / Math.Sqrt(1000), 1000.0 / 3000, 32, 2, 0.1, 0.1),
            "text" => (256, 4, 4, 1024, 0.05 / Math.Sqrt(8000), 8000.0 / 781, 32, 26, 0.1, 0.1),
            "retrieval" or "passages" => (128, 4, 4, 512, 0.05 / Math.Sqrt(8000), 8000.0 / 4596, 32, 2, 0.1, 0.1),
            "image" => (128, 8, 1, 128, 0.0005, 1, 256, 200, 0, 0.3),
            "pathfinder" => (32, 4, 4, 32, 0.001, 1, 512, 200, 0, 0.2),
            "path-x" => (32, 2, 1, 32, 0.001, 1, 64, 200, 0, 0.1),
            _ => throw new ConfigurationException($"The paper preset has no configuration for '{task.Name}'."),
        };
        return new(
            task.PaperSize,
            TransformerStack(model, task.Length, features, heads, depth, hidden, dropout),
            new()
            {
                Loss = LossKind.CrossEntropy,
                Epochs = epochs,
                BatchSize = batch,
                PartSize = PartOf(batch, task, features),
                LearningRate = rate,
                Schedule = task.Vocabulary > 0 ? LearningRateSchedule.WarmupInverseSquareRoot : LearningRateSchedule.WarmupCosine,
                WarmupEpochs = warmup,
                WeightDecay = decay,
                DecayVectors = true,
                GradientClip = task.Name == "path-x" ? 1 : 0,
                BestBy = BestBy.Accuracy,
                Patience = 0,
            });
    }

    private static ArenaConfiguration SmallStateSpace(ArenaTask task, ArenaModel model) => new(
        task.SmallSize,
        new()
        {
            Mixer = model.Mixer(new(task.SmallSize.Length, SmallFeatures, StateSize: 16)),
            Features = SmallFeatures,
            Depth = SmallDepth,
            Normalisation = Normalisation.Layer,
            Pooling = Pooling.Mean,
        },
        SmallTraining(task, model, rate: 0.01));

    private static ArenaConfiguration SmallTransformer(ArenaTask task, ArenaModel model) => new(
        task.SmallSize,
        TransformerStack(model, task.SmallSize.Length, SmallFeatures, heads: 4, SmallDepth, hidden: 2 * SmallFeatures, dropout: 0),
        SmallTraining(task, model, rate: 0.003));

    private static TrainingOptions SmallTraining(ArenaTask task, ArenaModel model, double rate)
    {
        var epochs = Math.Max(1, task.SmallEpochs / model.StepCost);
        return new()
        {
            Loss = LossKind.CrossEntropy,
            Epochs = epochs,
            BatchSize = 32,
            LearningRate = rate,
            Schedule = LearningRateSchedule.WarmupCosine,
            WarmupEpochs = 0.1 * epochs,
            WeightDecay = 0.05,
            BucketsByLength = task.Vocabulary > 0,
            BestBy = BestBy.Accuracy,
            Patience = 0,
        };
    }

    private static StackOptions TransformerStack(
        ArenaModel model, int length, int features, int heads, int depth, int hidden, double dropout) => new()
        {
            Mixer = model.Mixer(new(length, features, Heads: heads)),
            Features = features,
            Depth = depth,
            FeedForward = hidden,
            Positions = PositionEncoding.Sinusoidal,
            Normalisation = Normalisation.Layer,
            Dropout = dropout,
            Pooling = Pooling.Mean,
        };

    /// <summary>Examples of a batch that fit beside each other; 0 where all do.</summary>
    private static int PartOf(int batch, ArenaTask task, int features)
    {
        var fitting = (int)Math.Max(1, LargestPart / ((long)task.Length * task.Sequences * features));
        return fitting >= batch ? 0 : fitting;
    }
}
