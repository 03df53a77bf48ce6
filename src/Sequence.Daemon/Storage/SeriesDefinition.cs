using Sequence.Data;

namespace Sequence.Daemon.Storage;

/// <summary>A series as its creator described it.</summary>
/// <param name="Id">Identifier; see <see cref="SeriesName"/>.</param>
/// <param name="Frequency">Spacing of its event times.</param>
/// <param name="Model">A baseline's name, or checkpoint:NAME.</param>
/// <param name="Horizon">Steps ahead of the forecasts issued.</param>
/// <param name="Levels">Coverage of their intervals in percent, ascending.</param>
/// <param name="ForecastEvery">Period of the schedule by which forecasts are issued; zero when one is at each append.</param>
internal sealed record SeriesDefinition(
    string Id, Frequency Frequency, string Model, int Horizon, double[] Levels, TimeSpan ForecastEvery = default)
{
    /// <summary>The refusal of another definition of this series.</summary>
    public DaemonException Conflict() => new(
        DaemonFault.Conflict,
        $"Series '{Id}' exists with frequency {Frequency}, model '{Model}', horizon {Horizon}, levels [{string.Join(", ", Levels)}] and " +
        $"forecasts {(ForecastEvery > TimeSpan.Zero ? $"every {ForecastEvery}" : "at each append")}. Choose another id.");

    public bool Equals(SeriesDefinition? other) =>
        other is not null && (Id, Frequency, Model, Horizon, ForecastEvery) == (other.Id, other.Frequency, other.Model, other.Horizon, other.ForecastEvery)
        && Levels.AsSpan().SequenceEqual(other.Levels);

    public override int GetHashCode() => HashCode.Combine(Id, Frequency, Model, Horizon, Levels.Length, ForecastEvery);
}
