using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Sequence.Benchmarks.Daemon;

/// <summary>
/// Clients of a cluster, one a series. Each sends batches of the next seconds to one node, and the same batch to the next node
/// when it is refused or not answered, until it is acknowledged.
/// </summary>
internal sealed class ClusterLoad : IDisposable
{
    private const int BatchSize = 50;

    private static readonly DateTimeOffset First = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(40) };
    private readonly string _name;
    private readonly Func<IReadOnlyList<Uri>> _nodes;
    private readonly int[] _acknowledged;

    public ClusterLoad(string name, int series, Func<IReadOnlyList<Uri>> nodes)
    {
        _name = name;
        _acknowledged = new int[series];
        _nodes = nodes;
    }

    /// <summary>Observations acknowledged so far.</summary>
    public long Acknowledged => _acknowledged.Sum(seconds => (long)seconds);

    public async Task CreateAsync()
    {
        for (var series = 0; series < _acknowledged.Length; series++)
        {
            using var content = Json("""{"frequency":"S","model":"checkpoint:stack"}""");
            using var response = await _http.PutAsync(new Uri(_nodes()[0], $"/series/{_name}-{series}"), content);
            response.EnsureSuccessStatusCode();
        }
    }

    /// <summary>What a load from now on fills.</summary>
    public ClusterLoadResult Begin() => new(_acknowledged.Length);

    /// <summary>Sends until it is asked to stop and the last batch of each is acknowledged.</summary>
    public Task RunAsync(ClusterLoadResult result, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, _acknowledged.Length).Select(series => Task.Run(() => SendAsync(series, result, stop), CancellationToken.None)));

    /// <summary>Compares what a node has with what was acknowledged.</summary>
    public async Task<(long Lost, long Duplicated, long Foreign)> CheckAsync()
    {
        var (lost, duplicated, foreign) = (0L, 0L, 0L);
        for (var series = 0; series < _acknowledged.Length; series++)
        {
            HashSet<int> seconds = [];
            for (string? after = string.Empty; after is not null;)
            {
                var page = JsonDocument.Parse(await _http.GetStringAsync(new Uri(_nodes()[0], $"/series/{_name}-{series}/observations?limit=10000{after}"))).RootElement;
                foreach (var row in page.GetProperty("observations").EnumerateArray())
                {
                    var second = (int)(row.GetProperty("time").GetDateTimeOffset() - First).TotalSeconds;
                    duplicated += seconds.Add(second) && row.GetProperty("revision").GetInt32() == 0 ? 0 : 1;
                    foreign += row.GetProperty("value").GetDouble().Equals(Value(second)) ? 0 : 1;
                }

                after = page.GetProperty("after").GetString() is { } last ? $"&after={Uri.EscapeDataString(last)}" : null;
            }

            lost += Enumerable.Range(0, _acknowledged[series]).Count(second => !seconds.Contains(second));
            foreign += seconds.Count(second => second >= _acknowledged[series]);
        }

        return (lost, duplicated, foreign);
    }

    public void Dispose() => _http.Dispose();

    private static double Value(int second) => 100 + (10 * Math.Sin(second / 7.0)) + (second % 3);

    private static StringContent Json(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private async Task SendAsync(int series, ClusterLoadResult result, CancellationToken stop)
    {
        var node = series;
        while (!stop.IsCancellationRequested)
        {
            var rows = Enumerable.Range(_acknowledged[series], BatchSize).Select(second => string.Create(
                CultureInfo.InvariantCulture, $$"""{"time":"{{First.AddSeconds(second):yyyy-MM-ddTHH:mm:ss}}Z","value":{{Value(second):R}}}"""));
            var body = $"[{string.Join(',', rows)}]";
            while (!await TryAsync(series, node, body, result))
            {
                node++;
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }

            _acknowledged[series] += BatchSize;
            result.Acknowledge(series, BatchSize);
        }
    }

    private async Task<bool> TryAsync(int series, int node, string body, ClusterLoadResult result)
    {
        try
        {
            var nodes = _nodes();
            using var content = Json(body);
            using var response = await _http.PostAsync(new Uri(nodes[node % nodes.Count], $"/series/{_name}-{series}/observations"), content);
            if (response.IsSuccessStatusCode)
            {
                return true;
            }

            result.Refuse($"{(int)response.StatusCode} {JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString()}");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException)
        {
            result.Refuse(error.GetType().Name);
        }

        return false;
    }
}
