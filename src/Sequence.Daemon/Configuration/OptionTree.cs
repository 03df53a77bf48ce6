using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Sequence.Daemon.Configuration;

/// <summary>
/// The options as a tree of JSON: records within records, whose leaves are numbers, texts, times, lists. It knows them by the
/// serializer's own description of their types, so an option that is added is known here by itself.
/// </summary>
internal static class OptionTree
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        MaxDepth = 16,
    };

    /// <summary>The JSON of a file, without the members that cannot be taken; adds what is wrong with them.</summary>
    public static JsonObject Parse(string text, string file, List<string> faults)
    {
        try
        {
            if (JsonNode.Parse(text, documentOptions: Lenient) is JsonObject members)
            {
                return Checked(members, typeof(DaemonOptions), string.Empty, file, faults);
            }

            faults.Add($"{file} is no JSON object; give for example {{ \"urls\": \"{DaemonOptions.DefaultUrl}\" }}.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The latter for half a surrogate pair within a text.
            faults.Add($"{file} is no JSON: {error.Message}");
        }

        return [];
    }

    /// <summary>The options of a tree that <see cref="Parse"/> gave.</summary>
    public static DaemonOptions Read(JsonObject tree) => tree.Deserialize<DaemonOptions>(Json)!;

    /// <summary>The old options with the reloadable ones of the new; and which differed.</summary>
    public static (DaemonOptions Merged, IReadOnlyList<string> Taken, IReadOnlyList<string> ForRestart) Merge(DaemonOptions old, DaemonOptions next)
    {
        List<string> taken = [];
        List<string> forRestart = [];
        var tree = (JsonObject)JsonSerializer.SerializeToNode(old, Json)!;
        Merge(tree, (JsonObject)JsonSerializer.SerializeToNode(next, Json)!, typeof(DaemonOptions), string.Empty, taken, forRestart);
        return (Read(tree), taken, forRestart);
    }

    private static void Merge(JsonObject old, JsonObject next, Type type, string path, List<string> taken, List<string> forRestart)
    {
        foreach (var member in Members(type))
        {
            var name = path + NameOf(member);
            if (old[member.Name] is JsonObject before && next[member.Name] is JsonObject after && IsRecord(member.PropertyType))
            {
                Merge(before, after, member.PropertyType, name + ".", taken, forRestart);
            }
            else if (!JsonNode.DeepEquals(old[member.Name], next[member.Name]))
            {
                var reloadable = member.AttributeProvider?.IsDefined(typeof(ReloadableAttribute), inherit: false) == true;
                (reloadable ? taken : forRestart).Add(name);
                if (reloadable)
                {
                    old[member.Name] = next[member.Name]?.DeepClone();
                }
            }
        }
    }

    private static JsonObject Checked(JsonObject given, Type type, string path, string file, List<string> faults)
    {
        JsonObject taken = [];
        foreach (var (name, value) in given)
        {
            var here = path + name;
            if (Members(type).FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } member)
            {
                faults.Add($"{file} holds '{here}', which is no option; there are {string.Join(", ", Members(type).Select(one => path + one.Name))}.");
            }
            else if (taken.ContainsKey(member.Name))
            {
                faults.Add($"{file} holds '{here}' twice; leave one.");
            }
            else if (IsRecord(member.PropertyType))
            {
                if (value is JsonObject nested)
                {
                    taken[member.Name] = Checked(nested, member.PropertyType, here + ".", file, faults);
                }
                else
                {
                    faults.Add($"{file} holds '{here}' that is no object; give {{ .. }} with {string.Join(", ", Members(member.PropertyType).Select(one => one.Name))}.");
                }
            }
            else if (Fits(value, member))
            {
                taken[member.Name] = value?.DeepClone();
            }
            else
            {
                faults.Add($"{file} holds '{here}' that is {Shown(value, member)}; give {Kind(member.PropertyType)}.");
            }
        }

        return taken;
    }

    /// <summary>Connections hold passwords, which belong in no log.</summary>
    private static string Shown(JsonNode? value, JsonPropertyInfo member) =>
        value is null ? "null" : member.Name.EndsWith("Connection", StringComparison.OrdinalIgnoreCase) ? "something else" : value.ToJsonString();

    private static bool Fits(JsonNode? value, JsonPropertyInfo member)
    {
        if (value is null)
        {
            return member.IsSetNullable;
        }

        try
        {
            // The serializer takes a null for an element of any list.
            _ = value.Deserialize(member.PropertyType, Json);
            return value is not JsonArray list || list.All(element => element is not null);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IList<JsonPropertyInfo> Members(Type type) => Json.GetTypeInfo(type).Properties;

    private static string NameOf(JsonPropertyInfo member) => char.ToUpperInvariant(member.Name[0]) + member.Name[1..];

    private static bool IsRecord(Type type) => Json.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object;

    private static string Kind(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            { IsEnum: true } => string.Join(" or ", Enum.GetNames(plain).Select(JsonNamingPolicy.CamelCase.ConvertName)),
            { IsArray: true } => $"a list, each {Kind(plain.GetElementType()!)}",
            _ when plain == typeof(bool) => "true or false",
            _ when plain == typeof(string) => "a text",
            _ when plain == typeof(TimeSpan) => "a time such as \"00:00:30\"",
            _ when plain == typeof(int) || plain == typeof(long) => "a whole number",
            _ when plain == typeof(double) => "a number",
            _ => plain.Name,
        };
    }
}
