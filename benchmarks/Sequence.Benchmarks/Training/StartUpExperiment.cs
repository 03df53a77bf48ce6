using System.Diagnostics;
using System.Globalization;
using Sequence.Data;
using Sequence.Data.Scalers;
using Sequence.Training;

namespace Sequence.Benchmarks.Training;

/// <summary>
/// From the start of a process to its first forecast out of a checkpoint (ResNLS-5): by the streaming plan, without libtorch,
/// against through libtorch. Processes of both kinds take turns; medians are compared.
/// </summary>
/// <remarks>Argument: how many processes of each kind are timed (default 15).</remarks>
internal static class StartUpExperiment
{
    private const double Target = 3;
    private const double Agreement = 1e-4;

    internal static int Run(string[] arguments)
    {
        var repeats = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 15;
        var folder = Directory.CreateTempSubdirectory("sequence-start-up-").FullName;
        try
        {
            var checkpoint = Path.Combine(folder, "resnls-5");
            WriteCheckpoint(checkpoint);
            return Compare(checkpoint, repeats);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Compare(string checkpoint, int repeats)
    {
        Check(Start(StartUpChild.Streaming, checkpoint), Start(StartUpChild.Torch, checkpoint));
        List<Launch> streaming = [];
        List<Launch> torch = [];
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            streaming.Add(Start(StartUpChild.Streaming, checkpoint));
            torch.Add(Start(StartUpChild.Torch, checkpoint));
            Check(streaming[^1], torch[^1]);
        }

        Console.WriteLine("| from the start of the process | torch-free ms | through libtorch ms | ratio |");
        Console.WriteLine("|---|---|---|---|");
        var ratio = Row("to the first forecast", launch => launch.ForecastMilliseconds);
        _ = Row("to the end of the process", launch => launch.ExitMilliseconds);
        Console.WriteLine($"{repeats} processes each, in turn; median (smallest to largest). libtorch mapped: torch-free no, through libtorch yes.");
        Console.WriteLine($"Torch-free {Target}x faster: {(ratio >= Target ? "yes" : "NO")}");
        return ratio >= Target ? 0 : 1;

        double Row(string name, Func<Launch, double> measure)
        {
            var (free, through) = (streaming.ConvertAll(launch => measure(launch)), torch.ConvertAll(launch => measure(launch)));
            var medians = Spread.Median(through) / Spread.Median(free);
            Console.WriteLine($"| {name} | {Summary(free)} | {Summary(through)} | {medians:F1} |");
            return medians;
        }

        static string Summary(List<double> values) => $"{Spread.Median(values):F0} ({values.Min():F0} to {values.Max():F0})";
    }

    private static void Check(Launch streaming, Launch torch)
    {
        if (streaming.HasLibtorch || !torch.HasLibtorch)
        {
            throw new ModelException(
                $"libtorch mapped: torch-free {streaming.HasLibtorch}, through libtorch {torch.HasLibtorch}; nothing is compared.");
        }

        if (!(Math.Abs(streaming.Forecast - torch.Forecast) <= Agreement * Math.Abs(torch.Forecast)))
        {
            throw new ModelException($"The forecasts differ: {streaming.Forecast} torch-free, {torch.Forecast} through libtorch.");
        }
    }

    private static Launch Start(string kind, string checkpoint)
    {
        var executable = Path.Combine(
            AppContext.BaseDirectory,
            typeof(StartUpExperiment).Assembly.GetName().Name + (OperatingSystem.IsWindows() ? ".exe" : string.Empty));
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(executable, [StartUpChild.Command, kind, checkpoint])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var forecast = process.StandardOutput.ReadLine();
        var forecastTime = clock.GetElapsedTime(started);
        var hasLibtorch = process.StandardOutput.ReadLine();
        process.WaitForExit();
        var exitTime = clock.GetElapsedTime(started);
        return process.ExitCode == 0 && forecast is not null && hasLibtorch is not null
            ? new(
                double.Parse(forecast, CultureInfo.InvariantCulture),
                bool.Parse(hasLibtorch),
                forecastTime.TotalMilliseconds,
                exitTime.TotalMilliseconds)
            : throw new ModelException($"The {kind} process ended with exit code {process.ExitCode}.");
    }

    private static void WriteCheckpoint(string directory)
    {
        var panel = new Panel([StartUpChild.History()]);
        var model = new NeuralForecaster(new NeuralForecasterOptions
        {
            Name = "resnls-5",
            Architecture = NeuralCatalogue.Create("resnls-5", horizon: 1),
            Scaler = ScalerKind.LogReturn,
            Training = new TrainingOptions { Epochs = 1 },
        }).Train(panel);
        NeuralCheckpoint.Write(
            directory, model, panel, StartUpChild.SeriesId, new Dictionary<string, double>(StringComparer.Ordinal),
            TimeProvider.System.GetUtcNow());
    }

    private sealed record Launch(double Forecast, bool HasLibtorch, double ForecastMilliseconds, double ExitMilliseconds);
}
