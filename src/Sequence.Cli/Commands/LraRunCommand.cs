using System.CommandLine;
using System.Globalization;
using Sequence.Datasets;
using Sequence.LongRangeArena;
using Sequence.Torch;

namespace Sequence.Cli.Commands;

/// <summary>sequence lra run: a model on a task, to its place in the table.</summary>
internal static class LraRunCommand
{
    public static Command Create()
    {
        var command = new Command(
            "run",
            "Run a model on a task: get or make its data, train, test, show its place in the published table. Ctrl-C leaves a " +
            "state that --resume goes on from.");
        var task = new Argument<string>("task") { Description = "Which task, for example listops; see: sequence lra list." };
        var model = new Option<string>("--model") { Description = "Which model, for example s4d; see: sequence lra list.", Required = true };
        var preset = new ChoiceOption<ArenaPreset>(
            "--preset", "paper: the published task and configuration; small: a smaller one that ends in under 20 minutes on two cores.",
            ArenaPreset.Small);
        var seed = new Option<ulong>("--seed") { Description = "Seed of the initial weights, the order of the batches and dropout.", DefaultValueFactory = _ => 1 };
        var epochs = new Option<int?>("--epochs") { Description = "Passes over the training examples; left out, the preset's." };
        var budget = new Option<string?>("--time-budget") { Description = "Longest time of training, for example 90s, 20m or 3h; the learning rate falls to its end within it. It counts on over --resume." };
        var device = new Option<string>("--device") { Description = "Where the model is computed: cpu, cuda or cuda:1.", DefaultValueFactory = _ => "cpu" };
        var checkpoint = new Option<double>("--checkpoint-minutes") { Description = "How often the state of the training is saved.", DefaultValueFactory = _ => 1 };
        var resume = new Option<bool>("--resume") { Description = "Go on from the state that a stopped run left; where there is none, begin." };
        var folder = LraFolderOption.Create();
        var mirror = new Option<string?>("--mirror") { Description = $"Folder to copy public data sets from instead of downloading; also the variable {DatasetFetcher.MirrorVariable}." };
        var json = JsonOption.Create();
        command.Arguments.Add(task);
        foreach (var option in new Option[] { model, preset.Option, seed, epochs, budget, device, checkpoint, resume, folder, mirror, json })
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellationToken) =>
        {
            var options = new ArenaRunOptions
            {
                Task = ArenaTasks.Get(parsed.GetValue(task)!),
                Model = ArenaModel.Get(parsed.GetValue(model)!),
                Preset = preset.Read(parsed),
                Seed = parsed.GetValue(seed),
                Epochs = parsed.GetValue(epochs),
                TimeBudget = parsed.GetValue(budget) is { } text ? Duration(text) : null,
                Device = ComputeDevice.Parse(parsed.GetValue(device)!),
                SaveInterval = Interval(parsed.GetValue(checkpoint)),
                Resume = parsed.GetValue(resume),
            };
            var arena = new ArenaFolder(parsed.GetValue(folder)!, parsed.GetValue(mirror));
            var result = OptionFaults.Reword(command.Options, () => Terminal.WithStages(
                progress => ArenaRun.Execute(options, arena, progress, cancellationToken)));
            var place = ArenaTable.Place(result);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(new
                {
                    Result = result,
                    result.IsComparable,
                    Folder = ArenaRunFolder.Of(arena, options).Path,
                    Place = Rank(place),
                    Of = place.Count,
                    Table = place.Select(row => new { row.Row.Model, Accuracy = row.Score.Mean, row.Row.Source, row.Row.IsOwn }),
                });
            }
            else
            {
                Write(options.Task, result, place);
            }

            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static int Rank(IReadOnlyList<(ArenaRow Row, ArenaScore Score)> place) =>
        1 + place.TakeWhile(row => !row.Row.IsOwn).Count();

    private static void Write(ArenaTask task, ArenaResult result, IReadOnlyList<(ArenaRow Row, ArenaScore Score)> place)
    {
        Terminal.WriteTable(
            ["model", task.Name, "source"],
            place.Select(row => new[]
            {
                row.Row.IsOwn ? $"> {row.Row.Model}" : row.Row.Model, $"{row.Score.Mean:0.00}", row.Row.Source,
            }));
        Console.Out.WriteLine(
            $"{result.Identity.Model} on {task.Name}: {100 * result.Accuracy:0.00} % of {result.Examples[2]:N0} test examples " +
            $"(a guess: {100 * task.Chance:0} %), {result.Parameters:N0} parameters, epoch {result.BestEpoch} of " +
            $"{result.EpochsDone}, {result.Seconds / 60:0.0} minutes of training.");
        Console.Out.WriteLine($"Data: {result.Data}.");
        Console.Out.WriteLine(
            place.Count == 1 ? "No published result stands beside this task."
            : result.IsComparable ? $"Place {Rank(place)} of {place.Count}."
            : $"By the figure alone place {Rank(place)} of {place.Count}; but it is not the published task: the published results " +
              "are of longer sequences and more of them (--preset paper).");
    }

    private static TimeSpan Interval(double minutes) => minutes is > 0 and <= 1440
        ? TimeSpan.FromMinutes(minutes)
        : throw new ConfigurationException($"--checkpoint-minutes is {minutes}; it must be above 0 and at most 1440.");

    private static TimeSpan Duration(string text)
    {
        var seconds = text is [.. var digits, var unit] &&
            double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number * unit switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => double.NaN }
            : double.NaN;
        return seconds is > 0 and < 1e8
            ? TimeSpan.FromSeconds(seconds)
            : throw new ConfigurationException($"--time-budget is '{text}'; give a time above 0 such as 90s, 20m or 3h.");
    }
}
