namespace Sequence.Forecasting;

/// <summary>
/// Which training rows a split leaves out because their labels say something of the test part, after López de Prado,
/// Advances in Financial Machine Learning, 2018, sections 7.4.1 and 7.4.2.
/// </summary>
/// <remarks>
/// The label of row i is made of the rows i to end[i]. With a test block [a, b) and L the largest end[j] of its rows, a row i
/// outside is left out when its label and one of the block's overlap, or it follows closely on them:
/// <code>
/// end[i] >= a  and  i &lt;= L + embargo
/// </code>
/// With end[i] = i + p that leaves out p rows before a block and p + embargo rows after it.
/// </remarks>
public sealed record PurgeOptions
{
    /// <summary>Rows a label looks ahead of its own, p, the same for every row; at least 0. A label over h rows has h - 1.</summary>
    /// <value>Default: 0.</value>
    public int PurgeRows { get; init; }

    /// <summary>For each row the last row its label is made of; at least the row itself. In the place of <see cref="PurgeRows"/>.</summary>
    /// <value>Default: null.</value>
    public IReadOnlyList<int>? LabelEnds { get; init; }

    /// <summary>Rows after the last label of a test block that are left out besides; at least 0.</summary>
    /// <value>Default: 0.</value>
    public int Embargo { get; init; }

    internal void AddFaults(int rows, List<string> faults)
    {
        if (PurgeRows < 0)
        {
            faults.Add($"PurgeRows is {PurgeRows}; give at least 0.");
        }

        if (Embargo < 0)
        {
            faults.Add($"Embargo is {Embargo}; give at least 0.");
        }

        if (LabelEnds is null)
        {
            return;
        }

        if (PurgeRows > 0)
        {
            faults.Add("PurgeRows and LabelEnds are both given; give one of them.");
        }

        if (LabelEnds.Count != rows)
        {
            faults.Add($"LabelEnds has {LabelEnds.Count} entries for {rows} rows; give one for each.");
        }

        for (var row = 0; row < LabelEnds.Count; row++)
        {
            if (LabelEnds[row] < row)
            {
                faults.Add($"LabelEnds says that the label of row {row} ends in row {LabelEnds[row]}, before it begins.");
                return;
            }
        }
    }

    /// <summary>The rows outside the test blocks that may be trained on, in order.</summary>
    internal int[] TrainRows(int rows, IReadOnlyList<RowRange> tests)
    {
        var isOut = new bool[rows];
        foreach (var test in tests)
        {
            long last = 0;
            for (var row = test.Start; row < test.End; row++)
            {
                last = Math.Max(last, EndOf(row));
                isOut[row] = true;
            }

            for (var row = 0; row < test.Start; row++)
            {
                isOut[row] |= EndOf(row) >= test.Start;
            }

            for (var row = test.End; row < rows && row <= last + Embargo; row++)
            {
                isOut[row] = true;
            }
        }

        return [.. Enumerable.Range(0, rows).Where(row => !isOut[row])];
    }

    private long EndOf(int row) => LabelEnds?[row] ?? (long)row + PurgeRows;
}
