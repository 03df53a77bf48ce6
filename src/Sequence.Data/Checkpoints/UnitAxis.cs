namespace Sequence.Data.Checkpoints;

/// <summary>
/// One axis of a weight: the group of units it runs over and how many gates each unit has there. Weights that share a
/// group are widened, permuted or pruned together. The layout is gate-major: index = gate * Units + unit.
/// </summary>
/// <param name="Group">Name of the unit group, for example "lstm.hidden".</param>
/// <param name="Units">Number of units in the group.</param>
/// <param name="Gates">Gate multiplicity: 4 for an LSTM, 3 for a GRU, 1 otherwise.</param>
public sealed record UnitAxis(string Group, int Units, int Gates = 1)
{
    /// <summary>Length of the axis: Gates * Units.</summary>
    public int Length => Gates * Units;
}
