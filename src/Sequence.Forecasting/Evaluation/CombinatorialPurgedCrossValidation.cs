namespace Sequence.Forecasting;

/// <summary>
/// Combinatorial purged cross-validation: of N groups in time order every choice of k is tested once, which makes
/// <code>
/// C(N, k) splits  and  k / N * C(N, k) = C(N - 1, k - 1) paths
/// </code>
/// A path takes the test of each group from one split, so that it covers every row once; together the paths use the test of
/// every split. Source: López de Prado, Advances in Financial Machine Learning, 2018, chapter 12.
/// </summary>
public sealed class CombinatorialPurgedCrossValidation
{
    /// <summary>Most splits that are made without asking for more.</summary>
    public const int DefaultMaximumSplits = 10_000;

    private CombinatorialPurgedCrossValidation(
        IReadOnlyList<RowRange> groups,
        IReadOnlyList<CrossValidationSplit> splits,
        IReadOnlyList<IReadOnlyList<int>> pathIds,
        IReadOnlyList<IReadOnlyList<int>> paths)
    {
        Groups = groups;
        Splits = splits;
        PathIds = pathIds;
        Paths = paths;
    }

    /// <summary>Rows of each group.</summary>
    public IReadOnlyList<RowRange> Groups { get; }

    /// <summary>The splits, in lexical order of the groups tested.</summary>
    public IReadOnlyList<CrossValidationSplit> Splits { get; }

    /// <summary>For each split and each of its tested groups the path that this test is part of: how many splits before tested the group.</summary>
    public IReadOnlyList<IReadOnlyList<int>> PathIds { get; }

    /// <summary>For each path and each group the split from which it takes the test of that group.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Paths { get; }

    /// <summary>Makes the splits and paths.</summary>
    /// <param name="rows">Number of rows, n.</param>
    /// <param name="groups">Number of groups, N; from 2 to n. Each has floor(n / N) rows, the last also the remainder.</param>
    /// <param name="testGroups">Groups tested in a split, k; from 1 to N - 1.</param>
    /// <param name="purge">What to leave out; null leaves out nothing.</param>
    /// <param name="maximumSplits">Most splits to make; at least 1.</param>
    /// <exception cref="ConfigurationException">
    /// Lists every fault: the groups do not fit, there would be too many splits, or purging leaves one nothing to train on.
    /// </exception>
    public static CombinatorialPurgedCrossValidation Create(
        int rows, int groups, int testGroups, PurgeOptions? purge = null, int maximumSplits = DefaultMaximumSplits)
    {
        purge ??= new PurgeOptions();
        Validate(rows, groups, testGroups, purge, maximumSplits);
        var ranges = Enumerable.Range(0, groups)
            .Select(group => new RowRange(
                group * (rows / groups), group == groups - 1 ? rows : (group + 1) * (rows / groups)))
            .ToArray();
        var splits = new List<CrossValidationSplit>();
        var pathIds = new List<int[]>();
        var paths = Enumerable.Range(0, (int)Binomial(groups - 1, testGroups - 1)).Select(_ => new int[groups]).ToArray();
        var timesTested = new int[groups];
        var faults = new List<string>();
        var choice = Enumerable.Range(0, testGroups).ToArray();
        do
        {
            RowRange[] tests = [.. choice.Select(group => ranges[group])];
            var train = purge.TrainRows(rows, tests);
            if (train.Length == 0)
            {
                faults.Add(
                    $"Split {splits.Count}, which tests the groups {string.Join(", ", choice)}, has no row left to train on; purge less, " +
                    "or give more rows or fewer groups.");
            }

            int[] ids = [.. choice.Select(group => timesTested[group]++)];
            for (var index = 0; index < testGroups; index++)
            {
                paths[ids[index]][choice[index]] = splits.Count;
            }

            splits.Add(new CrossValidationSplit(splits.Count, train, [.. choice], tests));
            pathIds.Add(ids);
        }
        while (Advance(choice, groups));
        ConfigurationException.ThrowIfAny(faults);
        return new CombinatorialPurgedCrossValidation(ranges, splits, pathIds, paths);
    }

    private static void Validate(int rows, int groups, int testGroups, PurgeOptions purge, int maximumSplits)
    {
        var faults = new List<string>();
        if (groups < 2 || groups > rows)
        {
            faults.Add($"There are {groups} groups for {rows} rows; give from 2 to as many as there are rows.");
        }

        if (testGroups < 1 || testGroups >= groups)
        {
            faults.Add($"{testGroups} of {groups} groups are tested in a split; give at least 1 and leave one to train on.");
        }

        if (maximumSplits < 1)
        {
            faults.Add($"The most splits are {maximumSplits}; give at least 1.");
        }

        purge.AddFaults(rows, faults);
        if (faults.Count == 0 && Binomial(groups, testGroups) is var count && count > maximumSplits)
        {
            faults.Add(
                $"Choosing {testGroups} of {groups} groups makes {count:G6} splits, more than {maximumSplits}; give fewer groups, or " +
                "allow more splits.");
        }

        ConfigurationException.ThrowIfAny(faults);
    }

    /// <summary>Exact up to 2^53; larger ones need no more than their size.</summary>
    private static double Binomial(int from, int choose)
    {
        var count = 1.0;
        for (var index = 1; index <= Math.Min(choose, from - choose); index++)
        {
            count = count * (from - index + 1) / index;
        }

        return count;
    }

    /// <summary>The next choice in lexical order.</summary>
    private static bool Advance(int[] choice, int groups)
    {
        var at = choice.Length - 1;
        while (at >= 0 && choice[at] == groups - choice.Length + at)
        {
            at--;
        }

        if (at < 0)
        {
            return false;
        }

        choice[at]++;
        for (var next = at + 1; next < choice.Length; next++)
        {
            choice[next] = choice[next - 1] + 1;
        }

        return true;
    }
}
