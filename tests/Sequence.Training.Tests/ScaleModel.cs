using Sequence.Data.Checkpoints;
using Sequence.Models;
using static TorchSharp.torch;

namespace Sequence.Training.Tests;

/// <summary>y = (a + b + c + ...) x of one input, with a scalar weight of each role: all have the same gradient.</summary>
internal sealed class ScaleModel(params WeightRole[] roles) : SequenceModel
{
    public override IReadOnlyList<WeightDeclaration> Weights { get; } =
    [
        .. roles.Select(role => new WeightDeclaration(
            role.ToString(), role, Initialisation.Constant(1), [new UnitAxis(role.ToString(), 1)])),
    ];

    public override int Features => 1;

    public override int Outputs => 1;

    public override string Description => string.Join(',', roles);

    protected override Tensor ForwardCore(
        IWeightSource weights, Tensor inputs, Tensor? lengths, TrainingPass? training)
    {
        var sum = Weights.Select(weight => weights.Get(weight.Name)).Aggregate((total, weight) => total.add(weight));
        return inputs.select(1, 0).mul(sum);
    }
}
