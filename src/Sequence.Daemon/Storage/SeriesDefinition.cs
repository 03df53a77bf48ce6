using Sequence.Data;

namespace Sequence.Daemon.Storage;

/// <summary>A series as its creator described it.</summary>
/// <param name="Id">Identifier; see <see cref="SeriesName"/>.</param>
/// <param name="Frequency">Spacing of its event times.</param>
/// <param name="Model">A baseline's name, or checkpoint:NAME.</param>
/// <param name="Horizon">Steps ahead of the forecasts issued at each append.</param>
/// <param name="Levels">Coverage of their intervals in percent, ascending.</param>
internal sealed record SeriesDefinition(string Id, Frequency Frequency, string Model, int Horizon, double[] Levels)
{
    public bool Equals(SeriesDefinition? other) =>
        other is not null && (Id, Frequency, Model, Horizon) == (other.Id, other.Frequency, other.Model, other.Horizon)
        && Levels.AsSpan().SequenceEqual(other.Levels);

    public override int GetHashCode() => HashCode.Combine(Id, Frequency, Model, Horizon, Levels.Length);
}
