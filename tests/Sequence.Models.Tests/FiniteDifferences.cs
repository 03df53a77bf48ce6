using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Models.Tests;

/// <summary>Compares gradients with central differences in float64.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-6;

    /// <summary>Checks up to 24 elements of every tensor given, spread over it.</summary>
    public static void Check(Func<Tensor> loss, IEnumerable<(string Name, Tensor Tensor)> variables)
    {
        var watched = variables.ToArray();
        foreach (var (_, variable) in watched)
        {
            variable.grad?.zero_();
        }

        using (NewDisposeScope())
        {
            loss().backward();
        }

        foreach (var (name, variable) in watched)
        {
            var gradient = variable.grad is { } grad ? grad.data<double>().ToArray() : new double[variable.numel()];
            var stride = Math.Max(1, gradient.Length / 24);
            for (var index = 0; index < gradient.Length; index += stride)
            {
                var expected = (Shifted(index, Step) - Shifted(index, -Step)) / (2 * Step);
                var tolerance = 1e-7 + (1e-6 * Math.Abs(expected));
                Assert.AreEqual(expected, gradient[index], tolerance, $"{name}[{index}]");
            }

            double Shifted(int index, double by)
            {
                using var scope = NewDisposeScope();
                using var inference = no_grad();
                var values = variable.AsSpan<double>();
                var kept = values[index];
                values[index] = kept + by;
                var result = loss().item<double>();
                variable.AsSpan<double>()[index] = kept;
                return result;
            }
        }
    }
}
