using System.CommandLine;
using Sequence.Daemon;
using Sequence.Data;
using Sequence.Forecasting;
using Sequence.Training;

namespace Sequence.Cli.Commands;

/// <summary>
/// sequence daemon worker: what the daemon starts, never a person. Computes forecasts of one checkpoint with libtorch, asked over
/// standard input, until that closes. A crash of it costs the daemon nothing but the time to start it again.
/// </summary>
internal static class DaemonWorkerCommand
{
    public static Command Create()
    {
        var command = new Command("worker", "Compute forecasts of a checkpoint for the daemon, which starts this itself.") { Hidden = true };
        var checkpoint = CheckpointOption.Create();
        command.Options.Add(checkpoint);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var opened = TorchForecastModel.Open(CheckpointOption.Locate(parsed.GetValue(checkpoint)!));
            using var model = (TorchForecastModel)((opened as CalibratedModel)?.Inner ?? opened);

            // The first evaluation loads libtorch; whoever asks first should not wait for it.
            Warm(model);
            await WorkerProtocol.ServeAsync(Console.In, Console.Out, model.Manifest.Sha256, questions => Answer(model, questions)).WaitAsync(cancellationToken);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Warm(TorchForecastModel model)
    {
        var day = new Frequency(FrequencyUnit.Day);
        var times = Enumerable.Range(0, model.MinimumHistory).Select(row => DateTimeOffset.UnixEpoch.AddDays(row)).ToArray();
        model.ForecastBatch([(new TimeSeries(model.Scalers.Keys.First(), day, times, times.Select((_, row) => 100.0 + row).ToArray()), 1)]);
    }

    private static WorkerAnswer[] Answer(TorchForecastModel model, WorkerQuestion[] questions)
    {
        try
        {
            return [.. model.ForecastBatch([.. questions.Select(one => (one.History(), one.Horizon))]).Select(forecast => new WorkerAnswer(forecast, null))];
        }
        catch (SequenceException fault) when (questions.Length == 1)
        {
            return [new WorkerAnswer(null, fault.Message)];
        }
        catch (SequenceException)
        {
            // One of them is at fault; the others get their forecasts.
            return [.. questions.SelectMany(question => Answer(model, [question]))];
        }
    }
}
