using System.CommandLine;
using System.Text.Json;

namespace Sequence.Cli;

/// <summary>An option that takes one of the values of an enumeration, in kebab case and any case: --missing forward-fill.</summary>
internal sealed class ChoiceOption<T>
    where T : struct, Enum
{
    private readonly Dictionary<string, T> _values;

    /// <param name="name">The option.</param>
    /// <param name="description">What it is.</param>
    /// <param name="otherwise">The value without the option.</param>
    /// <param name="withheld">Values that the command has no use for.</param>
    public ChoiceOption(string name, string description, T otherwise, params T[] withheld)
    {
        _values = Enum.GetValues<T>().Except(withheld).ToDictionary(
            value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()), StringComparer.OrdinalIgnoreCase);
        Option = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', _values.Keys),
            DefaultValueFactory = _ => _values.First(pair => EqualityComparer<T>.Default.Equals(pair.Value, otherwise)).Key,
        };
        Option.CompletionSources.Add(_ => _values.Keys.Select(value => new System.CommandLine.Completions.CompletionItem(value)));
        Option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && !_values.ContainsKey(given))
            {
                result.AddError($"{name} is '{given}'; choose one of: {string.Join(", ", _values.Keys)}.");
            }
        });
    }

    public Option<string> Option { get; }

    /// <summary>Whether it stands on the command line.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetResult(Option) is { Implicit: false };

    public T Read(ParseResult parsed) => _values[parsed.GetValue(Option)!];
}
