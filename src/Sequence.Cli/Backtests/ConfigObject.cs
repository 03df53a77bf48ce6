using System.Globalization;
using System.Text.Json;

namespace Sequence.Cli.Backtests;

/// <summary>
/// An object of a configuration file. What is asked of it is what it may have: <see cref="Close"/> reports every other key. A
/// value of a wrong kind is reported and read as if it were not there; null is not there either.
/// </summary>
internal sealed class ConfigObject
{
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _asked = new(StringComparer.Ordinal);
    private readonly bool _isObject;

    public ConfigObject(JsonElement element, string path, ConfigFaults faults)
    {
        (Path, Faults) = (path, faults);
        _isObject = element.ValueKind is JsonValueKind.Object;
        if (!_isObject)
        {
            faults.Add($"{(path.Length == 0 ? "The file" : path)} is {Words(element)}; give an object, {{ ... }}.");
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (!_values.TryAdd(property.Name, property.Value))
            {
                faults.Add($"{At(property.Name)} is there twice; give it once.");
            }
        }
    }

    public string Path { get; }

    public ConfigFaults Faults { get; }

    /// <summary>An object without any key.</summary>
    public static ConfigObject Empty(string path, ConfigFaults faults)
    {
        using var document = JsonDocument.Parse("{}");
        return new ConfigObject(document.RootElement, path, faults);
    }

    /// <summary>Where a key is, as account.commission.rate.</summary>
    public string At(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    public bool Has(string key) => Find(key) is not null;

    /// <summary>Reports what does not hold.</summary>
    public void Require(bool holds, string key, string fault)
    {
        if (!holds)
        {
            Faults.Add($"{At(key)} {fault}");
        }
    }

    public string? Text(string key) => Read(key, "a text", element => element.ValueKind is JsonValueKind.String ? element.GetString() : null);

    public double? Number(string key) => NumberOf<double>(
        key, "a number", element => element.ValueKind is JsonValueKind.Number && element.TryGetDouble(out var number) ? number : null);

    public double Number(string key, double otherwise) => Number(key) ?? otherwise;

    public int? Integer(string key) => NumberOf<int>(
        key, "a whole number", element => element.ValueKind is JsonValueKind.Number && WholeNumber(element) is { } number ? number : null);

    public int Integer(string key, int otherwise) => Integer(key) ?? otherwise;

    public ulong? Seed(string key) => Value<ulong>(
        key, "a whole number, 0 or more", element => element.ValueKind is JsonValueKind.Number && element.TryGetUInt64(out var number) ? number : null);

    public bool Flag(string key, bool otherwise) => Value<bool>(
        key, "true or false", element => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : null) ?? otherwise;

    /// <summary>A date or a moment; without an offset it is UTC.</summary>
    public DateTimeOffset? Time(string key) => Value<DateTimeOffset>(
        key,
        "a date such as 2021-12-31 or a moment such as 2021-12-31T16:00:00Z",
        element => element.ValueKind is JsonValueKind.String ? ParseTime(element.GetString()!) : null);

    /// <summary>One of some words; the first is what it is when it is not there.</summary>
    public string Choice(string key, params IReadOnlyList<string> choices) => Choice(key, null, choices) ?? choices[0];

    /// <summary>A value of an enumeration, in kebab case.</summary>
    public T Choice<T>(string key, T otherwise)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()), StringComparer.Ordinal);
        return Choice(key, null, [.. values.Keys]) is { } name ? values[name] : otherwise;
    }

    /// <summary>Which of several things an object describes; null when it says none that there is, which is reported.</summary>
    public string? Kind(IReadOnlyList<string> kinds)
    {
        if (!Has("kind") && _isObject)
        {
            Faults.Add($"{At("kind")} is missing; choose one of: {string.Join(", ", kinds)}.");
        }

        return Choice("kind", null, kinds);
    }

    /// <summary>An object within this one; null when it is not there.</summary>
    public ConfigObject? Section(string key) => Find(key) is { } element ? new ConfigObject(element, At(key), Faults) : null;

    /// <summary>An object within this one, without any key when it is not there.</summary>
    public ConfigObject SectionOrEmpty(string key) => Section(key) ?? Empty(At(key), Faults);

    /// <summary>The objects of a list within this one.</summary>
    public IReadOnlyList<ConfigObject> Sections(string key) =>
        [.. Elements(key, "a list of objects", _ => true).Select((element, index) => new ConfigObject(element, $"{At(key)}[{index}]", Faults))];

    /// <summary>The texts of a list, or a single one.</summary>
    public IReadOnlyList<string> Texts(string key) =>
        [.. Elements(key, "a text or a list of texts", element => element.ValueKind is JsonValueKind.String).Select(element => element.GetString()!)];

    /// <summary>The numbers of a list, or a single one.</summary>
    public IReadOnlyList<double> Numbers(string key) =>
        [.. Elements(key, "a number or a list of numbers", element => element.ValueKind is JsonValueKind.Number).Select(element => element.GetDouble())];

    /// <summary>Keys that are there, whatever they are: for an object whose keys are names.</summary>
    public IReadOnlyList<string> TakeKeys()
    {
        _asked.UnionWith(_values.Keys);
        return [.. _values.Keys];
    }

    /// <summary>A value as it stands; null when it is not there.</summary>
    public JsonElement? Element(string key) => Find(key);

    /// <summary>Reports every key that was never asked for.</summary>
    public void Close()
    {
        foreach (var key in _values.Keys.Where(key => !_asked.Contains(key)))
        {
            Faults.Add($"There is no key '{At(key)}'.{Suggestion(key)}");
        }
    }

    /// <summary>
    /// Does what may refuse values of this object. A fault that begins with the name of a key gets it as it is written in the
    /// file, any other the path of the object.
    /// </summary>
    public T? Try<T>(Func<T> work)
        where T : class
    {
        try
        {
            return work();
        }
        catch (ConfigurationException error)
        {
            foreach (var fault in error.Faults)
            {
                var words = fault.Split(' ', 2);
                var name = words[0].Replace("-", string.Empty, StringComparison.Ordinal);
                Faults.Add(_asked.FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } key
                    ? $"{At(key)} {words[1]}"
                    : $"{Path}: {fault}");
            }

            return null;
        }
    }

    private static DateTimeOffset? ParseTime(string text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        ? time
        : null;

    private static int? WholeNumber(JsonElement element) =>
        element.TryGetDouble(out var number) && number == Math.Round(number) && Math.Abs(number) <= int.MaxValue ? (int)number : null;

    private static string Words(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"'{element.GetString()}'",
        _ => element.GetRawText(),
    };

    private string? Choice(string key, string? otherwise, IReadOnlyList<string> choices)
    {
        if (Text(key) is not { } given)
        {
            return otherwise;
        }

        if (choices.Contains(given, StringComparer.Ordinal))
        {
            return given;
        }

        Faults.Add($"{At(key)} is '{given}'; choose one of: {string.Join(", ", choices)}.{NearestName.Question(given, choices)}");
        return null;
    }

    private string Suggestion(string key) => NearestName.Question(key, _asked) is { Length: > 0 } question
        ? question
        : _asked.Count == 0 ? string.Empty : $" There are: {string.Join(", ", _asked)}.";

    private JsonElement[] Elements(string key, string wanted, Func<JsonElement, bool> fits)
    {
        if (Find(key) is not { } found)
        {
            return [];
        }

        JsonElement[] elements = found.ValueKind is JsonValueKind.Array ? [.. found.EnumerateArray()] : [found];
        if (elements.FirstOrDefault(element => !fits(element)) is { ValueKind: not JsonValueKind.Undefined } wrong)
        {
            Faults.Add($"{At(key)} has {Words(wrong)}; give {wanted}.");
            return [];
        }

        return elements;
    }

    private T? NumberOf<T>(string key, string wanted, Func<JsonElement, T?> convert)
        where T : struct
    {
        Faults.Numbers.Add(WithoutPositions(At(key)));
        return Value(key, wanted, convert);
    }

    private T? Value<T>(string key, string wanted, Func<JsonElement, T?> convert)
        where T : struct
    {
        if (Find(key) is not { } element)
        {
            return null;
        }

        var value = convert(element);
        Require(value is not null, key, $"is {Words(element)}; give {wanted}.");
        return value;
    }

    private string? Read(string key, string wanted, Func<JsonElement, string?> convert)
    {
        if (Find(key) is not { } element)
        {
            return null;
        }

        var value = convert(element);
        Require(value is not null, key, $"is {Words(element)}; give {wanted}.");
        return value;
    }

    private JsonElement? Find(string key)
    {
        _asked.Add(key);
        Faults.Asked.Add(WithoutPositions(At(key)));
        return _values.TryGetValue(key, out var element) && element.ValueKind is not JsonValueKind.Null ? element : null;
    }

    private static string WithoutPositions(string path) =>
        string.Concat(path.Split('[').Select((part, index) => index == 0 ? part : part[(part.IndexOf(']') + 1)..]));
}
