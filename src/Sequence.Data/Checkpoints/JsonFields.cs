using System.Text.Json;

namespace Sequence.Data.Checkpoints;

/// <summary>
/// The fields of a JSON object, asked for by the name of the C# property they come from. Reads what the serialiser
/// writes, without its reflection, which would take half of the time from the start of a process to its first forecast.
/// </summary>
/// <remarks>Whoever reads an object asks for each of its fields once, then calls <see cref="RequireNoOther"/>.</remarks>
public sealed class JsonFields
{
    private readonly JsonElement _element;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Takes the fields of an object.</summary>
    /// <param name="element">The object.</param>
    /// <param name="place">Where it stands, for error messages, for example "scalers.close".</param>
    /// <exception cref="JsonException">It is no object.</exception>
    public JsonFields(JsonElement element, string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        _element = element.ValueKind == JsonValueKind.Object
            ? element
            : throw new JsonException($"{place} is {element.ValueKind}; it must be an object.");
        Place = place;
    }

    /// <summary>Where the object stands.</summary>
    public string Place { get; }

    /// <summary>The value of a field, or null when the field is missing or null.</summary>
    /// <param name="property">Name of the property; the field has it in camel case.</param>
    public JsonElement? Optional(string property)
    {
        var field = FieldOf(property);
        _asked.Add(field);
        return _element.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>The value of a field that may not be missing or null.</summary>
    /// <param name="property">Name of the property; the field has it in camel case.</param>
    /// <exception cref="JsonException">It is missing or null.</exception>
    public JsonElement Required(string property) =>
        Optional(property) ?? throw new JsonException($"{Place} lacks the field '{FieldOf(property)}', or it is null.");

    /// <summary>A text.</summary>
    /// <param name="property">Name of the property; the field has it in camel case.</param>
    /// <exception cref="JsonException">It is missing or no text.</exception>
    public string Text(string property)
    {
        var value = Required(property);
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Fault(property, "a text");
    }

    /// <summary>A number.</summary>
    /// <param name="property">Name of the property; the field has it in camel case.</param>
    /// <exception cref="JsonException">It is missing or no number.</exception>
    public double Number(string property)
    {
        var value = Required(property);
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            ? number
            : throw Fault(property, "a number");
    }

    /// <summary>A number, or the default when the field is missing.</summary>
    /// <param name="property">Name of the property; the field has it in camel case.</param>
    /// <param name="missing">What a missing field stands for.</param>
    /// <exception cref="JsonException">It is null or no number.</exception>
    public double Number(string property, double missing) => Has(property) ? Number(property) : missing;

    /// <summary>A whole number.</summary>
    /// <param name="property">Name of the property; the field has it in camel case.</param>
    /// <exception cref="JsonException">It is missing, or no whole number in the range of int.</exception>
    public int WholeNumber(string property)
    {
        var value = Required(property);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw Fault(property, "a whole number");
    }

    /// <summary>A whole number, or the default when the field is missing.</summary>
    /// <param name="property">Name of the property; the field has it in camel case.</param>
    /// <param name="missing">What a missing field stands for.</param>
    /// <exception cref="JsonException">It is null, or no whole number in the range of int.</exception>
    public int WholeNumber(string property, int missing) => Has(property) ? WholeNumber(property) : missing;

    /// <summary>True or false, or the default when the field is missing.</summary>
    /// <param name="property">Name of the property; the field has it in camel case.</param>
    /// <param name="missing">What a missing field stands for.</param>
    /// <exception cref="JsonException">It is neither.</exception>
    public bool Flag(string property, bool missing) => !Has(property) ? missing : Required(property).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Fault(property, "true or false"),
    };

    /// <summary>One of the names of an enumeration, in any case.</summary>
    /// <param name="property">Name of the property; the field has it in camel case.</param>
    /// <exception cref="JsonException">It is missing or no such name.</exception>
    public T Choice<T>(string property)
        where T : struct, Enum
    {
        var text = Text(property);
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        throw Fault(property, $"one of {string.Join(", ", Enum.GetNames<T>())}");
    }

    /// <summary>One of the names of an enumeration, or the default when the field is missing.</summary>
    /// <param name="property">Name of the property; the field has it in camel case.</param>
    /// <param name="missing">What a missing field stands for.</param>
    /// <exception cref="JsonException">It is no such name.</exception>
    public T Choice<T>(string property, T missing)
        where T : struct, Enum => Has(property) ? Choice<T>(property) : missing;

    /// <summary>The elements of a list.</summary>
    /// <param name="property">Name of the property; the field has it in camel case.</param>
    /// <exception cref="JsonException">It is missing or no list.</exception>
    public JsonElement.ArrayEnumerator List(string property)
    {
        var value = Required(property);
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Fault(property, "a list");
    }

    /// <summary>The values of an object that maps names to them.</summary>
    /// <param name="property">Name of the property; the field has it in camel case.</param>
    /// <param name="read">Reads one value; it is given the value and where it stands.</param>
    /// <exception cref="JsonException">It is missing or no object, or has a name twice.</exception>
    public Dictionary<string, T> Named<T>(string property, Func<JsonElement, string, T> read) =>
        Named(Required(property), FieldOf(property), read);

    /// <summary>The values of an object that maps names to them.</summary>
    /// <param name="element">The object.</param>
    /// <param name="place">Where it stands, for error messages.</param>
    /// <param name="read">Reads one value; it is given the value and where it stands.</param>
    /// <exception cref="JsonException">It is no object, or has a name twice.</exception>
    public static Dictionary<string, T> Named<T>(JsonElement element, string place, Func<JsonElement, string, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException($"{place} is {element.ValueKind}; it must be an object.");
        }

        var values = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var entry in element.EnumerateObject())
        {
            if (!values.TryAdd(entry.Name, read(entry.Value, $"{place}.{entry.Name}")))
            {
                throw new JsonException($"{place} has '{entry.Name}' twice.");
            }
        }

        return values;
    }

    /// <summary>Checks that the object has no field that was not asked for, and none twice.</summary>
    /// <exception cref="JsonException">It has; names the first.</exception>
    public void RequireNoOther()
    {
        foreach (var property in _element.EnumerateObject())
        {
            if (!_asked.Remove(property.Name))
            {
                throw new JsonException($"{Place} has the field '{property.Name}', which is unknown or there twice.");
            }
        }
    }

    /// <summary>What is wrong with the value of a field.</summary>
    /// <param name="property">Name of the property; the field has it in camel case.</param>
    /// <param name="expected">What it must be, for example "a text".</param>
    public JsonException Fault(string property, string expected) =>
        new($"{Place}: the field '{FieldOf(property)}' must be {expected}.");

    private bool Has(string property)
    {
        var field = FieldOf(property);
        _asked.Add(field);
        return _element.TryGetProperty(field, out _);
    }

    private static string FieldOf(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);
}
