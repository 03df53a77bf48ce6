using System.CommandLine;
using Sequence.Datasets;

namespace Sequence.Cli.Commands;

/// <summary>sequence data list: the data sets of the catalogue and the generators.</summary>
internal static class DataListCommand
{
    private const double Megabyte = 1e6;

    public static Command Create()
    {
        var command = new Command("list", "The data sets that can be fetched or generated.");
        var json = JsonOption.Create();
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(new
                {
                    Fetch = DatasetCatalogue.All.Select(one => new { one.Name, one.Description, one.Citation, one.Bytes, one.Licences, one.Files }),
                    Generate = GeneratorCatalogue.All.Select(one => new { one.Name, one.Description, one.Parameters }),
                });
                return ExitCode.Success;
            }

            Terminal.WriteList(
                ["fetch", "files", "MB", "what it is"],
                DatasetCatalogue.All.Select(one => new[]
                {
                    one.Name, one.Files.Count.ToString(), (one.Bytes / Megabyte).ToString("N1"), one.Description,
                }));
            Terminal.WriteList(
                ["generate", "what it is"],
                GeneratorCatalogue.All.Select(one => new[] { one.Name, one.Description }));
            return ExitCode.Success;
        });
        return command;
    }
}
