using static TorchSharp.torch;

namespace Sequence.Training;

/// <summary>The third door: where the gradients of the trained parameters come from.</summary>
public interface IGradientSource
{
    /// <summary>Evaluates the loss and leaves its gradients in the parameters' grad.</summary>
    /// <param name="loss">Computes the scalar loss of the batch.</param>
    /// <returns>The loss.</returns>
    double Compute(Func<Tensor> loss);
}
