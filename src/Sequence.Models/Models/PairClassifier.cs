using System.Text.Json;
using Sequence.Data.Checkpoints;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Classifies pairs of sequences: one stack and pool ("two towers" that share their weights) gives a vector for each of the
/// two, x1 and x2 [features], and the logits are W2 gelu(W1 [x1, x2, x1 - x2, x1 * x2] + b1) + b2, with W1
/// [features, 4 * features] and W2 [classes, features]. So does the document retrieval of Long Range Arena (Tay et al. 2021).
/// </summary>
/// <remarks>
/// The inputs are [2 * batch, length, inputs]: the first sequences of all pairs, then the second ones.
/// </remarks>
public sealed class PairClassifier : SequenceModel
{
    private readonly int _length;
    private readonly StackOptions _options;
    private readonly StackLayer _stack;
    private readonly PoolingLayer _pool;
    private readonly LinearLayer _hidden;
    private readonly LinearLayer _output;

    /// <summary>Creates the model.</summary>
    /// <param name="inputs">Inputs at each time; at least 1, and 1 where they are tokens.</param>
    /// <param name="classes">Number of classes; at least 1.</param>
    /// <param name="length">Longest sequence it is trained on; at least 1.</param>
    /// <param name="options">Depth, width, mixer and pool of the stack.</param>
    /// <exception cref="ConfigurationException">Lists every size out of range.</exception>
    public PairClassifier(int inputs, int classes, int length, StackOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var tower = new PooledStackDeclaration("model", inputs, classes, length, options);
        ConfigurationException.ThrowIfAny(tower.Faults());
        (Features, Outputs, _length, _options) = (inputs, classes, length, options);
        _stack = new StackLayer(tower.Stack);
        _pool = new PoolingLayer(tower.Pool);
        _hidden = new LinearLayer(new("model.head.hidden", 4 * options.Features, options.Features));
        _output = new LinearLayer(new("model.head.output", options.Features, classes));
        Weights = [.. tower.Stack.Weights, .. _hidden.Declaration.Weights, .. _output.Declaration.Weights];
    }

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights { get; }

    /// <inheritdoc />
    public override int Features { get; }

    /// <inheritdoc />
    public override int Outputs { get; }

    /// <inheritdoc />
    public override int Sequences => 2;

    /// <inheritdoc />
    public override string Description => JsonSerializer.Serialize(
        new { Kind = "pair", Inputs = Features, Outputs, Length = _length, Options = _options });

    /// <inheritdoc />
    protected override Tensor ForwardCore(
        IWeightSource weights, Tensor inputs, Tensor? lengths, TrainingPass? training)
    {
        var towers = _pool.Pool(_stack.ForwardMasked(weights, inputs, lengths, training), lengths);
        var pairs = towers.shape[0] / 2;
        var first = towers.narrow(0, 0, pairs);
        var second = towers.narrow(0, pairs, pairs);
        var both = cat([first, second, first.sub(second), first.mul(second)], dim: 1);
        return _output.Map(weights, nn.functional.gelu(_hidden.Map(weights, both)));
    }
}
