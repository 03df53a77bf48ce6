using System.Text.Json;
using Sequence.Data.Checkpoints;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>A model over windows: scaled inputs [batch, look-back, features] to scaled forecasts [batch, horizon].</summary>
public abstract class WindowModel : SequenceModel
{
    /// <summary>What it computes, and with which weights.</summary>
    public abstract Architecture Architecture { get; }

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights => field ??= Architecture.Weights;

    /// <inheritdoc />
    public override int Features => Architecture.Features;

    /// <inheritdoc />
    public override int Outputs => Architecture.Horizon;

    /// <inheritdoc />
    public override string Description => JsonSerializer.Serialize(Architecture);

    /// <summary>The model of an architecture.</summary>
    /// <exception cref="ConfigurationException">A size of the architecture is out of range.</exception>
    public static WindowModel Create(Architecture architecture)
    {
        architecture.Validate();
        return architecture switch
        {
            RecurrentArchitecture recurrent => new RecurrentModel(recurrent),
            ConvolutionArchitecture convolution => new ConvolutionModel(convolution),
            ResNlsArchitecture resNls => new ResNlsModel(resNls),
            NLinearArchitecture nLinear => new NLinearModel(nLinear),
            DLinearArchitecture dLinear => new DLinearModel(dLinear),
            StackArchitecture stack => new StackModel(stack),
            _ => throw new ConfigurationException($"There is no model for the architecture {architecture.GetType().Name}."),
        };
    }

    /// <summary>A window has no padding: it is as long as the look-back.</summary>
    protected sealed override Tensor ForwardCore(
        IWeightSource weights, Tensor inputs, Tensor? lengths, TrainingPass? training)
    {
        if (inputs.shape[1] != Architecture.LookBack)
        {
            throw new ModelException(
                $"The model takes [batch, {Architecture.LookBack}, {Architecture.Features}] but was given " +
                $"[{string.Join(", ", inputs.shape)}].");
        }

        if (lengths is not null)
        {
            throw new ModelException(
                $"A model over windows takes no lengths: every window has {Architecture.LookBack} rows. Leave them out.");
        }

        return ForwardCore(weights, inputs, training);
    }

    /// <summary>The function over windows of checked shape.</summary>
    protected abstract Tensor ForwardCore(IWeightSource weights, Tensor windows, TrainingPass? training);
}
