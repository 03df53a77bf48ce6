using Sequence.Data.Checkpoints;
using Sequence.Models;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Training.Tests;

/// <summary>A small sequence model: a GRU, dropout, and a linear map of the state at the end of each row.</summary>
internal sealed class RecurrentReader(int features, int hidden, int outputs, double dropout = 0) : SequenceModel
{
    private readonly RecurrentLayer _recurrence = new(new RecurrentDeclaration("gru", RecurrentCell.Gru, features, hidden));
    private readonly LinearLayer _head = new(new LinearDeclaration("head", hidden, outputs));

    public override IReadOnlyList<WeightDeclaration> Weights =>
        [.. _recurrence.Declaration.Weights, .. _head.Declaration.Weights];

    public override int Features => features;

    public override int Outputs => outputs;

    public override string Description => $"{{\"hidden\":{hidden},\"outputs\":{outputs}}}";

    protected override Tensor ForwardCore(
        IWeightSource weights, Tensor inputs, Tensor? lengths, TrainingPass? training)
    {
        var states = _recurrence.Forward(weights, inputs).Output;
        var ends = (lengths ?? full(inputs.shape[0], inputs.shape[1], dtype: ScalarType.Int64)).sub(tensor(1L));
        var last = states.gather(1, ends.reshape(-1, 1, 1).expand(-1, 1, hidden)).squeeze(1);
        return _head.Map(weights, training?.Dropout(last, dropout) ?? last);
    }
}
