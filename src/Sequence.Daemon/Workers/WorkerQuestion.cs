using Sequence.Data;

namespace Sequence.Daemon;

/// <summary>What a worker is asked: a forecast from the end of a series.</summary>
/// <param name="Series">Identifier of the series.</param>
/// <param name="Frequency">Spacing of its rows.</param>
/// <param name="Times">Times of the newest rows, oldest first.</param>
/// <param name="Values">Their values, in the units of the series.</param>
/// <param name="Horizon">Steps ahead.</param>
public sealed record WorkerQuestion(
    string Series, string Frequency, DateTimeOffset[] Times, double[] Values, int Horizon)
{
    /// <summary>The rows as a series.</summary>
    /// <exception cref="SequenceException">They are none.</exception>
    public TimeSeries History() => new(Series, Data.Frequency.Parse(Frequency), Times, Values);
}
