namespace Sequence.Cli;

/// <summary>Names of models with commas between them, as --models takes them.</summary>
internal static class ModelNames
{
    /// <summary>The names in order, each once.</summary>
    /// <exception cref="ConfigurationException">There is none.</exception>
    public static IReadOnlyList<string> Parse(string text)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        return names.Length > 0 ? names : throw new ConfigurationException("--models names no model; see: sequence model list.");
    }
}
