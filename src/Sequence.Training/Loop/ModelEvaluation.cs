using Sequence.Data;
using Sequence.Models;
using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Training;

/// <summary>What a model reaches on a set of examples.</summary>
/// <param name="Loss">Mean of the objective over the examples.</param>
/// <param name="Accuracy">
/// Share of the examples whose largest output is that of their class, in [0, 1]; null where targets are no classes.
/// </param>
public sealed record ModelEvaluation(double Loss, double? Accuracy)
{
    /// <summary>Evaluates a model batch by batch, without gradients and as after training (no dropout).</summary>
    /// <param name="model">What is evaluated.</param>
    /// <param name="weights">Its weights by name.</param>
    /// <param name="examples">On what.</param>
    /// <param name="objective">What is measured; the accuracy is given for one over classes.</param>
    /// <param name="device">Where the model is computed; null for the CPU.</param>
    /// <exception cref="ConfigurationException">There is no such device.</exception>
    /// <exception cref="DataFormatException">There is no example.</exception>
    /// <exception cref="ModelException">The examples or the weights do not fit the model.</exception>
    public static ModelEvaluation Compute(
        SequenceModel model,
        IReadOnlyDictionary<string, float[]> weights,
        IExampleSet examples,
        Objective objective,
        ComputeDevice? device = null)
    {
        if (examples.Count == 0)
        {
            throw new DataFormatException("There is no example to evaluate the model on.");
        }

        objective.RequireFit(model, examples, "evaluation");
        using var compute = new ComputeThread("evaluation");
        return compute.Run(() =>
        {
            using var parameters = ParameterSet.FromSingles(model.Weights, weights);
            var place = device is null or { IsCpu: true } ? null : device.Open();
            using var onDevice = place is null ? null : new DeviceParameters(parameters, place);
            using var buffer = new BatchBuffer(place, (examples, BatchBuffer.EvaluationSize(examples)));
            return Compute(model, onDevice?.Weights ?? parameters, examples, objective, buffer);
        });
    }

    /// <summary>The same on the compute thread of a caller who has weights and a buffer.</summary>
    internal static ModelEvaluation Compute(
        SequenceModel model, IWeightSource weights, IExampleSet examples, Objective objective, BatchBuffer buffer)
    {
        using var inference = no_grad();
        var largest = BatchBuffer.EvaluationSize(examples);
        var rows = ByLength(examples);
        var sum = 0.0;
        var correct = 0L;
        for (var first = 0; first < rows.Length; first += largest)
        {
            using var scope = NewDisposeScope();
            var size = Math.Min(largest, rows.Length - first);
            var batch = buffer.Fill(examples, rows.AsSpan(first, size));
            var outputs = model.Forward(weights, batch.Inputs, batch.Lengths);
            sum += size * objective.Evaluate(outputs, batch.Targets).item<float>();
            correct += objective.TakesClasses ? CountCorrect(outputs, batch.Targets) : 0;
        }

        return new(sum / examples.Count, objective.TakesClasses ? (double)correct / examples.Count : null);
    }

    /// <summary>Examples of like length beside each other, so that little is computed for padding.</summary>
    private static int[] ByLength(IExampleSet examples) =>
    [
        .. Enumerable.Range(0, examples.Count).OrderBy(row =>
            Enumerable.Range(0, examples.Sequences).Max(sequence => examples.LengthOf(row, sequence))),
    ];

    private static int CountCorrect(Tensor outputs, Tensor targets)
    {
        var answers = outputs.argmax(1).cpu().AsSpan<long>();
        var classes = targets.AsSpan<float>();
        var correct = 0;
        for (var row = 0; row < answers.Length; row++)
        {
            correct += answers[row] == (long)classes[row] ? 1 : 0;
        }

        return correct;
    }
}
