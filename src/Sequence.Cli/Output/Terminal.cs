using Sequence.LongRangeArena;
using Spectre.Console;

namespace Sequence.Cli;

/// <summary>What a person sees: tables on standard output, progress on standard error when that is a terminal.</summary>
internal static class Terminal
{
    private const int RedirectedWidth = 160;
    private const int MostDecimals = 8;

    /// <summary>Writes a table; the first column is text, the others numbers.</summary>
    public static void WriteTable(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        for (var column = 0; column < header.Count; column++)
        {
            var heading = new TableColumn(Markup.Escape(header[column]));
            table.AddColumn(column == 0 ? heading.LeftAligned() : heading.RightAligned());
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        Standard().Write(table);
    }

    /// <summary>Writes a table of names and texts.</summary>
    public static void WriteList(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns([.. header.Select(heading => new TableColumn(Markup.Escape(heading)).LeftAligned())]);
        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        Standard().Write(table);
    }

    /// <summary>Does the work under a progress bar, or without one when nobody looks.</summary>
    /// <param name="description">Stands before the bar.</param>
    /// <param name="work">The work.</param>
    /// <param name="lines">Whether a program reads the progress, as lines on standard error.</param>
    public static T WithProgress<T>(string description, Func<IProgress<double>, T> work, bool lines = false)
    {
        if (lines)
        {
            return work(new ProgressLines());
        }

        if (Console.IsErrorRedirected)
        {
            return work(new Silent());
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(true).Start(context =>
        {
            var task = context.AddTask(Markup.Escape(description), maxValue: 1);
            return work(new Bar(task));
        });
    }

    /// <summary>Does a run under a bar for each of its stages, or without bars when nobody looks.</summary>
    public static T WithStages<T>(Func<IProgress<ArenaProgress>?, T> work)
    {
        if (Console.IsErrorRedirected)
        {
            return work(null);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new Stages(context)));
    }

    /// <summary>A number as a person reads it: four significant digits, a dash when undefined.</summary>
    public static string Number(double? value) => value is { } number && double.IsFinite(number)
        ? Math.Abs(number) >= 1000 ? number.ToString("N1") : number.ToString("G4")
        : "-";

    /// <summary>
    /// One format for numbers that stand in a column: as many decimals as show the largest of them with five significant
    /// digits; a dash when undefined.
    /// </summary>
    public static Func<double?, string> ColumnFormat(IEnumerable<double?> values)
    {
        var largest = values.OfType<double>().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        var decimals = largest > 0 ? Math.Clamp(4 - (int)Math.Floor(Math.Log10(largest)), 0, MostDecimals) : 0;
        return value => value is { } number && double.IsFinite(number) ? number.ToString($"N{decimals}") : "-";
    }

    private static IAnsiConsole Standard()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = RedirectedWidth;
        }

        return console;
    }

    private sealed class Stages(ProgressContext context) : IProgress<ArenaProgress>
    {
        private readonly Dictionary<string, ProgressTask> _bars = new(StringComparer.Ordinal);

        public void Report(ArenaProgress value)
        {
            if (!_bars.TryGetValue(value.Stage, out var bar))
            {
                bar = context.AddTask(Markup.Escape(value.Stage), maxValue: 1);
                _bars.Add(value.Stage, bar);
            }

            bar.Value = value.Share;
            if (value.Detail.Length > 0)
            {
                bar.Description = Markup.Escape($"{value.Stage} ({value.Detail})");
            }
        }
    }

    private sealed class Silent : IProgress<double>
    {
        public void Report(double value)
        {
        }
    }

    private sealed class Bar(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = value;
    }
}
