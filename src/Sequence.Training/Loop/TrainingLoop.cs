using Sequence.Data.Checkpoints;
using Sequence.Models;
using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Training;

/// <summary>One training under way, on a compute thread. Batch buffers are made once and used again.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private const double LargestDynamicsRate = 1e-3;
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(10);

    private readonly SequenceModel _model;
    private readonly IExampleSet _training;
    private readonly IExampleSet? _validation;
    private readonly TrainingOptions _options;
    private readonly IBatchPlan _plan;
    private readonly Objective _objective;
    private readonly IGradientSource _gradients;
    private readonly ParameterSet _parameters;
    private readonly Optimiser _optimiser;
    private readonly TrainingPass _pass = new();
    private readonly BatchBuffer _batch;
    private readonly int[] _order;
    private readonly List<EpochMetrics> _history;
    private IReadOnlyDictionary<string, float[]> _bestWeights;
    private double? _bestLoss;
    private int _bestEpoch;
    private int _epoch;
    private int _done;
    private double _lossSum;

    public TrainingLoop(
        Trainer doors,
        SequenceModel model,
        IExampleSet training,
        IExampleSet? validation,
        TrainingOptions options,
        IReadOnlyDictionary<string, float[]> start,
        TrainingState? resume)
    {
        _model = model;
        _training = training;
        _validation = validation is { Count: > 0 } ? validation : null;
        _options = options;
        _plan = doors.BatchPlan;
        _objective = doors.Objective;
        _gradients = doors.GradientSource;
        _parameters = ParameterSet.FromSingles(model.Weights, resume?.Weights ?? start);
        _optimiser = CreateOptimiser(options, _parameters);
        _batch = new BatchBuffer(
            (training, Math.Min(options.BatchSize, training.Count)),
            (_validation ?? training, _validation is null ? 0 : BatchBuffer.EvaluationSize(_validation)));
        _order = new int[training.Count];
        _history = [.. resume?.History ?? []];
        _bestWeights = resume?.BestWeights ?? new Dictionary<string, float[]>(StringComparer.Ordinal);
        _bestLoss = resume?.BestLoss;
        _bestEpoch = resume?.BestEpoch ?? 0;
        _epoch = resume?.Epoch ?? 0;
        _done = resume?.ExamplesDone ?? 0;
        _lossSum = resume?.LossSum ?? 0;
        if (resume is not null)
        {
            _optimiser.ImportState(resume.Optimiser);
        }
    }

    private bool StopsEarly => _options.Patience > 0 && _validation is not null &&
        _epoch - _bestEpoch >= _options.Patience;

    public TrainingResult Run(
        string fingerprint,
        Action<TrainingState>? save,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var saved = clock.GetTimestamp();
        ConsiderStart();
        for (; _epoch < _options.Epochs && !StopsEarly; _epoch++, _done = 0, _lossSum = 0)
        {
            var count = _plan.FillOrder(_epoch, _order);
            while (_done < count)
            {
                _optimiser.LearningRate = _options.LearningRateAt(_epoch + ((double)_done / count));
                var size = Math.Min(_options.BatchSize, count - _done);
                _lossSum += size * Step(_order.AsSpan(_done, size));
                _done += size;
                progress?.Report(new(_epoch + 1, _options.Epochs, (double)_done / count, null));
                if (cancellationToken.IsCancellationRequested)
                {
                    save?.Invoke(Capture(fingerprint));
                    throw new OperationCanceledException(cancellationToken);
                }

                if (save is not null && clock.GetElapsedTime(saved) > SaveInterval)
                {
                    save(Capture(fingerprint));
                    saved = clock.GetTimestamp();
                }
            }

            var finished = EndEpoch(count);
            progress?.Report(new(_epoch + 1, _options.Epochs, 1, finished));
        }

        save?.Invoke(Capture(fingerprint));
        return _validation is null
            ? new(_parameters.ExportSingles(), _history.Count, null, _history)
            : new(_bestWeights, _bestEpoch, _bestLoss, _history);
    }

    public void Dispose()
    {
        _batch.Dispose();
        _pass.Dispose();
        _parameters.Dispose();
    }

    private static Optimiser CreateOptimiser(TrainingOptions options, ParameterSet parameters)
    {
        var dynamicsScale =
            (options.DynamicsLearningRate ?? Math.Min(options.LearningRate, LargestDynamicsRate)) / options.LearningRate;
        var groups = parameters.Trained
            .GroupBy(weight => weight.Declaration.Role switch
            {
                WeightRole.Dynamics or WeightRole.TimeScale => (RateScale: dynamicsScale, Decay: 0.0),
                WeightRole.Vector => (RateScale: 1, Decay: 0),
                _ => (RateScale: 1, Decay: options.WeightDecay),
            })
            .Select(group => new ParameterGroup(
                [.. group.Select(weight => (weight.Declaration.Name, weight.Parameter))],
                LearningRateScale: group.Key.RateScale,
                WeightDecay: group.Key.Decay))
            .ToArray();
        return options.Optimiser switch
        {
            OptimiserKind.AdamW => new AdamW(groups, new AdamWOptions { LearningRate = options.LearningRate }),
            OptimiserKind.Sgd => new Sgd(groups, new SgdOptions { LearningRate = options.LearningRate, Momentum = 0.9 }),
            _ => throw new ConfigurationException($"Unknown optimiser {options.Optimiser}."),
        };
    }

    private double Step(ReadOnlySpan<int> rows)
    {
        using var scope = NewDisposeScope();
        _pass.Seed((_options.Seed * 1_000_003) + ((ulong)_epoch << 32) + (ulong)_done);
        var batch = _batch.Fill(_training, rows);
        _optimiser.ZeroGradients();
        var loss = _gradients.Compute(
            () => _objective.Evaluate(_model.Forward(_parameters, batch.Inputs, batch.Lengths, _pass), batch.Targets));
        if (!double.IsFinite(loss))
        {
            throw new ModelException(
                $"The training loss became {loss} in epoch {_epoch + 1}. Lower the learning rate " +
                $"({_options.LearningRate}) or clip the gradients.");
        }

        if (_options.GradientClip > 0)
        {
            _optimiser.ClipGradientNorm(_options.GradientClip);
        }

        _optimiser.Step();
        return loss;
    }

    private EpochMetrics EndEpoch(int count)
    {
        var evaluation = _validation is null
            ? null
            : Validate(_validation, $"in epoch {_epoch + 1}. Lower the learning rate");
        var validation = evaluation?.Loss;
        var finished = new EpochMetrics(
            _epoch + 1, _lossSum / count, validation, _optimiser.LearningRate, evaluation?.Accuracy);
        _history.Add(finished);
        if (validation < _bestLoss)
        {
            Keep(_epoch + 1, validation.Value);
        }

        return finished;
    }

    /// <summary>
    /// The starting weights are the first to beat, as epoch 0: a training that never improves on them returns them. A resumed
    /// state holds what became of them.
    /// </summary>
    private void ConsiderStart()
    {
        if (_validation is not null && _bestLoss is null)
        {
            var start = Validate(_validation, "before the first epoch: look for extreme values in the validation part");
            Keep(0, start.Loss);
        }
    }

    private void Keep(int epoch, double loss)
    {
        _bestLoss = loss;
        _bestEpoch = epoch;
        _bestWeights = _parameters.ExportSingles();
    }

    private ModelEvaluation Validate(IExampleSet validation, string place)
    {
        var evaluation = ModelEvaluation.Compute(_model, _parameters, validation, _objective, _batch);
        return double.IsFinite(evaluation.Loss)
            ? evaluation
            : throw new ModelException($"The validation loss became {evaluation.Loss} {place}.");
    }

    private TrainingState Capture(string fingerprint) => new()
    {
        Fingerprint = fingerprint,
        Epoch = _epoch,
        ExamplesDone = _done,
        LossSum = _lossSum,
        BestLoss = _bestLoss,
        BestEpoch = _bestEpoch,
        History = [.. _history],
        Weights = _parameters.ExportSingles(),
        BestWeights = _bestWeights,
        Optimiser = _optimiser.ExportState(),
    };
}
