using Sequence.Daemon;
using Sequence.Data;
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
        using var model = (TorchForecastModel)((Forecasting(arguments[^1]) as Sequence.Forecasting.CalibratedModel)?.Inner ?? Forecasting(arguments[^1]));
        WorkerProtocol.ServeAsync(Console.In, Console.Out, questions =>
        {
            if (questions.Any(question => question.Values[^1] == Poison))
            {
                _ = ones(2, 3).matmul(ones(4, 5));
            }

            return [.. model.ForecastBatch([.. questions.Select(one => (History(one), one.Horizon))]).Select(forecast => new WorkerAnswer(forecast, null))];
        }).GetAwaiter().GetResult();
        return 0;
    }

    private static Sequence.Forecasting.IForecastModel Forecasting(string directory) => TorchForecastModel.Open(directory);

    private static TimeSeries History(WorkerQuestion question) =>
        new(question.Series, Frequency.Parse(question.Frequency), question.Times, question.Values);
}
