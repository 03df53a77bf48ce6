namespace Sequence.Forecasting;

/// <summary>
/// K-fold cross-validation in time order with purging and embargo: each of k blocks is tested once, and trained is on
/// what <see cref="PurgeOptions"/> leaves of the others, before and after it. Source: López de Prado, Advances in Financial
/// Machine Learning, 2018, section 7.4.
/// </summary>
public static class PurgedKFold
{
    /// <summary>Makes the splits.</summary>
    /// <param name="rows">Number of rows, n.</param>
    /// <param name="folds">Number of blocks, k; from 2 to n. Each has floor(n / k) rows, the last also the remainder.</param>
    /// <param name="purge">What to leave out; null leaves out nothing.</param>
    /// <exception cref="ConfigurationException">Lists every fault: the folds do not fit, or purging leaves one nothing to train on.</exception>
    public static IReadOnlyList<CrossValidationSplit> Create(int rows, int folds, PurgeOptions? purge = null) =>
        CombinatorialPurgedCrossValidation.Create(rows, folds, testGroups: 1, purge, maximumSplits: Math.Max(1, folds)).Splits;
}
