namespace Sequence.Daemon.Registry;

/// <summary>The newest pairs of errors of one series, of one champion and one other version.</summary>
/// <param name="champion">The champion's version.</param>
/// <param name="most">How many pairs are kept.</param>
internal sealed class ShadowScores(string champion, int most)
{
    public const int MostPairs = 1000;

    private readonly Queue<ScorePair> _pairs = new();
    private DateTimeOffset? _last;

    public string Champion => champion;

    public IReadOnlyCollection<ScorePair> Pairs => _pairs;

    public static ShadowScores Read(byte[] body, int most = MostPairs)
    {
        using var reader = new BinaryReader(new MemoryStream(body, writable: false));
        var scores = new ShadowScores(reader.ReadString(), most);
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            scores.Add(new ScorePair(new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero), reader.ReadDouble(), reader.ReadDouble()));
        }

        return scores;
    }

    /// <summary>Adds a pair of a later event time; one of a time that is known is passed over.</summary>
    public void Add(ScorePair pair)
    {
        if (pair.Time <= _last)
        {
            return;
        }

        _last = pair.Time;
        _pairs.Enqueue(pair);
        if (_pairs.Count > most)
        {
            _pairs.Dequeue();
        }
    }

    public byte[] Write()
    {
        using var body = new MemoryStream();
        using (var writer = new BinaryWriter(body))
        {
            writer.Write(champion);
            writer.Write(_pairs.Count);
            foreach (var pair in _pairs)
            {
                writer.Write(pair.Time.UtcTicks);
                writer.Write(pair.Champion);
                writer.Write(pair.Other);
            }
        }

        return body.ToArray();
    }
}
