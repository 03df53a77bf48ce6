using System.CommandLine;
using System.Globalization;
using Sequence.Data;
using Sequence.Datasets;

namespace Sequence.Cli.Commands;

/// <summary>sequence data generate: writes a made series.</summary>
internal static class DataGenerateCommand
{
    public static Command Create()
    {
        var command = new Command("generate", "Write a made series; the same seed gives the same bytes everywhere.");
        var name = new Argument<string>("name") { Description = $"One of: {string.Join(", ", GeneratorCatalogue.All.Select(one => one.Name))}." };
        var output = new Option<string?>("--out") { Description = "CSV file; left out, standard output." };
        var seed = new Option<ulong>("--seed") { Description = "Seed.", DefaultValueFactory = _ => 1 };
        var parameters = new Option<string[]>("--set") { Description = "A parameter as name=value; --set may be given several times. Parameters: " + Describe() };
        command.Arguments.Add(name);
        var json = JsonOption.Create();
        foreach (var option in new Option[] { output, seed, parameters, json })
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var values = (parsed.GetValue(parameters) ?? []).Select(Parse).ToArray();
            if (values.CountBy(pair => pair.Key, StringComparer.Ordinal).FirstOrDefault(pair => pair.Value > 1) is { Key: { } twice })
            {
                throw new ConfigurationException($"--set gives '{twice}' more than once.");
            }

            var generated = GeneratorCatalogue.Get(parsed.GetValue(name)!).Generate(parsed.GetValue(seed), values.ToDictionary(StringComparer.Ordinal));
            var path = parsed.GetValue(output);
            if (path is not null)
            {
                await generated.WriteCsvAsync(path, cancellationToken);
            }

            if (parsed.GetValue(json))
            {
                JsonOutput.Write(new
                {
                    Path = path,
                    Description = DataDescription.Describe(generated.Series),
                    generated.Series.Timestamps,
                    generated.Series.Values,
                });
            }
            else
            {
                Console.Out.Write(path is null ? generated.ToCsv() : $"{path}: {generated.Series.Length} rows{Environment.NewLine}");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static string Describe() => string.Join("; ", GeneratorCatalogue.All.Select(generator =>
        $"{generator.Name}: {string.Join(", ", generator.Parameters.Select(one => $"{one.Name} ({one.Default.ToString(CultureInfo.InvariantCulture)})"))}"));

    private static KeyValuePair<string, double> Parse(string text)
    {
        var parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        return parts.Length == 2 && double.TryParse(parts[1], CultureInfo.InvariantCulture, out var value)
            ? new(parts[0], value)
            : throw new ConfigurationException($"--set has '{text}'; give name=value with a number, for example rows=500.");
    }
}
