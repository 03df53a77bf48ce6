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
                descriptions.Select(one => (Row: one, Format: Terminal.ColumnFormat([one.Minimum, one.Maximum]))).Select(pair => new[]
                {
                    pair.Row.Id,
                    pair.Row.Rows.ToString(),
                    $"{pair.Row.Start:yyyy-MM-dd HH:mm}",
                    $"{pair.Row.End:yyyy-MM-dd HH:mm}",
                    pair.Row.Frequency.ToString(),
                    pair.Row.Holidays.ToString(),
                    pair.Row.Missing.ToString(),
                    pair.Format(pair.Row.Minimum),
                    pair.Format(pair.Row.Mean),
                    pair.Format(pair.Row.Maximum),
                    pair.Format(pair.Row.StandardDeviation),
                }));
            return ExitCode.Success;
        });
        return command;
    }
}
