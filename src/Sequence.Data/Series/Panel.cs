using System.Collections;

namespace Sequence.Data;

/// <summary>Several series, each under its own identifier, in a fixed order.</summary>
public sealed class Panel : IReadOnlyList<TimeSeries>
{
    private readonly TimeSeries[] _series;
    private readonly Dictionary<string, TimeSeries> _byId = new(StringComparer.Ordinal);

    /// <summary>Creates a panel.</summary>
    /// <exception cref="DataFormatException">Two series share an identifier.</exception>
    public Panel(IEnumerable<TimeSeries> series)
    {
        _series = series.ToArray();
        foreach (var one in _series)
        {
            if (!_byId.TryAdd(one.Id, one))
            {
                throw new DataFormatException($"The panel holds two series with the identifier '{one.Id}'.");
            }
        }
    }

    /// <inheritdoc />
    public int Count => _series.Length;

    /// <inheritdoc />
    public TimeSeries this[int index] => _series[index];

    /// <summary>The series with this identifier.</summary>
    /// <exception cref="DataFormatException">There is none.</exception>
    public TimeSeries this[string id] => _byId.TryGetValue(id, out var series)
        ? series
        : throw new DataFormatException($"The panel has no series '{id}'. It has: {string.Join(", ", _byId.Keys.Take(20))}.");

    /// <inheritdoc />
    public IEnumerator<TimeSeries> GetEnumerator() => ((IEnumerable<TimeSeries>)_series).GetEnumerator();

    /// <inheritdoc />
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
