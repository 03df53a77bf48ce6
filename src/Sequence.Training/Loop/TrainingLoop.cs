using Sequence.Data.Checkpoints;
using Sequence.Models;
using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Training;

/// <summary>One training under way, on a compute thread. Batch buffers are made once and used again.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private const double LargestDynamicsRate = 1e-3;

    private readonly SequenceModel _model;
    private readonly IExampleSet _training;
    private readonly IExampleSet? _validation;
    private readonly TrainingOptions _options;
    private readonly IBatchPlan _plan;
    private readonly Objective _objective;
    private readonly IGradientSource _gradients;
    private readonly ParameterSet _parameters;
    private readonly DeviceParameters? _onDevice;
    private readonly TimeSpan _saveInterval;
    private readonly TimeSpan _elapsedBefore;
    private readonly Optimiser _optimiser;
    private readonly TrainingPass _pass = new();
    private readonly BatchBuffer[] _buffers;
    private readonly BatchBuffer _evaluation;
    private Task<BatchShape>? _prefetched;
    private readonly int _partSize;
    private readonly int[] _order;
    private readonly List<EpochMetrics> _history;
    private IReadOnlyDictionary<string, float[]> _bestWeights;
    private double? _bestLoss;
    private double? _bestAccuracy;
    private long _started;
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
        var device = doors.Device.IsCpu ? null : doors.Device.Open();
        _onDevice = device is null ? null : new DeviceParameters(_parameters, device);
        _saveInterval = doors.SaveInterval;
        _partSize = options.PartSize == 0 ? options.BatchSize : Math.Min(options.PartSize, options.BatchSize);
        _buffers = [.. Enumerable.Range(0, 2).Select(_ =>
            new BatchBuffer(device, (training, Math.Min(_partSize, training.Count))))];
        _evaluation = new BatchBuffer(
            device, (_validation ?? training, _validation is null ? 0 : BatchBuffer.EvaluationSize(_validation)));
        _order = new int[training.Count];
        _history = [.. resume?.History ?? []];
        _bestWeights = resume?.BestWeights ?? new Dictionary<string, float[]>(StringComparer.Ordinal);
        _bestLoss = resume?.BestLoss;
        _bestAccuracy = resume?.BestAccuracy;
        _bestEpoch = resume?.BestEpoch ?? 0;
        _elapsedBefore = resume?.Elapsed ?? TimeSpan.Zero;
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

    private IWeightSource Weights => _onDevice?.Weights ?? _parameters;

    private TimeSpan Elapsed => _elapsedBefore + TimeProvider.System.GetElapsedTime(_started);

    /// <summary>Whether the time budget has passed; never before the first step.</summary>
    private bool IsOutOfTime(int steps) => steps > 0 && _options.TimeBudget is { } budget && Elapsed >= budget;

    public TrainingResult Run(
        string fingerprint,
        Action<TrainingState>? save,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        ConsiderStart();
        _started = TimeProvider.System.GetTimestamp();
        var saved = Elapsed;
        for (; _epoch < _options.Epochs && !StopsEarly && !IsOutOfTime(_epoch); _epoch++, _done = 0, _lossSum = 0)
        {
            var count = _plan.FillOrder(_epoch, _order);
            Prefetch(_done, count);
            while (_done < count)
            {
                _optimiser.LearningRate = _options.LearningRateAt(Position((double)_done / count));
                var size = Math.Min(_options.BatchSize, count - _done);
                _lossSum += size * Step(size, count);
                _done += size;
                progress?.Report(new(_epoch + 1, _options.Epochs, (double)_done / count, null, Elapsed));
                if (cancellationToken.IsCancellationRequested)
                {
                    save?.Invoke(Capture(fingerprint));
                    throw new OperationCanceledException(cancellationToken);
                }

                if (IsOutOfTime(_done))
                {
                    RequireMoreThanOneStep(size);
                    break;
                }

                if (save is not null && Elapsed - saved > _saveInterval)
                {
                    save(Capture(fingerprint));
                    saved = Elapsed;
                }
            }

            var finished = EndEpoch();
            progress?.Report(new(_epoch + 1, _options.Epochs, (double)_done / count, finished, Elapsed));
        }

        save?.Invoke(Capture(fingerprint));
        return _validation is null
            ? new(_parameters.ExportSingles(), _history.Count, null, _history, Elapsed: Elapsed)
            : new(_bestWeights, _bestEpoch, _bestLoss, _history, _bestAccuracy, Elapsed);
    }

    public void Dispose()
    {
        AwaitPrefetch();
        foreach (var buffer in _buffers)
        {
            buffer.Dispose();
        }

        _evaluation.Dispose();
        _pass.Dispose();
        _onDevice?.Dispose();
        _parameters.Dispose();
    }

    /// <summary>The epochs passed as the schedule counts them: by examples or by the time budget, whichever is further.</summary>
    private double Position(double share)
    {
        var position = _epoch + share;
        return _options.TimeBudget is { } budget
            ? Math.Max(position, Math.Min(1, Elapsed / budget) * _options.Epochs)
            : position;
    }

    private void RequireMoreThanOneStep(int size)
    {
        if (_epoch == 0 && _done == size && _training.Count > size)
        {
            throw new ConfigurationException(
                $"time-budget is {_options.TimeBudget!.Value.TotalSeconds:0.###} s, but the first step alone took " +
                $"{Elapsed.TotalSeconds:0.###} s. Give more time or choose a smaller batch.");
        }
    }

    private static Optimiser CreateOptimiser(TrainingOptions options, ParameterSet parameters)
    {
        var dynamicsRate = options.DynamicsLearningRate ?? Math.Min(options.LearningRate, LargestDynamicsRate);
        var dynamicsScale = dynamicsRate / options.LearningRate;
        var timeScale = (options.TimeScaleLearningRate ?? dynamicsRate) / options.LearningRate;
        var groups = parameters.Trained
            .GroupBy(weight => weight.Declaration.Role switch
            {
                WeightRole.Dynamics => (RateScale: dynamicsScale, Decay: 0.0),
                WeightRole.TimeScale => (RateScale: timeScale, Decay: 0),
                WeightRole.Vector when !options.DecayVectors => (RateScale: 1, Decay: 0),
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

    /// <summary>Begins to copy the part of the epoch that starts here, if there is one.</summary>
    private void Prefetch(int first, int count)
    {
        AwaitPrefetch();
        if (first >= count)
        {
            return;
        }

        // A part ends where the step ends that it belongs to.
        var batch = first / _options.BatchSize * _options.BatchSize;
        var end = Math.Min(Math.Min(first + _partSize, batch + _options.BatchSize), count);
        (_buffers[0], _buffers[1]) = (_buffers[1], _buffers[0]);
        var buffer = _buffers[0];
        _prefetched = Task.Run(() => buffer.Copy(_training, _order.AsSpan(first, end - first)));
    }

    // The copy writes to memory that is about to be freed or written by another one.
    private void AwaitPrefetch()
    {
        if (_prefetched is not null)
        {
            Task.WaitAny(_prefetched);
            _prefetched = null;
        }
    }

    /// <summary>
    /// One update by the examples from the place reached, in parts. While a part is computed the next one is copied.
    /// </summary>
    private double Step(int size, int count)
    {
        _pass.Seed((_options.Seed * 1_000_003) + ((ulong)_epoch << 32) + (ulong)_done);
        _optimiser.ZeroGradients();
        var total = 0.0;
        for (var done = 0; done < size;)
        {
            using var scope = NewDisposeScope();
            var shape = _prefetched!.GetAwaiter().GetResult();
            var batch = _buffers[0].View(shape);
            done += shape.Examples;
            Prefetch(_done + done, count);
            total += Backpropagate(batch, (double)shape.Examples / size);
        }

        if (!double.IsFinite(total))
        {
            throw new ModelException(
                $"The training loss became {total} in epoch {_epoch + 1}. Lower the learning rate " +
                $"({_options.LearningRate}) or clip the gradients.");
        }

        _onDevice?.PullGradients();
        if (_options.GradientClip > 0)
        {
            _optimiser.ClipGradientNorm(_options.GradientClip);
        }

        _optimiser.Step();
        _onDevice?.Push();
        return total;
    }

    /// <summary>Adds the gradients of a part's share of the batch's mean loss, and returns that share of the loss.</summary>
    private double Backpropagate(Batch batch, double share) => _gradients.Compute(() =>
    {
        var loss = _objective.Evaluate(_model.Forward(Weights, batch.Inputs, batch.Lengths, _pass), batch.Targets);
        return share == 1 ? loss : loss.mul(tensor(share, dtype: loss.dtype, device: loss.device));
    });

    private EpochMetrics EndEpoch()
    {
        _onDevice?.PullStatistics();
        var evaluation = _validation is null
            ? null
            : Validate(_validation, $"in epoch {_epoch + 1}. Lower the learning rate");
        var finished = new EpochMetrics(
            _epoch + 1, _lossSum / _done, evaluation?.Loss, _optimiser.LearningRate, evaluation?.Accuracy);
        _history.Add(finished);
        if (evaluation is not null && IsBetter(evaluation))
        {
            Keep(_epoch + 1, evaluation);
        }

        return finished;
    }

    private bool IsBetter(ModelEvaluation evaluation) => _options.BestBy == BestBy.Accuracy
        ? evaluation.Accuracy > _bestAccuracy
        : evaluation.Loss < _bestLoss;

    /// <summary>
    /// The starting weights are the first to beat, as epoch 0: a training that never improves on them returns them. A resumed
    /// state holds what became of them.
    /// </summary>
    private void ConsiderStart()
    {
        if (_validation is not null && _bestLoss is null)
        {
            Keep(0, Validate(_validation, "before the first epoch: look for extreme values in the validation part"));
        }
    }

    private void Keep(int epoch, ModelEvaluation evaluation)
    {
        (_bestLoss, _bestAccuracy, _bestEpoch) = (evaluation.Loss, evaluation.Accuracy, epoch);
        _bestWeights = _parameters.ExportSingles();
    }

    private ModelEvaluation Validate(IExampleSet validation, string place)
    {
        var evaluation = ModelEvaluation.Compute(_model, Weights, validation, _objective, _evaluation);
        return double.IsFinite(evaluation.Loss)
            ? evaluation
            : throw new ModelException($"The validation loss became {evaluation.Loss} {place}.");
    }

    private TrainingState Capture(string fingerprint)
    {
        _onDevice?.PullStatistics();
        return new()
        {
            Fingerprint = fingerprint,
            Epoch = _epoch,
            ExamplesDone = _done,
            LossSum = _lossSum,
            BestLoss = _bestLoss,
            BestAccuracy = _bestAccuracy,
            BestEpoch = _bestEpoch,
            Elapsed = Elapsed,
            History = [.. _history],
            Weights = _parameters.ExportSingles(),
            BestWeights = _bestWeights,
            Optimiser = _optimiser.ExportState(),
        };
    }
}
