using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Sequence.Torch;

/// <summary>
/// An update rule over the memory of parameters and gradients. It makes no Scalar and no tensor: TorchSharp's own
/// optimisers pass finalizable Scalars to native code, which a garbage collection can free too early.
/// </summary>
public abstract class Optimiser
{
    private readonly Entry[] _entries;

    /// <summary>Takes the parameters.</summary>
    /// <exception cref="ModelException">A parameter is not contiguous float32 on the CPU, or two share a name.</exception>
    protected Optimiser(IReadOnlyList<ParameterGroup> groups, double learningRate, IReadOnlyList<string> moments)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<Entry>();
        foreach (var group in groups)
        {
            foreach (var (name, parameter) in group.Parameters)
            {
                if (parameter.dtype != ScalarType.Float32 || parameter.device_type != DeviceType.CPU ||
                    !parameter.is_contiguous())
                {
                    throw new ModelException(
                        $"Parameter '{name}' is {parameter.dtype} on {parameter.device_type}; the optimisers take contiguous " +
                        "Float32 on the CPU.");
                }

                if (!names.Add(name))
                {
                    throw new ModelException($"Two parameters are called '{name}'.");
                }

                var state = moments.Select(_ => new float[parameter.numel()]).ToArray();
                entries.Add(new(name, parameter, group, state));
            }
        }

        _entries = [.. entries];
        Moments = moments;
        LearningRate = learningRate;
    }

    /// <summary>Learning rate of the next step, before a group's scale.</summary>
    public double LearningRate { get; set; }

    /// <summary>Steps taken.</summary>
    public int StepCount { get; private set; }

    /// <summary>Names of the arrays kept for each parameter.</summary>
    private IReadOnlyList<string> Moments { get; }

    /// <summary>Sets every gradient to zero, in place.</summary>
    public void ZeroGradients()
    {
        foreach (var entry in _entries)
        {
            if (entry.Parameter.grad is { } gradient)
            {
                using (gradient)
                {
                    Values(gradient, entry.Name).Clear();
                }
            }
        }
    }

    /// <summary>
    /// Clips the gradients by their global norm: g := g * min(1, maximum / (norm + 1e-6)), norm = sqrt(sum of g^2) over
    /// all parameters.
    /// </summary>
    /// <returns>The norm before clipping.</returns>
    public double ClipGradients(double maximumNorm)
    {
        var squares = 0.0;
        ForEachGradient((_, gradient) => squares += TensorPrimitives.SumOfSquares<float>(gradient));
        var norm = Math.Sqrt(squares);
        var scale = maximumNorm / (norm + 1e-6);
        if (scale < 1)
        {
            ForEachGradient((_, gradient) => TensorPrimitives.Multiply(gradient, (float)scale, gradient));
        }

        return norm;
    }

    /// <summary>Takes one step with the gradients there are; a parameter without one stays.</summary>
    public void Step()
    {
        StepCount++;
        ForEachGradient((entry, gradient) => Update(
            Values(entry.Parameter, entry.Name),
            gradient,
            entry.Moments,
            LearningRate * entry.Group.LearningRateScale,
            entry.Group.WeightDecay));
    }

    /// <summary>Everything the next step depends on besides parameters and gradients, by name.</summary>
    public IReadOnlyDictionary<string, float[]> ExportState()
    {
        // A float holds every whole number up to 2^24, more steps than a training takes.
        var state = new Dictionary<string, float[]>(StringComparer.Ordinal) { ["step"] = [StepCount] };
        foreach (var entry in _entries)
        {
            for (var moment = 0; moment < Moments.Count; moment++)
            {
                state.Add($"{Moments[moment]}/{entry.Name}", entry.Moments[moment].ToArray());
            }
        }

        return state;
    }

    /// <summary>Goes on from an exported state.</summary>
    /// <exception cref="ModelException">An array is missing or has the wrong length; nothing has been changed then.</exception>
    public void ImportState(IReadOnlyDictionary<string, float[]> state)
    {
        float[] Find(string name, int length) =>
            state.TryGetValue(name, out var values) && values.Length == length
                ? values
                : throw new ModelException($"The optimiser's state lacks '{name}' with {length} values.");

        var step = (int)Find("step", 1)[0];
        var found = _entries
            .Select(entry => Moments.Select((name, index) =>
                Find($"{name}/{entry.Name}", entry.Moments[index].Length)).ToArray())
            .ToArray();
        StepCount = step;
        for (var index = 0; index < _entries.Length; index++)
        {
            for (var moment = 0; moment < Moments.Count; moment++)
            {
                found[index][moment].CopyTo(_entries[index].Moments[moment], 0);
            }
        }
    }

    /// <summary>Updates one parameter in place.</summary>
    /// <param name="parameter">Its values.</param>
    /// <param name="gradient">Its gradient, same length.</param>
    /// <param name="moments">The arrays kept for it, in the order they were named.</param>
    /// <param name="learningRate">Learning rate with the group's scale.</param>
    /// <param name="weightDecay">Weight decay of the group.</param>
    protected abstract void Update(
        Span<float> parameter,
        ReadOnlySpan<float> gradient,
        IReadOnlyList<float[]> moments,
        double learningRate,
        double weightDecay);

    private static Span<float> Values(Tensor tensor, string name) => tensor.is_contiguous()
        ? MemoryMarshal.Cast<byte, float>(tensor.bytes)
        : throw new ModelException($"The gradient of '{name}' is not contiguous.");

    private void ForEachGradient(SpanAction action)
    {
        foreach (var entry in _entries)
        {
            if (entry.Parameter.grad is { } gradient)
            {
                using (gradient)
                {
                    action(entry, Values(gradient, entry.Name));
                }
            }
        }
    }

    private delegate void SpanAction(Entry entry, Span<float> gradient);

    private sealed record Entry(string Name, Tensor Parameter, ParameterGroup Group, float[][] Moments);
}
