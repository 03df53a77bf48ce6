using System.CommandLine;
using Sequence.Datasets;

namespace Sequence.Cli.Commands;

/// <summary>sequence data fetch: brings a data set, checked against the catalogue.</summary>
internal static class DataFetchCommand
{
    public static Command Create()
    {
        var command = new Command("fetch", "Copy or download a data set, check its digest, unpack it.");
        var name = new Argument<string>("name") { Description = "Data set, or data set/file for one file; see: sequence data list." };
        var output = new Option<string?>("--out") { Description = "Folder; left out, data/NAME." };
        var mirror = new Option<string?>("--mirror") { Description = $"Folder to copy from instead of downloading; also the variable {DatasetFetcher.MirrorVariable}." };
        var json = JsonOption.Create();
        command.Arguments.Add(name);
        foreach (var option in new Option[] { output, mirror, json })
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var dataset = DatasetCatalogue.Get(parsed.GetValue(name)!);
            using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            var fetcher = new DatasetFetcher(http, parsed.GetValue(mirror));
            var folder = parsed.GetValue(output) ?? Path.Combine("data", dataset.Name);
            var fetched = await fetcher.FetchAsync(dataset, folder, new Told(), cancellationToken);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(fetched.Select(one => new { one.Path, one.Folder, one.Origin, one.File.Licence, one.File.Sha256 }));
                return ExitCode.Success;
            }

            Terminal.WriteList(
                ["file", "from", "licence"],
                fetched.Select(one => new[] { one.Folder ?? one.Path, one.Origin.ToString(), one.File.Licence }));
            Console.Out.WriteLine($"Cite: {dataset.Citation}");
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Says each file on standard error as it stands, so that a long download is not silent.</summary>
    private sealed class Told : IProgress<FetchedFile>
    {
        public void Report(FetchedFile value)
        {
            if (!Console.IsErrorRedirected)
            {
                Console.Error.WriteLine(value.Path);
            }
        }
    }
}
