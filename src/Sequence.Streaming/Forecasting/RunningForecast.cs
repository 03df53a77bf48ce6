using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using Sequence.Data;
using Sequence.Data.Scalers;

namespace Sequence.Streaming;

/// <summary>
/// A checkpoint's model running along one series: each observation costs one step of its plan, and nothing of the past is
/// kept but the state. Not thread-safe; the model behind it is, and serves any number of these.
/// </summary>
/// <remarks>
/// A stack (S4D and its kin) carries its state from the first observation on, so its context is everything observed. Models
/// over windows keep the window and forecast once it is full. After exactly look-back observations both equal the forecast of
/// the window.
/// </remarks>
public sealed class RunningForecast
{
    private const int StateVersion = 1;

    private readonly StreamingModel _model;
    private readonly Scaler _scaler;
    private readonly StepPlan _plan;
    private readonly float[] _state;
    private readonly float[] _output;
    private readonly double[] _values;

    internal RunningForecast(StreamingModel model, string series, Scaler scaler)
    {
        _model = model;
        _scaler = scaler;
        _plan = model.Plan.Running;
        _state = _plan.CreateState();
        _output = new float[_plan.OutputSize];
        _values = new double[scaler.Lag + 1];
        Series = series;
    }

    /// <summary>Identifier of the series.</summary>
    public string Series { get; }

    /// <summary>Observations taken.</summary>
    public long Count { get; private set; }

    /// <summary>Whether there is a forecast: windows have to be full first, differences need two values.</summary>
    public bool IsReady => Count > _scaler.Lag && !float.IsNaN(_output[0]);

    private int Length =>
        sizeof(int) + sizeof(long) + (sizeof(double) * _values.Length) + (sizeof(float) * (_state.Length + _output.Length)) + sizeof(uint);

    /// <summary>Takes the next observation. Allocates nothing.</summary>
    /// <param name="value">In the units of the series.</param>
    /// <exception cref="ModelException">
    /// The value is not finite, or becomes so when scaled; the stream is then as before.
    /// </exception>
    /// <exception cref="DataFormatException">
    /// The value cannot be scaled (a log-return of a value at or below 0); the stream is then as before.
    /// </exception>
    public void Observe(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ModelException(
                $"Observation {Count} of series '{Series}' is {value}. Fill missing values before they are observed.");
        }

        Span<double> values = stackalloc double[_values.Length];
        _values.AsSpan(1).CopyTo(values);
        values[^1] = value;
        Span<double> scaled = stackalloc double[1];
        if (Count < _scaler.Lag)
        {
            // Nothing to compare it with yet, but a value that cannot be scaled is refused all the same.
            values.Fill(value);
            _scaler.Transform(values, scaled);
        }
        else
        {
            _scaler.Transform(values, scaled);
            var input = (float)scaled[0];
            if (!float.IsFinite(input))
            {
                throw new ModelException(
                    $"Observation {Count} of series '{Series}', {value}, becomes {scaled[0]} when scaled by " +
                    $"{_scaler.GetType().Name}.");
            }

            _plan.Step(new ReadOnlySpan<float>(in input), _state, _output);
        }

        values.CopyTo(_values);
        Count++;
    }

    /// <summary>The forecasts from the last observation on.</summary>
    /// <returns>Point forecasts in the units of the series, [horizon].</returns>
    /// <exception cref="ModelException">There is none yet, see <see cref="IsReady"/>.</exception>
    public double[] Forecast()
    {
        if (!IsReady)
        {
            throw new ModelException(
                $"After {Count} observations of series '{Series}' model '{_model.Manifest.Name}' has no forecast yet; it needs " +
                $"{_model.Architecture.LookBack + _scaler.Lag}.");
        }

        var mean = Array.ConvertAll(_output, value => (double)value);
        _scaler.Invert(mean, _values[^1], mean);
        return mean;
    }

    /// <summary>
    /// Writes all that the forecasts depend on besides the model, so that two runs along the same series can be compared
    /// byte by byte, and that one can go on from it later.
    /// </summary>
    /// <param name="writer">
    /// Takes, little-endian: the version of this format (int32), the observations taken (int64), the last values of the series
    /// that the scaler compares with (float64), the state of the plan (float32), its last output (float32), and a CRC-32C
    /// (uint32) of all this, the model's content hash and the series' identifier.
    /// </param>
    public void WriteState(IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var bytes = writer.GetSpan(Length)[..Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, StateVersion);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[sizeof(int)..], Count);
        var place = sizeof(int) + sizeof(long);
        foreach (var value in _values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes[place..], value);
            place += sizeof(double);
        }

        foreach (var values in (ReadOnlySpan<float[]>)[_state, _output])
        {
            foreach (var value in values)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes[place..], value);
                place += sizeof(float);
            }
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes[place..], Checksum(bytes[..place]));
        writer.Advance(Length);
    }

    /// <summary>Goes on from a state that was written: from here on, every forecast is that of the run that wrote it, to the last bit.</summary>
    /// <param name="bytes">What <see cref="WriteState"/> wrote for the same checkpoint and series.</param>
    /// <exception cref="ModelException">
    /// The state is of another version or length, damaged, or of another checkpoint or series; the stream is then as before.
    /// </exception>
    public void ReadState(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= sizeof(int) && BinaryPrimitives.ReadInt32LittleEndian(bytes) is var version && version != StateVersion)
        {
            throw new ModelException(
                $"The state of series '{Series}' has version {version}; this program reads version {StateVersion}. Observe the series again.");
        }

        if (bytes.Length != Length)
        {
            throw new ModelException(
                $"The state of series '{Series}' has {bytes.Length} bytes; model '{_model.Manifest.Name}' writes {Length}. It was cut, or " +
                "is of another model; observe the series again.");
        }

        var end = Length - sizeof(uint);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[end..]) != Checksum(bytes[..end]))
        {
            throw new ModelException(
                $"The state of series '{Series}' is damaged, or is not of this checkpoint of model '{_model.Manifest.Name}' and this series; " +
                "observe the series again.");
        }

        Count = BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(int)..]);
        var place = sizeof(int) + sizeof(long);
        foreach (ref var value in _values.AsSpan())
        {
            value = BinaryPrimitives.ReadDoubleLittleEndian(bytes[place..]);
            place += sizeof(double);
        }

        foreach (var values in (ReadOnlySpan<float[]>)[_state, _output])
        {
            foreach (ref var value in values.AsSpan())
            {
                value = BinaryPrimitives.ReadSingleLittleEndian(bytes[place..]);
                place += sizeof(float);
            }
        }
    }

    private uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = uint.MaxValue;
        foreach (var letter in _model.Manifest.Sha256)
        {
            checksum = BitOperations.Crc32C(checksum, letter);
        }

        foreach (var letter in Series)
        {
            checksum = BitOperations.Crc32C(checksum, letter);
        }

        foreach (var value in bytes)
        {
            checksum = BitOperations.Crc32C(checksum, value);
        }

        return ~checksum;
    }
}
