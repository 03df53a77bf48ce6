using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>A model over windows: scaled inputs [batch, look-back, features] to scaled forecasts [batch, horizon].</summary>
public abstract class WindowModel
{
    /// <summary>What it computes, and with which weights.</summary>
    public abstract Architecture Architecture { get; }

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
            _ => throw new ConfigurationException($"There is no model for the architecture {architecture.GetType().Name}."),
        };
    }

    /// <summary>Forecasts a batch of windows.</summary>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="windows">[batch, look-back, features].</param>
    /// <param name="training">Given in training: dropout and batch statistics are used.</param>
    /// <returns>[batch, horizon].</returns>
    /// <exception cref="ModelException">The windows have the wrong shape.</exception>
    public Tensor Forward(IWeightSource weights, Tensor windows, TrainingPass? training = null)
    {
        if (windows.dim() != 3 || windows.shape[1] != Architecture.LookBack ||
            windows.shape[2] != Architecture.Features)
        {
            throw new ModelException(
                $"The model takes [batch, {Architecture.LookBack}, {Architecture.Features}] but was given " +
                $"[{string.Join(", ", windows.shape)}].");
        }

        return ForwardCore(weights, windows, training);
    }

    /// <summary>The function over windows of checked shape.</summary>
    protected abstract Tensor ForwardCore(IWeightSource weights, Tensor windows, TrainingPass? training);
}
