using Sequence.Daemon;
using Sequence.Forecasting;
using Sequence.Training;
using static TorchSharp.torch;

namespace Sequence.Benchmarks.Daemon;

/// <summary>
/// A worker of the daemon that computes as `sequence daemon worker` does, and aborts inside libtorch, by a matmul of shapes that do not
/// fit, when a question ends with the value <see cref="Poison"/>.
/// </summary>
internal static class AbortingWorkerChild
{
    public const string Command = "aborting-worker";

    public const double Poison = 666;

    /// <param name="arguments">What the daemon gives a worker: daemon worker --checkpoint DIRECTORY.</param>
    public static int Run(string[] arguments)
    {
        var opened = TorchForecastModel.Open(arguments[^1]);
        using var model = (TorchForecastModel)((opened as CalibratedModel)?.Inner ?? opened);
        WorkerProtocol.ServeAsync(Console.In, Console.Out, model.Manifest.Sha256, questions =>
        {
            if (questions.Any(question => question.Values[^1] == Poison))
            {
                _ = ones(2, 3).matmul(ones(4, 5));
            }

            return [.. model.ForecastBatch([.. questions.Select(one => (one.History(), one.Horizon))]).Select(forecast => new WorkerAnswer(forecast, null))];
        }).GetAwaiter().GetResult();
        return 0;
    }
}
