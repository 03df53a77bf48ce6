namespace Sequence.Daemon.Storage.Postgres;

/// <summary>
/// A series whose row a transaction has locked: what it was, and what the appends of the transaction make of it. They are
/// decided in memory, so that a refused one leaves nothing behind and all that are taken are stored at once.
/// </summary>
internal sealed class PostgresSeries(string id, long key, long known, long revised, long? firstEvent, long? lastEvent, long? lastNumber)
{
    private readonly Dictionary<long, Values> _byEvent = [];
    private readonly Dictionary<long, (long Event, double Value)> _byNumber = [];

    public long Key => key;

    /// <summary>Knowledge time of the last append.</summary>
    public long Known { get; private set; } = known;

    /// <summary>Knowledge time of the last append with a late or corrected value.</summary>
    public long Revised { get; private set; } = revised;

    public long? FirstEvent { get; private set; } = firstEvent;

    public long? LastEvent { get; private set; } = lastEvent;

    public long? LastNumber { get; private set; } = lastNumber;

    /// <summary>First event time that was late or corrected in this transaction.</summary>
    public long FirstLate { get; private set; } = long.MaxValue;

    /// <summary>What is to be stored.</summary>
    public List<(long Event, int Revision, double Value, long Known, long? Number)> Added { get; } = [];

    /// <summary>Whether the store may hold observations of an event time, so that they have to be given first.</summary>
    public bool MayHoldEvent(long time) => time <= LastEvent;

    /// <summary>Whether the store may hold an observation of a number, so that it has to be given first.</summary>
    public bool MayHoldNumber(long number) => number <= LastNumber;

    /// <summary>Gives a stored observation.</summary>
    public void Stored(long time, int revision, double value) => Of(time).Add(revision, value);

    /// <summary>Gives the stored observation of a number.</summary>
    public void Numbered(long number, long time, double value) => _byNumber[number] = (time, value);

    /// <summary>Takes a batch, whose stored observations were given.</summary>
    /// <exception cref="DaemonException">A number belongs to another observation; nothing was taken.</exception>
    public AppendResult Append(IReadOnlyList<Measurement> batch, long now)
    {
        RequireNumbers(batch);
        var before = Known;
        var appended = Math.Max(now, before + 1);
        var outcomes = new AppendOutcome[batch.Count];
        var firstLate = long.MaxValue;
        for (var index = 0; index < outcomes.Length; index++)
        {
            var (time, value, number) = (batch[index].EventTime.UtcTicks, batch[index].Value, batch[index].Sequence);
            var values = Of(time);
            if (number is { } given ? !_byNumber.TryAdd(given, (time, value)) : values.Has(value))
            {
                outcomes[index] = AppendOutcome.Duplicate;
                continue;
            }

            firstLate = time <= LastEvent ? Math.Min(firstLate, time) : firstLate;
            var revision = values.Next;
            values.Add(revision, value);
            Added.Add((time, revision, value, appended, number));
            outcomes[index] = revision == 0 ? AppendOutcome.Added : AppendOutcome.Revised;
            FirstEvent = Math.Min(FirstEvent ?? long.MaxValue, time);
            LastEvent = Math.Max(LastEvent ?? -1, time);
            LastNumber = number is null ? LastNumber : Math.Max(LastNumber ?? long.MinValue, number.Value);
            Known = appended;
        }

        if (firstLate != long.MaxValue)
        {
            Revised = appended;
            FirstLate = Math.Min(FirstLate, firstLate);
        }

        return new AppendResult(outcomes, Time(before), Time(Known));
    }

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    private void RequireNumbers(IReadOnlyList<Measurement> batch)
    {
        Dictionary<long, (long, double)> within = [];
        foreach (var (time, value, number) in batch)
        {
            if (number is not { } given)
            {
                continue;
            }

            if (!_byNumber.TryGetValue(given, out var other) && !within.TryGetValue(given, out other))
            {
                within.Add(given, (time.UtcTicks, value));
            }
            else if (other.Item1 != time.UtcTicks || !other.Item2.Equals(value))
            {
                throw new DaemonException(
                    DaemonFault.Conflict,
                    $"Number {given} of series '{id}' belongs to the value {other.Item2:R} at {Time(other.Item1):O}, not to {value:R} at " +
                    $"{time:O}. Give each observation a number of its own; nothing of this batch was stored.");
            }
        }
    }

    private Values Of(long time) => _byEvent.TryGetValue(time, out var values) ? values : _byEvent[time] = new Values();

    /// <summary>The values an event time has had.</summary>
    private sealed class Values
    {
        private readonly List<double> _all = [];

        public int Next { get; private set; }

        public void Add(int revision, double value)
        {
            _all.Add(value);
            Next = Math.Max(Next, revision + 1);
        }

        public bool Has(double value) => _all.Contains(value);
    }
}
