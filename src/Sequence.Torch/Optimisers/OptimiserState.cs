namespace Sequence.Torch;

/// <summary>All that an optimiser needs to go on as if it had never stopped.</summary>
/// <param name="StepCount">How many steps were made.</param>
/// <param name="LearningRate">The learning rate in force.</param>
/// <param name="Buffers">
/// Arrays of float or double, named after PyTorch's state: the parameter's name, a dot, and "step", "exp_avg", "exp_avg_sq" or
/// "momentum_buffer". A buffer has the parameter's elements in row-major order and its element type; "step" has one double.
/// </param>
public sealed record OptimiserState(
    long StepCount,
    double LearningRate,
    IReadOnlyDictionary<string, Array> Buffers);
