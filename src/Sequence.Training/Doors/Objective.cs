using static TorchSharp.torch;

namespace Sequence.Training;

/// <summary>The second door: a weighted sum of loss terms.</summary>
public sealed class Objective
{
    private readonly IReadOnlyList<LossTerm> _terms;

    /// <summary>Creates the sum.</summary>
    /// <exception cref="ConfigurationException">There is no term.</exception>
    public Objective(IReadOnlyList<LossTerm> terms)
    {
        if (terms.Count == 0)
        {
            throw new ConfigurationException("An objective needs at least one loss term.");
        }

        _terms = terms;
    }

    /// <summary>The objective of a single standard loss.</summary>
    public static Objective Of(LossKind kind) => new([new LossTerm(1, kind switch
    {
        LossKind.Squared => (forecast, target) => nn.functional.mse_loss(forecast, target),
        LossKind.Absolute => (forecast, target) => nn.functional.l1_loss(forecast, target),
        LossKind.Huber => (forecast, target) => nn.functional.smooth_l1_loss(forecast, target),
        _ => throw new ConfigurationException($"Unknown loss {kind}."),
    })]);

    /// <summary>The sum over the terms, a scalar.</summary>
    /// <exception cref="ModelException">The shapes differ: a broadcast would compare every pair.</exception>
    public Tensor Evaluate(Tensor forecast, Tensor target)
    {
        if (!forecast.shape.AsSpan().SequenceEqual(target.shape))
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
}
