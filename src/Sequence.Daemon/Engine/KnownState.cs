using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Engine;

/// <summary>A state, and which appends of its series it knows: all up to a knowledge time. Not thread-safe.</summary>
/// <param name="state">The state.</param>
/// <param name="knownAt">Knowledge time of the last append in it.</param>
internal sealed class KnownState(SeriesState state, DateTimeOffset knownAt)
{
    public SeriesState State { get; } = state;

    /// <summary>Knowledge time of the last append in it.</summary>
    public DateTimeOffset KnownAt { get; private set; } = knownAt;

    /// <summary>Observations taken since the state was last in a snapshot.</summary>
    public long Unsaved { get; private set; }

    /// <summary>Takes observations in the order of event times that <see cref="KnownAt"/> covers.</summary>
    public void Take(IReadOnlyList<Observation> page)
    {
        foreach (var observation in page)
        {
            State.Observe(observation.EventTime, observation.Value);
        }

        Unsaved += page.Count;
    }

    /// <summary>
    /// Takes an append, a step an observation. False, and the state is as before, when it cannot: the append has late or
    /// corrected values, or came after another one that this state does not know. It must then be replayed.
    /// </summary>
    /// <param name="batch">The observations.</param>
    /// <param name="appended">What became of them.</param>
    /// <param name="errors">Gets the errors of the one-step forecasts made before each of them; null when nobody asks.</param>
    public bool TryFollow(Measurement[] batch, AppendResult appended, List<StepError>? errors = null)
    {
        if (appended.KnownBefore != KnownAt || !IsInOrder(batch, appended.Outcomes))
        {
            return false;
        }

        for (var index = 0; index < batch.Length; index++)
        {
            if (appended.Outcomes[index] == AppendOutcome.Added)
            {
                if (errors is not null && State.NextValue is { } next)
                {
                    errors.Add(new StepError(batch[index].EventTime, batch[index].Value - next));
                }

                State.Observe(batch[index].EventTime, batch[index].Value);
                Unsaved++;
            }
        }

        KnownAt = appended.KnownAt;
        return true;
    }

    /// <summary>The state as it can be stored; null before the first observation.</summary>
    public StateSnapshot? Snapshot() => State.LastEventTime is { } last
        ? new StateSnapshot(State.Definition.Id, State.ModelVersion, last, KnownAt, State.Write())
        : null;

    /// <summary>Notes that a snapshot of it is stored or on its way.</summary>
    public void MarkSaved() => Unsaved = 0;

    private bool IsInOrder(Measurement[] batch, AppendOutcome[] outcomes)
    {
        var last = State.LastEventTime ?? DateTimeOffset.MinValue;
        for (var index = 0; index < outcomes.Length; index++)
        {
            if (outcomes[index] == AppendOutcome.Duplicate)
            {
                continue;
            }

            if (outcomes[index] == AppendOutcome.Revised || batch[index].EventTime <= last)
            {
                return false;
            }

            last = batch[index].EventTime;
        }

        return true;
    }
}
