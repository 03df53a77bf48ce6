using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Where a layer's function gets its weights from, by name. Masked, quantised, generated or sliced weights are other
/// sources; no layer knows.
/// </summary>
public interface IWeightSource
{
    /// <summary>The weight of this name, in the shape it was declared with. The caller does not dispose it.</summary>
    /// <exception cref="ModelException">There is no such weight.</exception>
    Tensor Get(string name);
}
