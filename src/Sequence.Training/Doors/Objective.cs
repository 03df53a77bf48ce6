using Sequence.Models;
using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Training;

/// <summary>The second door: a weighted sum of loss terms.</summary>
public sealed class Objective
{
    private readonly IReadOnlyList<LossTerm> _terms;

    /// <summary>Creates the sum.</summary>
    /// <exception cref="ConfigurationException">There is no term, or some take classes and others values.</exception>
    public Objective(IReadOnlyList<LossTerm> terms)
    {
        if (terms.Count == 0)
        {
            throw new ConfigurationException("An objective needs at least one loss term.");
        }

        if (terms.Any(term => term.TakesClasses != terms[0].TakesClasses))
        {
            throw new ConfigurationException(
                "Some loss terms of the objective take class indices and others values; the targets can only be one of them.");
        }

        _terms = terms;
    }

    /// <summary>Whether the targets are class indices [batch, 1] rather than values of the shape of the outputs.</summary>
    public bool TakesClasses => _terms[0].TakesClasses;

    /// <summary>The objective of a single standard loss.</summary>
    public static Objective Of(LossKind kind) => new([kind switch
    {
        LossKind.Squared => new LossTerm(1, (forecast, target) => nn.functional.mse_loss(forecast, target)),
        LossKind.Absolute => new LossTerm(1, (forecast, target) => nn.functional.l1_loss(forecast, target)),
        LossKind.Huber => new LossTerm(1, (forecast, target) => nn.functional.smooth_l1_loss(forecast, target)),
        LossKind.CrossEntropy => new LossTerm(
            1, (logits, classes) => nn.functional.cross_entropy(logits, classes), TakesClasses: true),
        _ => throw new ConfigurationException($"Unknown loss {kind}."),
    }]);

    /// <summary>The sum over the terms, a scalar.</summary>
    /// <param name="forecast">Outputs of the model, [batch, outputs].</param>
    /// <param name="target">[batch, outputs], or class indices as float32 [batch, 1].</param>
    /// <exception cref="ModelException">
    /// The shapes differ: a broadcast would compare every pair. Or a class index is not one of the outputs.
    /// </exception>
    public Tensor Evaluate(Tensor forecast, Tensor target)
    {
        if (TakesClasses)
        {
            target = Classes(forecast, target);
        }
        else
        {
            target = target.to(forecast.device);
        }

        if (!TakesClasses && !forecast.shape.AsSpan().SequenceEqual(target.shape))
        {
            throw new ModelException(
                $"Forecasts [{string.Join(", ", forecast.shape)}] and targets [{string.Join(", ", target.shape)}] must " +
                "have the same shape.");
        }

        Tensor? total = null;
        foreach (var term in _terms)
        {
            var loss = term.Loss(forecast, target);
            if (term.Weight != 1)
            {
                using var weight = tensor(term.Weight, dtype: loss.dtype);
                loss = loss.mul(weight);
            }

            total = total is null ? loss : total.add(loss);
        }

        return total!;
    }

    /// <summary>Refuses examples that are not of the model's sizes.</summary>
    internal void RequireFit(SequenceModel model, IExampleSet examples, string name)
    {
        var targets = TakesClasses ? 1 : model.Outputs;
        if (examples.Sequences != model.Sequences)
        {
            throw new ModelException(
                $"The {name} examples have {examples.Sequences} sequences each; the model takes {model.Sequences}.");
        }

        if (examples.Features != model.Features || examples.Targets != targets)
        {
            throw new ModelException(
                $"The {name} examples have {examples.Features} features and {examples.Targets} targets; the model takes " +
                $"{model.Features} features and the objective {targets} targets" +
                $"{(TakesClasses ? ": the class index" : string.Empty)}.");
        }
    }

    private static Tensor Classes(Tensor outputs, Tensor target)
    {
        if (outputs.dim() != 2 || target.dim() != 2 || target.shape[0] != outputs.shape[0] || target.shape[1] != 1)
        {
            throw new ModelException(
                $"Outputs [batch, classes] and class indices [batch, 1] are needed, but the outputs are " +
                $"[{string.Join(", ", outputs.shape)}] and the targets [{string.Join(", ", target.shape)}].");
        }

        var given = target.AsSpan<float>();
        for (var row = 0; row < given.Length; row++)
        {
            if (!(given[row] >= 0 && given[row] < outputs.shape[1] && given[row] == MathF.Floor(given[row])))
            {
                throw new ModelException(
                    $"Row {row} has the class index {given[row]}, but the model has {outputs.shape[1]} outputs: a class index " +
                    $"is a whole number in [0, {outputs.shape[1]}).");
            }
        }

        return target.squeeze(1).to(ScalarType.Int64).to(outputs.device);
    }
}
