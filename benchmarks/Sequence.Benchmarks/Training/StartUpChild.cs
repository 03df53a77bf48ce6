using System.Globalization;
using System.Runtime.CompilerServices;
using Sequence.Data;
using Sequence.Streaming;
using Sequence.Training;

namespace Sequence.Benchmarks.Training;

/// <summary>
/// One process of <see cref="StartUpExperiment"/>: opens a checkpoint, forecasts once, prints the forecast, then whether
/// libtorch is mapped into the process.
/// </summary>
internal static class StartUpChild
{
    internal const string Command = "start-up-child";
    internal const string Streaming = "streaming";
    internal const string Torch = "torch";
    internal const string SeriesId = "price";
    internal const int Rows = 300;

    internal static int Run(string[] arguments)
    {
        var forecast = string.Equals(arguments[0], Streaming, StringComparison.Ordinal)
            ? ForecastStreaming(arguments[1])
            : ForecastByTorch(arguments[1]);
        Console.WriteLine(forecast.ToString("R", CultureInfo.InvariantCulture));
        Console.WriteLine(File.ReadLines("/proc/self/maps").Any(line => line.Contains("libtorch", StringComparison.Ordinal)));
        return 0;
    }

    /// <summary>A price that drifts and swings; training and forecasting see the same one, without reading a file.</summary>
    internal static TimeSeries History()
    {
        var first = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var timestamps = new DateTimeOffset[Rows];
        var values = new double[Rows];
        for (var row = 0; row < Rows; row++)
        {
            timestamps[row] = first.AddDays(row);
            values[row] = 100 + (0.05 * row) + (5 * Math.Sin(row / 7.0)) + Math.Sin(row * 1.7);
        }

        return new TimeSeries(SeriesId, new Frequency(FrequencyUnit.Day), timestamps, values);
    }

    // Each way has a method of its own that is not inlined: a method that names a type of Sequence.Torch loads libtorch.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double ForecastStreaming(string directory) =>
        StreamingForecaster.Open(directory).Forecast(History(), horizon: 1).Mean[0];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double ForecastByTorch(string directory) =>
        TorchForecastModel.Open(directory).Forecast(History(), horizon: 1).Mean[0];
}
