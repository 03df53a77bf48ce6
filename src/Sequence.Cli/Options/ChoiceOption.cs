using System.CommandLine;
using System.Text.Json;

namespace Sequence.Cli;

/// <summary>An option that takes one of the values of an enumeration, in kebab case and any case: --missing forward-fill.</summary>
internal sealed class ChoiceOption<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> Values = Enum.GetValues<T>().ToDictionary(
        value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()), StringComparer.OrdinalIgnoreCase);

    public ChoiceOption(string name, string description, T otherwise)
    {
        Option = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', Values.Keys),
            DefaultValueFactory = _ => Values.First(pair => EqualityComparer<T>.Default.Equals(pair.Value, otherwise)).Key,
        };
        Option.CompletionSources.Add(_ => Values.Keys.Select(value => new System.CommandLine.Completions.CompletionItem(value)));
        Option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && !Values.ContainsKey(given))
            {
                result.AddError($"{name} is '{given}'; choose one of: {string.Join(", ", Values.Keys)}.");
            }
        });
    }

    public Option<string> Option { get; }

    /// <summary>Whether it stands on the command line.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetResult(Option) is { Implicit: false };

    public T Read(ParseResult parsed) => Values[parsed.GetValue(Option)!];
}
