using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sequence.Daemon.Jobs;

/// <summary>
/// Turns options of a request into arguments of the command line. Only those listed here are taken, numbers as numbers in their
/// range and texts of letters, digits and the few signs they need, so that no value can be read as another option, a path or
/// anything of a shell.
/// </summary>
internal static partial class JobArguments
{
    private const int MatchMilliseconds = 1000;

    private static readonly Dictionary<string, Rule> Shared = new(StringComparer.Ordinal)
    {
        ["horizon"] = Whole(1, 1000),
        ["lookBack"] = Whole(1, 100_000),
        ["scaler"] = Word,
        ["epochs"] = Whole(1, 1_000_000),
        ["batchSize"] = Whole(1, 1_000_000),
        ["learningRate"] = Number(0, 10),
        ["dynamicsLearningRate"] = Number(0, 10),
        ["schedule"] = Word,
        ["warmupEpochs"] = Number(0, 1_000_000),
        ["optimiser"] = Word,
        ["weightDecay"] = Number(0, 1000),
        ["gradientClip"] = Number(0, 1_000_000),
        ["loss"] = Word,
        ["patience"] = Whole(0, 1_000_000),
        ["validationFraction"] = Number(0, 1),
        ["seed"] = Whole(0, long.MaxValue),
        ["missing"] = Word,
    };

    private static readonly Dictionary<string, Rule> Train = new(Shared, StringComparer.Ordinal)
    {
        ["model"] = Word,
        ["calibrationFraction"] = Number(0, 1),
    };

    private static readonly Dictionary<string, Rule> WalkForward = new(Shared, StringComparer.Ordinal)
    {
        ["models"] = Text("names with commas between them", Names()),
        ["levels"] = Text("numbers with commas between them", Numbers()),
        ["firstOrigin"] = Text("rows, a share or a date", Origin()),
        ["step"] = Whole(1, 1_000_000),
        ["gap"] = Whole(0, 1_000_000),
        ["window"] = Word,
        ["windowRows"] = Whole(1, int.MaxValue),
        ["refitEvery"] = Whole(0, 1_000_000),
        ["refitStart"] = Word,
    };

    private static Rule Word => Text("a name of a-z, 0-9 and '-'", Name());

    /// <summary>The arguments of a request's options.</summary>
    /// <exception cref="DaemonException">An option is unknown or out of range; lists every fault.</exception>
    public static string[] Read(JobKind kind, IReadOnlyDictionary<string, JsonElement> options)
    {
        var rules = kind == JobKind.Train ? Train : WalkForward;
        List<string> faults = [];
        List<string> arguments = [];
        foreach (var (name, value) in options)
        {
            if (!rules.TryGetValue(name, out var rule))
            {
                faults.Add($"There is no option '{name[..Math.Min(40, name.Length)]}'; there are {string.Join(", ", rules.Keys)}.");
            }
            else if (rule.Read(value) is { } text)
            {
                arguments.Add($"--{Capital().Replace(name, match => "-" + match.Value.ToLowerInvariant())}={text}");
            }
            else
            {
                faults.Add($"The option '{name}' is {rule.Expected}.");
            }
        }

        return faults.Count == 0 ? [.. arguments] : throw new DaemonException(DaemonFault.Invalid, string.Join(' ', faults));
    }

    private static Rule Whole(long least, long most) => new(
        $"a whole number from {least} to {most}",
        value => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most
            ? number.ToString(CultureInfo.InvariantCulture)
            : null);

    private static Rule Number(double least, double most) => new(
        $"a number from {least} to {most}",
        value => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : null);

    private static Rule Text(string expected, Regex pattern) => new(
        expected, value => value.ValueKind == JsonValueKind.String && value.GetString() is { } text && pattern.IsMatch(text) ? text : null);

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,63}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,63}(,[a-z][a-z0-9-]{0,63}){0,31}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Names();

    [GeneratedRegex(@"\A[0-9][0-9.]{0,9}(,[0-9][0-9.]{0,9}){0,9}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\A[0-9][0-9.-]{0,31}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Origin();

    [GeneratedRegex("[A-Z]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Capital();

    private sealed record Rule(string Expected, Func<JsonElement, string?> Read);
}
