using System.CommandLine;
using Sequence.LongRangeArena;

namespace Sequence.Cli.Commands;

/// <summary>sequence lra table: the published results and our own.</summary>
internal static class LraTableCommand
{
    public static Command Create()
    {
        var command = new Command(
            "table", "The published results with their sources, and those of the runs in --data-dir with hardware, seeds and preset.");
        var folder = LraFolderOption.Create();
        var json = JsonOption.Create();
        command.Options.Add(folder);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var own = ArenaTable.Own(ArenaRunFolder.Results(new(parsed.GetValue(folder)!)));
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(ArenaTable.Published.Concat(own).Select(row => new
                {
                    row.Model,
                    row.Scores,
                    row.AverageWithPathX,
                    row.AverageWithoutPathX,
                    row.Source,
                    row.IsOwn,
                    row.IsComparable,
                }));
                return ExitCode.Success;
            }

            Write(ArenaTasks.Published, ArenaTable.Published);
            Console.Out.WriteLine(
                "Accuracy in per cent. mean 6: Path-X counts as 50 where it failed (S4 paper); mean 5: without Path-X (arena's README).");
            if (own.Count > 0)
            {
                Write(ArenaTasks.All, own);
                Console.Out.WriteLine("Ours: mean +- standard deviation over seeds (their number).");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Write(IReadOnlyList<ArenaTask> tasks, IReadOnlyList<ArenaRow> rows) => Terminal.WriteTable(
        ["model", .. tasks.Select(task => task.Name), "mean 6", "mean 5", "source"],
        rows.Select(row => (IReadOnlyList<string>)
        [
            row.Model,
            .. tasks.Select(task => Cell(row.Scores.GetValueOrDefault(task.Name))),
            $"{row.AverageWithPathX:0.00}",
            $"{row.AverageWithoutPathX:0.00}",
            row.Source,
        ]));

    private static string Cell(ArenaScore? score) => score switch
    {
        null => "-",
        { Spread: { } spread } => $"{score.Mean:0.0} +- {spread:0.0} ({score.Seeds})",
        _ => $"{score.Mean:0.00}",
    };
}
