using System.CommandLine;
using Sequence.Data;

namespace Sequence.Cli.Commands;

/// <summary>sequence data describe: rows, span, frequency, missing values and range of each series in a file.</summary>
internal static class DataDescribeCommand
{
    public static Command Create()
    {
        var command = new Command("describe", "Read a file and say what is in it.");
        var input = new SeriesInput(command, required: true);
        var json = JsonOption.Create();
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var panel = await input.ReadAsync(parsed, cancellationToken);
            var descriptions = panel.Select(DataDescription.Describe).ToArray();
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(descriptions);
                return ExitCode.Success;
            }

            Terminal.WriteTable(
                ["series", "rows", "first", "last", "frequency", "holidays", "missing", "minimum", "mean", "maximum", "std"],
                descriptions.Select(one => new[]
                {
                    one.Id,
                    one.Rows.ToString(),
                    $"{one.Start:yyyy-MM-dd HH:mm}",
                    $"{one.End:yyyy-MM-dd HH:mm}",
                    one.Frequency.ToString(),
                    one.Holidays.ToString(),
                    one.Missing.ToString(),
                    Terminal.Number(one.Minimum),
                    Terminal.Number(one.Mean),
                    Terminal.Number(one.Maximum),
                    Terminal.Number(one.StandardDeviation),
                }));
            return ExitCode.Success;
        });
        return command;
    }
}
