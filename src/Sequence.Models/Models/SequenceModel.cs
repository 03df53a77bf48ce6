using Sequence.Data.Checkpoints;
using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// A model of whole sequences: inputs [batch, length, features], of which each row may end before the padded length, to
/// outputs [batch, outputs]. What stands after the end of a row never reaches the outputs.
/// </summary>
public abstract class SequenceModel
{
    /// <summary>Every weight of the model.</summary>
    public abstract IReadOnlyList<WeightDeclaration> Weights { get; }

    /// <summary>Inputs at each time; at least 1.</summary>
    public abstract int Features { get; }

    /// <summary>Outputs of a sequence: classes, targets or steps of a forecast; at least 1.</summary>
    public abstract int Outputs { get; }

    /// <summary>Sequences of one example, each a row of the inputs: 2 for a model of pairs.</summary>
    public virtual int Sequences => 1;

    /// <summary>
    /// What the model computes, as JSON: two models of one description compute the same function of the same weights. A
    /// stopped training goes on only with a model of the description it began with.
    /// </summary>
    public abstract string Description { get; }

    /// <summary>Maps a batch of sequences.</summary>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="inputs">
    /// [batch, length, features], of the weights' element type and device, finite up to the length of each row; for a model
    /// of several sequences first the first of every example, then the second.
    /// </param>
    /// <param name="lengths">Length of each row, int64 [batch], in [1, length]; null when every row is full.</param>
    /// <param name="training">Given in training: dropout and batch statistics are used.</param>
    /// <returns>[batch / sequences, outputs].</returns>
    /// <exception cref="ModelException">
    /// The inputs have the wrong shape, element type or device, or hold NaN or infinity before the end of a row; the
    /// lengths have the wrong shape or element type, or one of them is out of range.
    /// </exception>
    public Tensor Forward(
        IWeightSource weights, Tensor inputs, Tensor? lengths = null, TrainingPass? training = null)
    {
        if (inputs.dim() != 3 || inputs.shape[1] < 1 || inputs.shape[2] != Features)
        {
            throw new ModelException(
                $"The model takes [batch, length >= 1, {Features}] but was given [{string.Join(", ", inputs.shape)}].");
        }

        if (inputs.shape[0] % Sequences != 0)
        {
            throw new ModelException(
                $"An example has {Sequences} sequences, so {inputs.shape[0]} rows are no whole number of examples.");
        }

        if (Weights is [var first, ..])
        {
            InputChecks.RequireTypeOf(weights.Get(first.Name), inputs, "the model");
        }

        var valid = lengths is null ? inputs : WithoutPadding(inputs, lengths);
        if (InputChecks.FirstNotFinite(valid) is { } place)
        {
            throw new ModelException(
                $"The input is not a finite number at row {place[0]}, time {place[1]}, feature {place[2]}. Resolve missing " +
                "values first.");
        }

        return ForwardCore(weights, valid, lengths, training);
    }

    /// <summary>The function of checked inputs, which are zero after the end of each row.</summary>
    protected abstract Tensor ForwardCore(
        IWeightSource weights, Tensor inputs, Tensor? lengths, TrainingPass? training);

    /// <summary>The inputs with zeros after the end of each row, so that nothing there can spread.</summary>
    private static Tensor WithoutPadding(Tensor inputs, Tensor lengths)
    {
        var (batch, padded) = (inputs.shape[0], (int)inputs.shape[1]);
        if (lengths.dim() != 1 || lengths.shape[0] != batch || lengths.dtype != ScalarType.Int64)
        {
            throw new ModelException(
                $"The lengths of {batch} rows are int64 [{batch}] but {lengths.dtype} [{string.Join(", ", lengths.shape)}] " +
                "was given.");
        }

        using var scope = NewDisposeScope();
        var ends = lengths.cpu().contiguous().AsSpan<long>();
        var mask = empty([batch, padded, 1], dtype: ScalarType.Bool);
        var inside = mask.AsSpan<bool>();
        inside.Clear();
        for (var row = 0; row < ends.Length; row++)
        {
            if (ends[row] < 1 || ends[row] > padded)
            {
                throw new ModelException(
                    $"Row {row} has length {ends[row]}, but the padded length of the inputs is {padded}; a length lies in " +
                    $"[1, {padded}].");
            }

            inside.Slice(row * padded, (int)ends[row]).Fill(true);
        }

        var zero = zeros(1, dtype: inputs.dtype, device: inputs.device);
        return inputs.where(mask.to(inputs.device), zero).MoveToOuterDisposeScope();
    }
}
