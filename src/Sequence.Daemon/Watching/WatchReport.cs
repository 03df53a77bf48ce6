namespace Sequence.Daemon.Watching;

/// <summary>How well a series is forecast, over the newest forecasts whose outcomes are known.</summary>
/// <param name="Id">The series.</param>
/// <param name="ModelVersion">The version of the model whose forecasts these are.</param>
/// <param name="LastEventTime">Event time of the newest observation; null before the first.</param>
/// <param name="OneStep">Errors one step ahead.</param>
/// <param name="AllSteps">Errors over all steps of the horizon.</param>
/// <param name="Levels">How the intervals of each level do.</param>
/// <param name="ErrorDrift">How the test on growing errors stands.</param>
/// <param name="Inputs">How the inputs compare with the reference; null when there are too few rows, or they cannot be scaled.</param>
/// <param name="Findings">What has drifted, oldest first.</param>
[GenerateSerializer]
[Immutable]
internal sealed record WatchReport(
    string Id,
    string ModelVersion,
    DateTimeOffset? LastEventTime,
    ErrorMeasures OneStep,
    ErrorMeasures AllSteps,
    LevelReport[] Levels,
    ErrorDriftReport ErrorDrift,
    InputReport? Inputs,
    DriftFinding[] Findings);
