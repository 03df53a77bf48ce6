namespace Sequence.Datasets;

/// <summary>The generators by name.</summary>
public static class GeneratorCatalogue
{
    /// <summary>Every generator, in the order in which they are listed.</summary>
    public static IReadOnlyList<SeriesGenerator> All { get; } =
        [new DailyIndexGenerator(), new SeasonalTrendGenerator(), new RandomWalkGenerator()];

    /// <summary>The generator of this name.</summary>
    /// <exception cref="ConfigurationException">There is none; the message lists those there are.</exception>
    public static SeriesGenerator Get(string name) =>
        All.FirstOrDefault(generator => string.Equals(generator.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ConfigurationException(
            $"There is no generator '{name}'. There are {string.Join(", ", All.Select(generator => generator.Name))}.");
}
