using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>A sequence layer that is, for a given input, a linear time-varying system of finite state.</summary>
public interface IDynamicalSystemLayer
{
    /// <summary>The system whose recurrence gives the layer's output on this input.</summary>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="input">[length, inputs].</param>
    /// <exception cref="ModelException">The input has the wrong shape.</exception>
    DynamicalSystem System(IWeightSource weights, Tensor input);
}
