using Sequence.Data.Checkpoints;
using Sequence.Models;
using static TorchSharp.torch;

namespace Sequence.Training;

/// <summary>
/// The parameters of a training on another device: a copy there, which the model computes with, of the ones on the CPU, which
/// the optimiser updates.
/// </summary>
internal sealed class DeviceParameters : IDisposable
{
    private readonly ParameterSet _master;
    private readonly Dictionary<string, Tensor> _copies = new(StringComparer.Ordinal);

    public DeviceParameters(ParameterSet master, Device device)
    {
        _master = master;
        foreach (var declaration in master.Declarations)
        {
            var copy = empty(master.Get(declaration.Name).shape, device: device).DetachFromDisposeScope();
            copy.requires_grad = declaration.IsTrained;
            _copies.Add(declaration.Name, copy);
        }

        Weights = new CopySource(_copies);
        using var inference = no_grad();
        foreach (var (name, copy) in _copies)
        {
            _ = copy.copy_(master.Get(name));
        }
    }

    /// <summary>The weights on the device.</summary>
    public IWeightSource Weights { get; }

    /// <summary>Copies the trained parameters to the device; running statistics move there and are left alone.</summary>
    public void Push()
    {
        using var inference = no_grad();
        foreach (var (declaration, parameter) in _master.Trained)
        {
            _ = _copies[declaration.Name].copy_(parameter);
        }
    }

    /// <summary>Brings the gradients to the CPU, in place of those there, and clears them on the device.</summary>
    public void PullGradients()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        foreach (var (declaration, parameter) in _master.Trained)
        {
            var copy = _copies[declaration.Name];
            if (copy.grad is { } gradient)
            {
                parameter.grad = gradient.cpu().contiguous().clone();
                _ = gradient.zero_();
            }
        }
    }

    /// <summary>Brings what a forward pass of training changes, running statistics, to the CPU.</summary>
    public void PullStatistics()
    {
        using var inference = no_grad();
        foreach (var declaration in _master.Declarations.Where(weight => weight.Role == WeightRole.Statistic))
        {
            _ = _master.Get(declaration.Name).copy_(_copies[declaration.Name]);
        }
    }

    public void Dispose()
    {
        foreach (var copy in _copies.Values)
        {
            copy.Dispose();
        }
    }

    private sealed class CopySource(Dictionary<string, Tensor> copies) : IWeightSource
    {
        public Tensor Get(string name) => copies[name];
    }
}
