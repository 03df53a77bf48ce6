using System.CommandLine;
using Sequence.LongRangeArena;

namespace Sequence.Cli.Commands;

/// <summary>sequence lra list: the tasks and the models.</summary>
internal static class LraListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "The tasks and the models there are.");
        var json = JsonOption.Create();
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(new
                {
                    Tasks = ArenaTasks.All.Select(task => new
                    {
                        task.Name,
                        task.Description,
                        task.IsPublished,
                        task.Classes,
                        task.Sequences,
                        task.Vocabulary,
                        Paper = task.PaperSize,
                        Small = task.SmallSize,
                    }),
                    Models = ArenaModel.All.Select(model => new { model.Name, model.Family, model.Description }),
                });
                return ExitCode.Success;
            }

            Terminal.WriteList(
                ["task", "length", "small", "classes", "what it asks"],
                ArenaTasks.All.Select(task => new[]
                {
                    task.Name, $"{task.Length}", $"{task.SmallSize.Length}", $"{task.Classes}", task.Description,
                }));
            Terminal.WriteList(
                ["model", "what it is"], ArenaModel.All.Select(model => new[] { model.Name, model.Description }));
            Console.Out.WriteLine("Run one: sequence lra run listops --model s4d --preset small");
            return ExitCode.Success;
        });
        return command;
    }
}
