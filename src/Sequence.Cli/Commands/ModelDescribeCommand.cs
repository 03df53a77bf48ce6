using System.CommandLine;
using Sequence.Streaming;

namespace Sequence.Cli.Commands;

/// <summary>sequence model describe: what a checkpoint holds.</summary>
internal static class ModelDescribeCommand
{
    public static Command Create()
    {
        var checkpoint = CheckpointOption.Create();
        var json = JsonOption.Create();
        var command = new Command("describe", "Say what is in a checkpoint.") { checkpoint, json };
        command.SetAction(parsed =>
        {
            var directory = CheckpointOption.Locate(parsed.GetValue(checkpoint)!);
            var model = StreamingModel.Open(directory);
            var manifest = model.Manifest;
            var description = new
            {
                manifest.Name,
                Directory = directory,
                manifest.Architecture,
                model.Architecture.ParameterCount,
                Weights = model.Architecture.Weights.Select(weight => new { weight.Name, weight.Shape, Role = weight.Role.ToString() }),
                manifest.Target,
                manifest.Frequency,
                Series = manifest.Scalers.Keys.ToArray(),
                IsCalibrated = manifest.Calibration is not null,
                manifest.Metrics,
                manifest.Seed,
                manifest.CreatedAt,
                manifest.DataFingerprint,
                manifest.Versions,
            };
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(description);
                return ExitCode.Success;
            }

            Terminal.WriteList(["", ""],
            [
                ["name", description.Name],
                ["directory", description.Directory],
                ["architecture", manifest.Architecture.GetRawText().ReplaceLineEndings(" ")],
                ["parameters", description.ParameterCount.ToString("N0")],
                ["target", description.Target],
                ["frequency", description.Frequency],
                ["series", string.Join(", ", description.Series.Take(10)) + (description.Series.Length > 10 ? ", ..." : string.Empty)],
                ["intervals", description.IsCalibrated ? "calibrated" : "none"],
                ["metrics", string.Join(", ", description.Metrics.Select(metric => $"{metric.Key} {Terminal.Number(metric.Value)}"))],
                ["seed", description.Seed.ToString()],
                ["created", description.CreatedAt.ToString("u")],
                ["data", description.DataFingerprint],
                ["versions", string.Join(", ", description.Versions.Select(version => $"{version.Key} {version.Value}"))],
            ]);
            return ExitCode.Success;
        });
        return command;
    }
}
