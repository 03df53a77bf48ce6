using System.CommandLine;
using System.Globalization;
using Sequence.Cli.Commands;
using Sequence.Data;
using Sequence.Training;

namespace Sequence.Cli;

/// <summary>The options that run a study instead of an evaluation.</summary>
internal sealed class StudyInput
{
    private const string ResNls = "resnls";

    private readonly Option<string?> _study = new("--study") { Description = "A whole study instead: resnls, which compares ResNLS with others over seeds and look-backs on daily closing prices (--data; column Close and dropped gaps unless told otherwise)." };
    private readonly Option<int> _seeds = new("--seeds") { Description = "Seeds of a study.", DefaultValueFactory = _ => new ResNlsStudyOptions().Seeds };
    private readonly Option<int> _workers = new("--workers") { Description = "Trainings of a study that run side by side; the result does not depend on it.", DefaultValueFactory = _ => new ResNlsStudyOptions().Workers };

    private readonly Option<string?> _lookBacks = new("--look-backs") { Description = "Look-backs of a study, with commas between them; left out, 1,3,5,10,20." };
    private readonly Option<DateTime?> _from = new("--from") { Description = "First day of a study; left out, 2012-01-01." };
    private readonly Option<DateTime?> _to = new("--to") { Description = "Last day of a study, the end of its test part; left out, 2022-12-31." };

    public StudyInput(Command command)
    {
        _study.AcceptOnlyFromAmong(ResNls);
        foreach (var option in new Option[] { _study, _seeds, _workers, _lookBacks, _from, _to })
        {
            command.Options.Add(option);
        }
    }

    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_study) is not null;

    /// <summary>What the command line asks of the study; the rest stays as in the paper.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="models">Models named on it, or null.</param>
    /// <param name="learningRate">Learning rate on it, or null.</param>
    /// <param name="folder">Folder for the partial results, or null.</param>
    public ResNlsStudyOptions Options(
        ParseResult parsed, IReadOnlyList<string>? models, double? learningRate, string? folder)
    {
        var options = new ResNlsStudyOptions
        {
            Seeds = parsed.GetValue(_seeds),
            Workers = parsed.GetValue(_workers),
            PartialResults = folder is null ? null : Path.Combine(folder, "resnls.partial.jsonl"),
        };
        return options with
        {
            Models = models ?? options.Models,
            LookBacks = parsed.GetValue(_lookBacks) is { } text ? ParseLookBacks(text) : options.LookBacks,
            From = Day(parsed.GetValue(_from)) ?? options.From,
            To = Day(parsed.GetValue(_to)) ?? options.To,
            Training = options.Training with { LearningRate = learningRate ?? options.Training.LearningRate },
        };
    }

    /// <summary>Runs the study; with a folder, its tables and numbers go there, and a stopped run goes on from there.</summary>
    public static async Task<int> RunAsync(
        ParseResult parsed,
        SeriesInput input,
        ResNlsStudyOptions options,
        string? folder,
        bool isJson,
        CancellationToken cancellationToken)
    {
        var panel = await input.ReadAsync(parsed, cancellationToken, target: "Close", missing: MissingValuePolicy.Drop);
        var study = new ResNlsStudy(options);
        var close = Requirements.Single(panel);
        var result = Terminal.WithProgress("study", progress => study.Run(close, progress, cancellationToken));
        if (folder is not null)
        {
            await TextFile.WriteAsync(Path.Combine(folder, "resnls.md"), result.ToMarkdown(), cancellationToken);
            await TextFile.WriteAsync(Path.Combine(folder, "resnls.json"), JsonOutput.ToText(result) + "\n", cancellationToken);
        }

        if (isJson)
        {
            JsonOutput.Write(result);
        }
        else
        {
            Console.Out.WriteLine(result.ToMarkdown());
        }

        return ExitCode.Success;
    }

    private static DateTimeOffset? Day(DateTime? day) =>
        day is { } known ? new DateTimeOffset(DateTime.SpecifyKind(known, DateTimeKind.Utc)) : null;

    private static int[] ParseLookBacks(string text) =>
    [
        .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out var lookBack)
                ? lookBack
                : throw new ConfigurationException($"--look-backs has '{part}'; give whole numbers, for example 1,5,20.")),
    ];
}
