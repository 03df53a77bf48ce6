namespace Sequence.Training;

/// <summary>The first door of the training loop: which examples make each batch, as training proceeds.</summary>
public interface IBatchPlan
{
    /// <summary>The order of the examples of an epoch, cut into batches by the loop. A function of the epoch alone.</summary>
    /// <param name="epoch">Counted from 0.</param>
    /// <param name="order">Receives the indices; may be shorter than the data set.</param>
    /// <returns>How many indices were written.</returns>
    int FillOrder(int epoch, Span<int> order);
}
