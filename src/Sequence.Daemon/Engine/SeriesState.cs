using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Watching;
using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Daemon.Engine;

/// <summary>
/// What a series' forecasts are made from: the newest rows, and what else the model carries. A function of the model and of
/// the observations taken, in the order of their event times, and of nothing else. Not thread-safe.
/// </summary>
internal abstract class SeriesState
{
    // One more whenever what is written, or what it means, changes.
    private const int Format = 1;

    // Ticks of UTC: half of what a time with its offset takes, and a daemon holds many states.
    private readonly Queue<(long Ticks, double Value)> _newest = new();
    private readonly int _rows;

    /// <param name="definition">The series.</param>
    /// <param name="modelVersion">Tells this model from any other.</param>
    /// <param name="rows">How many of the newest rows are kept.</param>
    protected SeriesState(SeriesDefinition definition, string modelVersion, int rows)
    {
        Definition = definition;
        ModelVersion = modelVersion;
        _rows = rows;
    }

    public SeriesDefinition Definition { get; }

    public string ModelVersion { get; }

    /// <summary>How many of the newest observations make this state anew; null when it takes all of them.</summary>
    public abstract int? RowsToReplay { get; }

    /// <summary>Observations that the model refused. They are kept in the store and are no part of the state.</summary>
    public long Refused { get; private set; }

    /// <summary>Why it refused the last of them.</summary>
    public string? LastRefusal { get; private set; }

    /// <summary>Event time of the last observation given, whether taken or refused; null before the first.</summary>
    public DateTimeOffset? LastEventTime { get; private set; }

    /// <summary>What it forecasts of the next observation; null when it has no forecast yet, or makes none by the way.</summary>
    public virtual double? NextValue => null;

    /// <summary>Takes the next observation in the order of event times.</summary>
    public void Observe(DateTimeOffset time, double value)
    {
        LastEventTime = time;
        try
        {
            Take(value);
        }
        catch (SequenceException refusal)
        {
            Refused++;
            LastRefusal = $"{time:O}: {refusal.Message}";
            return;
        }

        // In this order the queue never has to grow beyond its rows.
        if (_newest.Count == _rows)
        {
            _newest.Dequeue();
        }

        _newest.Enqueue((time.UtcTicks, value));
    }

    /// <summary>SHA-256, in lower-case hex, of the version of the model, the newest rows and what the model carries.</summary>
    public string Hash()
    {
        var bytes = new ArrayBufferWriter<byte>((16 * _newest.Count) + 256);
        bytes.Write(System.Text.Encoding.UTF8.GetBytes(ModelVersion));
        foreach (var (ticks, value) in _newest)
        {
            var row = bytes.GetSpan(16);
            BinaryPrimitives.WriteInt64LittleEndian(row, ticks);
            BinaryPrimitives.WriteDoubleLittleEndian(row[8..], value);
            bytes.Advance(16);
        }

        WriteCarried(bytes);
        return Convert.ToHexStringLower(SHA256.HashData(bytes.WrittenSpan));
    }

    /// <summary>Rows that are kept.</summary>
    protected int Count => _newest.Count;

    /// <summary>How the model reads the series.</summary>
    public virtual ModelReading Reading => ModelReading.Plain;

    /// <summary>The highest level that intervals this many steps ahead can be given now; null when there are none.</summary>
    public abstract double? WidestLevel(int horizon);

    /// <summary>Writes the state, for a snapshot.</summary>
    public byte[] Write()
    {
        var carried = new ArrayBufferWriter<byte>();
        WriteCarried(carried);
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write(_rows);
        writer.Write(LastEventTime?.UtcTicks ?? -1);
        writer.Write(Refused);
        writer.Write(LastRefusal ?? string.Empty);
        writer.Write(_newest.Count);
        foreach (var (ticks, value) in _newest)
        {
            writer.Write(ticks);
            writer.Write(value);
        }

        writer.Write(carried.WrittenSpan);
        writer.Flush();
        return SealedBody.Seal(Format, content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    /// <summary>Goes on from a state that was written.</summary>
    /// <exception cref="SequenceException">
    /// It is damaged, of another version of the format, or of another model or series; this state is then as before.
    /// </exception>
    public void Read(byte[] body)
    {
        var content = SealedBody.Open(Format, body);
        using var reader = new BinaryReader(new MemoryStream(content));
        if (reader.ReadInt32() is var rows && rows != _rows)
        {
            throw new DataFormatException($"It keeps {rows} rows; this model keeps {_rows}.");
        }

        var last = reader.ReadInt64();
        var refused = reader.ReadInt64();
        var refusal = reader.ReadString();
        var newest = new (long, double)[reader.ReadInt32()];
        foreach (ref var row in newest.AsSpan())
        {
            row = (reader.ReadInt64(), reader.ReadDouble());
        }

        // The only part that may still be refused; what comes after it cannot fail.
        ReadCarried(content.AsSpan((int)reader.BaseStream.Position));
        LastEventTime = last < 0 ? null : new DateTimeOffset(last, TimeSpan.Zero);
        Refused = refused;
        LastRefusal = refused == 0 ? null : refusal;
        _newest.Clear();
        Array.ForEach(newest, _newest.Enqueue);
    }

    /// <summary>
    /// Forecasts from the last observation taken before this was called. Only a model of a worker process takes its time; observations
    /// may go on meanwhile.
    /// </summary>
    /// <param name="horizon">Steps ahead.</param>
    /// <param name="levels">Promised coverage of the intervals in percent.</param>
    /// <param name="effectiveLevels">The level that the calibration is asked at for each, in the same order.</param>
    /// <exception cref="SequenceException">
    /// Too little was observed yet, the model does not reach that far, or what it says is not finite.
    /// </exception>
    public async ValueTask<Forecast> ForecastAsync(int horizon, IReadOnlyList<double> levels, IReadOnlyList<double> effectiveLevels)
    {
        if (_newest.Count == 0)
        {
            throw new DaemonException(DaemonFault.Conflict, $"Series '{Definition.Id}' has no observations to forecast from; send some first.");
        }

        var newest = new TimeSeries(
            Definition.Id,
            Definition.Frequency,
            _newest.Select(row => new DateTimeOffset(row.Ticks, TimeSpan.Zero)).ToArray(),
            _newest.Select(row => row.Value).ToArray());
        var forecast = await ForecastAsync(newest, horizon, levels, effectiveLevels);
        return forecast.Mean.All(double.IsFinite) && forecast.Intervals.All(one => one.Lower.All(double.IsFinite) && one.Upper.All(double.IsFinite))
            ? forecast
            : throw new ModelException(
                $"Model '{Definition.Model}' says something that is not finite about series '{Definition.Id}'; look for values out of all " +
                "proportion among its last observations and correct them.");
    }

    protected abstract void Take(double value);

    protected abstract void WriteCarried(IBufferWriter<byte> writer);

    /// <summary>Takes what <see cref="WriteCarried"/> wrote, all or nothing.</summary>
    protected abstract void ReadCarried(ReadOnlySpan<byte> bytes);

    protected abstract ValueTask<Forecast> ForecastAsync(
        TimeSeries newest, int horizon, IReadOnlyList<double> levels, IReadOnlyList<double> effectiveLevels);
}
