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
                    .Select(name => new { Name = name, Kind = "baseline", Description = Describe(name), LookBack = (int?)null }))
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

    private static string Describe(string baseline) => baseline switch
    {
        "persistence" => "the last value",
        "drift" => "the last value and the mean step of the history",
        "mean" => "the mean of the history, or of its last rows: mean-20",
        "seasonal-naive" => "the value one season ago; the season of the frequency, or seasonal-naive-7",
        "ar" => "autoregression by least squares on 5 rows, or ar-2",
        "ets" => "exponential smoothing with a damped trend and an additive season (Holt-Winters)",
        "theta" => "Theta; the season of the frequency, or theta-12",
        _ => string.Empty,
    };
}
