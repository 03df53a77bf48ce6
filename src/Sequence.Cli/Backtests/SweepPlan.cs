using System.Text.Json;
using Sequence.Backtesting;

namespace Sequence.Cli.Backtests;

/// <summary>The section "sweep": which numbers of the strategy and the account to try.</summary>
internal sealed record SweepPlan
{
    /// <summary>The trials that strategy and account accept.</summary>
    public required IReadOnlyList<ParameterSet> Trials { get; init; }

    /// <summary>Combinations of a grid that it does not accept, as a fast average that is not faster than the slow one.</summary>
    public required int LeftOut { get; init; }

    /// <summary>The axes of a grid; empty for random draws.</summary>
    public required IReadOnlyList<ParameterAxis> Axes { get; init; }

    public required SweepOptions Options { get; init; }

    /// <summary>Reads the section; null where it cannot be used, which is reported.</summary>
    public static SweepPlan? Read(ConfigObject section, SweepText text)
    {
        var kind = section.Choice("kind", "grid", "random");
        var options = new SweepOptions
        {
            Measure = section.Choice("measure", SweepMeasure.Sharpe),
            Workers = section.Integer("workers", Environment.ProcessorCount),
            PartTrials = section.Integer("partTrials", new SweepOptions().PartTrials),
        };
        section.Try(() =>
        {
            options.Validate();
            return options;
        });
        var parameters = section.Section("parameters");
        section.Require(parameters is not null, "parameters", "is missing; give the keys of the strategy or the account to try, each with its values.");
        var (trials, seed) = (section.Integer("trials", 100), section.Seed("seed") ?? 1);
        section.Require(kind == "random" || !section.Has("trials"), "trials", "is given, but a grid tries every combination; leave it out or choose random.");
        section.Require(kind == "random" || !section.Has("seed"), "seed", "is given, but a grid draws nothing; leave it out or choose random.");
        section.Close();
        if (parameters is null)
        {
            return null;
        }

        var before = section.Faults.Count;
        var names = parameters.TakeKeys();
        section.Require(names.Count > 0, "parameters", "is empty; give at least one key of the strategy or the account.");
        var known = text.Numbers();
        foreach (var name in names.Where(name => !known.Contains(name, StringComparer.Ordinal)))
        {
            parameters.Require(
                false, name, $"is no number of the strategy or the account; there are {(known.Count == 0 ? "none" : string.Join(", ", known))}.{NearestName.Question(name, known)}");
        }

        var plan = kind == "grid" ? Grid(parameters, names, text, options, before) : Random(parameters, names, trials, seed, text, options, before);
        return section.Faults.Count == before ? plan : null;
    }

    private static SweepPlan? Grid(
        ConfigObject parameters, IReadOnlyList<string> names, SweepText text, SweepOptions options, int faultsBefore)
    {
        var axes = names.Select(name => Axis(parameters, name)).ToArray();
        if (axes.Any(axis => axis is null) || parameters.Faults.Count > faultsBefore)
        {
            return null;
        }

        string? refusal = null;
        var accepted = axes.Select(axis => new bool[axis!.Values.Count]).ToArray();
        var leftOut = 0;
        var trials = parameters.Try(() => ParameterGrid.Create(axes!, set =>
        {
            if (Refusal(text, set) is { } fault)
            {
                refusal ??= fault;
                leftOut++;
                return false;
            }

            for (var axis = 0; axis < axes.Length; axis++)
            {
                accepted[axis][axes[axis]!.Values.ToList().IndexOf(set.Values[axis])] = true;
            }

            return true;
        }));
        for (var axis = 0; axis < axes.Length; axis++)
        {
            var never = axes[axis]!.Values.Where((_, index) => !accepted[axis][index]).ToArray();
            parameters.Require(
                never.Length == 0 || trials is null,
                names[axis],
                $"has {string.Join(", ", never.Take(5))}, with which the strategy takes none of the combinations: {refusal}");
        }

        if (trials is null && refusal is not null)
        {
            parameters.Faults.Add($"{parameters.Path}: {refusal}");
        }

        return trials is null ? null : new SweepPlan { Trials = trials, LeftOut = leftOut, Axes = axes!, Options = options };
    }

    private static SweepPlan? Random(
        ConfigObject parameters, IReadOnlyList<string> names, int count, ulong seed, SweepText text, SweepOptions options, int faultsBefore)
    {
        var distributions = names.Select(name => Distribution(parameters, name)).ToArray();
        if (distributions.Any(one => one is null) || parameters.Faults.Count > faultsBefore)
        {
            return null;
        }

        string? refusal = null;
        var trials = parameters.Try(() => RandomSearch.Draw(
            distributions!, count, seed, Accepts));
        if (trials is null && refusal is not null)
        {
            parameters.Faults.Add($"{parameters.Path}: {refusal}");
        }

        return trials is null ? null : new SweepPlan { Trials = trials, LeftOut = 0, Axes = [], Options = options };

        bool Accepts(ParameterSet set)
        {
            var fault = Refusal(text, set);
            refusal ??= fault;
            return fault is null;
        }
    }

    private static ParameterAxis? Axis(ConfigObject parameters, string name)
    {
        if (parameters.Element(name) is not { ValueKind: JsonValueKind.Object } element)
        {
            return Listed(parameters, name) is { } values ? new ParameterAxis(name, values) : null;
        }

        var range = new ConfigObject(element, parameters.At(name), parameters.Faults);
        var (from, to, step) = (Needed(range, "from"), Needed(range, "to"), range.Number("step", 1));
        range.Close();
        return from is { } first && to is { } last ? range.Try(() => ParameterAxis.Range(name, first, last, step)) : null;
    }

    private static IReadOnlyList<double>? Listed(ConfigObject parameters, string name)
    {
        var before = parameters.Faults.Count;
        var values = parameters.Numbers(name);
        parameters.Require(values.Count > 0 || parameters.Faults.Count > before, name, "has no values; give at least one.");
        return values.Count > 0 ? values : null;
    }

    private static ParameterDistribution? Distribution(ConfigObject parameters, string name)
    {
        if (parameters.Element(name) is not { ValueKind: JsonValueKind.Object } element)
        {
            return Listed(parameters, name) is { } values ? parameters.Try(() => ParameterDistribution.Choice(name, values)) : null;
        }

        var range = new ConfigObject(element, parameters.At(name), parameters.Faults);
        var (from, to) = (Needed(range, "from"), Needed(range, "to"));
        var distribution = range.Choice("distribution", "uniform", "log-uniform", "integer");
        range.Close();
        if (from is not { } first || to is not { } last)
        {
            return null;
        }

        return range.Try(() => distribution switch
        {
            "integer" => ParameterDistribution.Integer(name, Whole(first), Whole(last)),
            "log-uniform" => ParameterDistribution.LogUniform(name, first, last),
            _ => ParameterDistribution.Uniform(name, first, last),
        });
    }

    private static int Whole(double value) => value == Math.Round(value) && Math.Abs(value) <= int.MaxValue
        ? (int)value
        : throw new ConfigurationException($"{value} is no whole number, which the distribution integer needs.");

    private static double? Needed(ConfigObject section, string key)
    {
        section.Require(section.Has(key), key, "is missing; give a number.");
        return section.Number(key);
    }

    private static string? Refusal(SweepText text, ParameterSet set)
    {
        try
        {
            text.StrategyOf(set);
            text.AccountOf(set);
            return null;
        }
        catch (ConfigurationException error)
        {
            return error.Faults[0];
        }
    }
}
