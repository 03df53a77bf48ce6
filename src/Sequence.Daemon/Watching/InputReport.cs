namespace Sequence.Daemon.Watching;

/// <summary>How the newest inputs of a model compare with the reference, as the model reads them: scaled, or as log-returns.</summary>
/// <param name="PopulationStability">The population stability index over ten bins of the reference.</param>
/// <param name="Statistic">The distance of Kolmogorov-Smirnov.</param>
/// <param name="PValue">Its p-value, for as many independent values as the two stretches count for.</param>
/// <param name="ReferenceFrom">Event time of the first row of the reference.</param>
/// <param name="ReferenceTo">Event time of its last row.</param>
/// <param name="From">Event time of the first of the newest rows.</param>
/// <param name="To">Event time of the last of them.</param>
[GenerateSerializer]
[Immutable]
internal sealed record InputReport(
    double PopulationStability,
    double Statistic,
    double PValue,
    DateTimeOffset ReferenceFrom,
    DateTimeOffset ReferenceTo,
    DateTimeOffset From,
    DateTimeOffset To);
