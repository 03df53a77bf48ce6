using Sequence.Data.Scalers;
using Sequence.Streaming;

namespace Sequence.Training;

/// <summary>What a <see cref="NeuralForecaster"/> fits, and how.</summary>
public sealed record NeuralForecasterOptions
{
    /// <summary>Short name for tables and the checkpoint, for example "resnls-5".</summary>
    public required string Name { get; init; }

    /// <summary>The model.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>How each series is scaled before the model sees it; fitted on its training rows.</summary>
    /// <value>Default standard.</value>
    public ScalerKind Scaler { get; init; } = ScalerKind.Standard;

    /// <summary>
    /// Share of each history, at its end, whose forecasts decide when to stop. 0 trains on every row for all epochs.
    /// </summary>
    /// <value>Default 0.15.</value>
    public double ValidationFraction { get; init; } = 0.15;

    /// <summary>How the model is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Checks every option.</summary>
    /// <exception cref="ConfigurationException">Lists the options out of range.</exception>
    public void Validate()
    {
        Architecture.Validate();
        Training.Validate();
        if (Training.Loss == LossKind.CrossEntropy)
        {
            throw new ConfigurationException(
                $"loss is {Training.Loss}, which is for classes; a forecaster has values for targets. Choose another one.");
        }

        if (ValidationFraction is not (>= 0 and < 1))
        {
            throw new ConfigurationException($"validation-fraction is {ValidationFraction}; it must be in [0, 1).");
        }
    }
}
