namespace Sequence.Daemon.Watching;

/// <summary>Something that has drifted; one for as long as it lasts.</summary>
/// <param name="Series">The series.</param>
/// <param name="ModelVersion">The version of the model that was watched.</param>
/// <param name="Kind">What has drifted.</param>
/// <param name="Level">Promised level of the intervals that cover too little; null for the other kinds.</param>
/// <param name="Value">Excess of Page-Hinkley, coverage in percent, or the stability index.</param>
/// <param name="Threshold">What the value passed.</param>
/// <param name="At">Event time of the observation that showed it.</param>
/// <param name="FoundAt">When that was.</param>
/// <param name="Until">
/// Event time at which it no longer held, or the model was changed; null while it lasts. Errors that have grown are an event and end
/// where they were found: the test begins anew there, with what is usual since.
/// </param>
[GenerateSerializer]
[Immutable]
internal sealed record DriftFinding(
    string Series,
    string ModelVersion,
    DriftKind Kind,
    double? Level,
    double Value,
    double Threshold,
    DateTimeOffset At,
    DateTimeOffset FoundAt,
    DateTimeOffset? Until);
