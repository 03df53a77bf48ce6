using System.CommandLine;
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

    public StudyInput(Command command)
    {
        _study.AcceptOnlyFromAmong(ResNls);
        foreach (var option in new Option[] { _study, _seeds, _workers })
        {
            command.Options.Add(option);
        }
    }

    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_study) is not null;

    /// <summary>Runs the study; with a folder, its tables and numbers go there, and a stopped run goes on from there.</summary>
    public async Task<int> RunAsync(
        ParseResult parsed, SeriesInput input, string? folder, bool isJson, CancellationToken cancellationToken)
    {
        var panel = await input.ReadAsync(parsed, cancellationToken, target: "Close", missing: MissingValuePolicy.Drop);
        var study = new ResNlsStudy(new ResNlsStudyOptions
        {
            Seeds = parsed.GetValue(_seeds),
            Workers = parsed.GetValue(_workers),
            PartialResults = folder is null ? null : Path.Combine(folder, "resnls.partial.jsonl"),
        });
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
}
