using TorchSharp;
using static TorchSharp.torch;

namespace Sequence.Torch;

/// <summary>
/// Updates parameters from their gradients in place, in C# over the tensors' memory: no temporary tensors and no Scalars.
/// </summary>
/// <remarks>
/// A parameter whose gradient is absent at a step is left alone, as in PyTorch. Call it from the thread that computes the
/// gradients. What a step does depends on nothing but parameters, gradients and exported state, so training goes on bit for
/// bit after <see cref="ImportState"/>.
/// </remarks>
public abstract class Optimiser
{
    // As in torch.nn.utils.clip_grad_norm_: keeps the quotient finite for a vanishing norm.
    private const double NormFloor = 1e-6;

    private readonly List<ParameterSlot> _slots = [];
    private readonly string[] _bufferNames;
    private double _learningRate;

    private protected Optimiser(IReadOnlyList<ParameterGroup> groups, double learningRate, string[] bufferNames, List<string> faults)
    {
        ArgumentNullException.ThrowIfNull(groups);
        _ = LibtorchBootstrap.Initialise();
        _bufferNames = bufferNames;
        if (!IsRate(learningRate))
        {
            faults.Add($"LearningRate is {learningRate}; a finite number of at least 0 is needed.");
        }

        Add(groups, faults);
        ConfigurationException.ThrowIfAny(faults);
        _learningRate = learningRate;
    }

    /// <summary>The step size; each group multiplies it by its own scale. A schedule sets it between steps.</summary>
    /// <exception cref="ConfigurationException">The value is negative or not finite.</exception>
    public double LearningRate
    {
        get => _learningRate;
        set => _learningRate = IsRate(value)
            ? value
            : throw new ConfigurationException($"LearningRate is {value}; a finite number of at least 0 is needed.");
    }

    /// <summary>How many steps were made.</summary>
    public long StepCount { get; private set; }

    /// <summary>Sets every gradient that exists to zero and keeps its memory for the next backward pass.</summary>
    public void ZeroGradients()
    {
        foreach (var slot in _slots)
        {
            using var gradient = slot.DenseGradient();
            gradient?.bytes.Clear();
        }
    }

    /// <summary>
    /// Scales all gradients by min(1, maxNorm / (‖g‖ + 1e-6)), where ‖g‖ is the Euclidean norm over the gradients of all
    /// parameters together (Pascanu, Mikolov and Bengio 2013).
    /// </summary>
    /// <param name="maxNorm">The largest norm wanted; above 0.</param>
    /// <returns>
    /// The norm before scaling. Where it is not finite the gradients are left as they are, for the caller to skip the step.
    /// </returns>
    public double ClipGradientNorm(double maxNorm)
    {
        RefuseLimit(maxNorm, nameof(maxNorm));
        double sum = 0;
        foreach (var slot in _slots)
        {
            using var gradient = slot.DenseGradient();
            sum += gradient is null ? 0 : slot.SumOfSquares(gradient);
        }

        var norm = Math.Sqrt(sum);
        var scale = maxNorm / (norm + NormFloor);
        if (double.IsFinite(norm) && scale < 1)
        {
            foreach (var slot in _slots)
            {
                using var gradient = slot.DenseGradient();
                if (gradient is not null)
                {
                    slot.Scale(gradient, scale);
                }
            }
        }

        return norm;
    }

    /// <summary>Limits every element of every gradient to [-maxValue, maxValue]. NaN stays NaN.</summary>
    /// <param name="maxValue">The largest magnitude wanted; above 0.</param>
    public void ClipGradientValues(double maxValue)
    {
        RefuseLimit(maxValue, nameof(maxValue));
        foreach (var slot in _slots)
        {
            using var gradient = slot.DenseGradient();
            if (gradient is not null)
            {
                slot.Clamp(gradient, maxValue);
            }
        }
    }

    /// <summary>Makes one update of every parameter that has a gradient.</summary>
    /// <exception cref="ModelException">A gradient is sparse, or its shape or element type differs from its parameter's.</exception>
    public void Step()
    {
        foreach (var slot in _slots)
        {
            using var gradient = slot.DenseGradient();
            if (gradient is null)
            {
                continue;
            }

            slot.StepCount++;
            Update(slot, gradient);
        }

        StepCount++;
    }

    /// <summary>A copy of all that is needed to go on later.</summary>
    public OptimiserState ExportState()
    {
        Dictionary<string, Array> buffers = new(StringComparer.Ordinal);
        foreach (var slot in _slots)
        {
            buffers[$"{slot.Name}.step"] = new double[] { slot.StepCount };
            for (var i = 0; i < _bufferNames.Length; i++)
            {
                buffers[$"{slot.Name}.{_bufferNames[i]}"] = slot.CopyBuffer(i);
            }
        }

        return new OptimiserState(StepCount, LearningRate, buffers);
    }

    /// <summary>Goes on from a state that an optimiser of the same kind over the same parameters exported.</summary>
    /// <exception cref="ModelException">
    /// The state does not fit; the message lists every buffer that is missing, surplus, or of another length or element type.
    /// The optimiser is then unchanged.
    /// </exception>
    public void ImportState(OptimiserState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        List<string> faults = [];
        HashSet<string> known = new(StringComparer.Ordinal);
        if (state.StepCount < 0 || !IsRate(state.LearningRate))
        {
            faults.Add($"step count {state.StepCount} and learning rate {state.LearningRate} must be finite and at least 0");
        }

        foreach (var slot in _slots)
        {
            Check(state, $"{slot.Name}.step", new double[1], known, faults);
            for (var i = 0; i < _bufferNames.Length; i++)
            {
                Check(state, $"{slot.Name}.{_bufferNames[i]}", slot.CopyBuffer(i), known, faults);
            }
        }

        faults.AddRange(state.Buffers.Keys.Where(name => !known.Contains(name)).Select(name => $"'{name}' belongs to no parameter here"));
        if (faults.Count > 0)
        {
            throw new ModelException($"The optimiser's saved state does not fit its parameters: {string.Join("; ", faults)}.");
        }

        foreach (var slot in _slots)
        {
            slot.StepCount = (long)((double[])state.Buffers[$"{slot.Name}.step"])[0];
            for (var i = 0; i < _bufferNames.Length; i++)
            {
                slot.RestoreBuffer(i, state.Buffers[$"{slot.Name}.{_bufferNames[i]}"]);
            }
        }

        StepCount = state.StepCount;
        LearningRate = state.LearningRate;
    }

    private protected abstract void Update(ParameterSlot slot, Tensor gradient);

    private protected static bool IsRate(double value) => double.IsFinite(value) && value >= 0;

    private static void Check(OptimiserState state, string name, Array expected, HashSet<string> known, List<string> faults)
    {
        known.Add(name);
        if (!state.Buffers.TryGetValue(name, out var found))
        {
            faults.Add($"'{name}' is missing");
        }
        else if (found.Length != expected.Length || found.GetType() != expected.GetType())
        {
            faults.Add($"'{name}' is {found.GetType().Name} of {found.Length}, expected {expected.GetType().Name} of {expected.Length}");
        }
    }

    private static void RefuseLimit(double limit, string name)
    {
        if (!(limit > 0))
        {
            throw new ConfigurationException($"{name} is {limit}; a number above 0 is needed.");
        }
    }

    private void Add(IReadOnlyList<ParameterGroup> groups, List<string> faults)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        HashSet<nint> addresses = [];
        for (var i = 0; i < groups.Count; i++)
        {
            var group = groups[i];
            if (!IsRate(group.LearningRateScale) || !IsRate(group.WeightDecay))
            {
                faults.Add($"Group {i} has learning rate scale {group.LearningRateScale} and weight decay {group.WeightDecay}; both must be finite and at least 0.");
            }

            foreach (var (name, parameter) in group.Parameters)
            {
                if (FaultOf(parameter) is { } fault)
                {
                    faults.Add($"Parameter '{name}', {LibtorchFault.Describe(parameter)}, {fault}.");
                    continue;
                }

                if (!names.Add(name) || !addresses.Add(AddressOf(parameter)))
                {
                    faults.Add($"Parameter '{name}' is given twice.");
                    continue;
                }

                _slots.Add(new ParameterSlot(name, parameter, group, _bufferNames.Length));
            }
        }

        if (_slots.Count == 0 && faults.Count == 0)
        {
            faults.Add("There is no parameter to train.");
        }
    }

    /// <summary>Where the values lie: two wrappers of one tensor have two handles, but the same memory.</summary>
    private static unsafe nint AddressOf(Tensor parameter)
    {
        fixed (byte* start = parameter.bytes)
        {
            return (nint)start;
        }
    }

    private static string? FaultOf(Tensor parameter) => parameter switch
    {
        { device_type: not DeviceType.CPU } => "lies elsewhere than on the CPU; these optimisers update CPU memory. Train on the CPU, or use torch.optim there",
        { dtype: not (ScalarType.Float32 or ScalarType.Float64) } => "is neither float32 nor float64",
        { requires_grad: false } => "does not require a gradient",
        { is_sparse: true } => "is sparse",
        _ when parameter.numel() == 0 => "has no elements",
        _ when !parameter.is_contiguous() => "is not contiguous; make it so before training",
        _ => null,
    };
}
