using System.Text.Json;
using System.Text.Json.Nodes;
using Sequence.Backtesting;

namespace Sequence.Cli.Backtests;

/// <summary>
/// The parts of a configuration that a sweep varies, as they stand in the file. A parameter is a key of the strategy, as fast,
/// or one of the account with its path, as account.commission.rate.
/// </summary>
/// <param name="Strategy">The section "strategy".</param>
/// <param name="Account">The section "account", without any key when it is not there.</param>
internal sealed record SweepText(JsonElement Strategy, JsonElement Account)
{
    private const string AccountPrefix = "account.";

    /// <summary>Names of the parameters there are: every number of both.</summary>
    public IReadOnlyList<string> Numbers()
    {
        var (strategy, account) = (new ConfigFaults(), new ConfigFaults());
        StrategyPlan.Read(new ConfigObject(Strategy, "strategy", strategy));
        AccountPlan.Read(new ConfigObject(Account, "account", account));
        return
        [
            .. strategy.Numbers.Select(path => path["strategy.".Length..]),
            .. account.Numbers.Where(path => !path.Contains(".tiers.", StringComparison.Ordinal)),
        ];
    }

    /// <summary>The strategy of a trial.</summary>
    /// <exception cref="ConfigurationException">It cannot have these numbers.</exception>
    public StrategyPlan StrategyOf(ParameterSet set)
    {
        var faults = new ConfigFaults();
        var plan = StrategyPlan.Read(new ConfigObject(With(Strategy, Values(set, isAccount: false)), "strategy", faults));
        faults.ThrowIfAny(set.ToString());
        return plan!;
    }

    /// <summary>The account of a trial.</summary>
    /// <exception cref="ConfigurationException">It cannot have these numbers.</exception>
    public BacktestOptions AccountOf(ParameterSet set)
    {
        var faults = new ConfigFaults();
        var options = AccountPlan.Read(new ConfigObject(With(Account, Values(set, isAccount: true)), "account", faults));
        faults.ThrowIfAny(set.ToString());
        return options;
    }

    /// <summary>The numbers of the account in a trial, which tell its account from that of another one.</summary>
    public static string AccountKey(ParameterSet set) => string.Join(' ', Values(set, isAccount: true));

    private static IEnumerable<(string Path, double Value)> Values(ParameterSet set, bool isAccount) => set.Names.Zip(set.Values)
        .Where(pair => pair.First.StartsWith(AccountPrefix, StringComparison.Ordinal) == isAccount)
        .Select(pair => (isAccount ? pair.First[AccountPrefix.Length..] : pair.First, pair.Second));

    private static JsonElement With(JsonElement section, IEnumerable<(string Path, double Value)> values)
    {
        var changed = JsonObject.Create(section)!;
        foreach (var (path, value) in values)
        {
            var keys = path.Split('.');
            var inner = keys[..^1].Aggregate(changed, (found, key) => found[key]!.AsObject());
            inner[keys[^1]] = value;
        }

        return JsonSerializer.SerializeToElement(changed);
    }
}
