using System.CommandLine;
using Sequence.Forecasting;
using Sequence.Training;

namespace Sequence.Cli.Commands;

/// <summary>sequence model list: every forecaster there is.</summary>
internal static class ModelListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "The forecasters there are.");
        var json = JsonOption.Create();
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var models = NeuralCatalogue.List
                .Select(one => new { one.Name, Kind = "neural", one.Description, LookBack = (int?)one.LookBack })
                .Concat(BaselineCatalogue.Names
                    .Select(name => new { Name = name, Kind = "baseline", Description = string.Empty, LookBack = (int?)null }))
                .ToArray();
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(models);
                return ExitCode.Success;
            }

            Terminal.WriteList(
                ["model", "kind", "usual look-back", "what it is"],
                models.Select(one => new[] { one.Name, one.Kind, one.LookBack?.ToString() ?? string.Empty, one.Description }));
            return ExitCode.Success;
        });
        return command;
    }
}
