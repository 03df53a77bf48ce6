using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Storage;
using Sequence.Data;
using Sequence.Numerics;

namespace Sequence.Tests;

/// <summary>
/// Kills the daemon at random moments while clients append, starts it again and compares what it has with what it had
/// acknowledged. A batch whose answer was lost is sent again after the restart, as a client would.
/// </summary>
internal sealed class KillRounds
{
    private static readonly DateTimeOffset First = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Two clients of one series meet in any order, so that its state is often replayed.
    private static readonly (string Series, string Model, int Phase, int Step)[] Clients =
    [
        ("stack", "checkpoint:stack", 0, 1), ("window", "checkpoint:window", 0, 1), ("naive", "seasonal-naive", 0, 1),
        ("shared", "checkpoint:stack", 0, 2), ("shared", "checkpoint:stack", 1, 2),
    ];

    private readonly string _folder;
    private readonly CounterRandom _random;
    private readonly Client[] _clients;

    public KillRounds(string folder, ulong seed)
    {
        _folder = folder;
        _random = new CounterRandom(seed);
        _clients = [.. Clients.Select((client, index) => new Client(client.Series, client.Phase, client.Step, new CounterRandom(seed + 1 + (ulong)index)))];
        SmallCheckpoints.WriteStack(folder, "stack");
        SmallCheckpoints.WriteWindow(folder, "window");
    }

    /// <summary>Runs the rounds, all on one data folder.</summary>
    public async Task<KillResult> RunAsync(int rounds)
    {
        var result = new KillResult();
        for (var round = 0; round < rounds; round++)
        {
            using var daemon = await StartAsync(result);
            using var http = new HttpClient { BaseAddress = daemon.Address };
            if (round == 0)
            {
                await CreateAsync(http);
            }

            await CheckAsync(http, result);
            var load = Task.WhenAll(_clients.Select(client => Task.Run(() => client.SendUntilFailureAsync(http, result))));
            await Task.Delay(TimeSpan.FromMilliseconds(100 + _random.NextInt(900)), TimeProvider.System);
            await daemon.KillAsync();
            await load;
        }

        using var last = await StartAsync(result);
        using var lastHttp = new HttpClient { BaseAddress = last.Address };
        await CheckAsync(lastHttp, result);
        result.Acknowledged = _clients.Sum(client => client.Acknowledged.Count);
        return result;
    }

    private static double Value(int day) => 100 + (10 * Math.Sin(day / 7.0)) + (day % 3);

    private static async Task CreateAsync(HttpClient http)
    {
        foreach (var (series, model, _, _) in Clients)
        {
            using var content = Json($$"""{"frequency":"D","model":"{{model}}"}""");
            using var response = await http.PutAsync($"/series/{series}", content);
            response.EnsureSuccessStatusCode();
        }
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private async Task<DaemonProcess> StartAsync(KillResult result)
    {
        var began = TimeProvider.System.GetTimestamp();
        var daemon = await DaemonProcess.StartAsync(_folder);
        var took = TimeProvider.System.GetElapsedTime(began);
        result.SlowestStart = took > result.SlowestStart ? took : result.SlowestStart;
        return daemon;
    }

    private async Task CheckAsync(HttpClient http, KillResult result)
    {
        foreach (var clients in _clients.GroupBy(client => client.Series))
        {
            var stored = await ReadAsync(http, clients.Key);
            var days = stored.Select(row => (int)(row.Time - First).TotalDays).ToHashSet();
            result.Lost += clients.Sum(client => client.Acknowledged.Count(day => !days.Contains(day)));
            result.Duplicated += stored.Count - days.Count + stored.Count(row => row.Revision > 0);
            result.Foreign += stored.Count(row => !row.Value.Equals(Value((int)(row.Time - First).TotalDays)))
                + days.Except(clients.SelectMany(client => client.Acknowledged.Concat(client.Waiting))).Count();
            result.UnansweredButStored += clients.Count(client => client.Waiting.Count > 0 && client.Waiting.All(days.Contains));
            var state = (await GetAsync(http, $"/series/{clients.Key}")).GetProperty("state");
            result.StatesUnlikeReplay += Replay(clients.Key, days) == state.GetProperty("stateHash").GetString() ? 0 : 1;
            if (clients.Count() == 1 && clients.Single() is { LastReceipt: { } receipt } only)
            {
                result.ReceiptsUnlikeReplay += Replay(clients.Key, only.Acknowledged) == receipt ? 0 : 1;
            }
        }
    }

    private string Replay(string series, IEnumerable<int> days)
    {
        var model = Clients.First(client => client.Series == series).Model;
        var state = new ModelShelf(Path.Combine(_folder, "models"))
            .Start(new SeriesDefinition(series, new Frequency(FrequencyUnit.Day), model, 1, [80, 95]));
        foreach (var day in days.Order())
        {
            state.Observe(First.AddDays(day), Value(day));
        }

        return state.Hash();
    }

    private static async Task<JsonElement> GetAsync(HttpClient http, string path) =>
        JsonDocument.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative))).RootElement;

    private static async Task<List<(DateTimeOffset Time, double Value, int Revision)>> ReadAsync(HttpClient http, string series)
    {
        List<(DateTimeOffset, double, int)> rows = [];
        for (string? after = string.Empty; after is not null;)
        {
            var page = await GetAsync(http, $"/series/{series}/observations?limit=10000{after}");
            rows.AddRange(page.GetProperty("observations").EnumerateArray().Select(row => (
                row.GetProperty("time").GetDateTimeOffset(), row.GetProperty("value").GetDouble(), row.GetProperty("revision").GetInt32())));
            after = page.GetProperty("after").GetString() is { } last ? $"&after={Uri.EscapeDataString(last)}" : null;
        }

        return rows;
    }

    /// <summary>Sends every step-th day from its phase on, in batches.</summary>
    private sealed class Client(string series, int phase, int step, CounterRandom random)
    {
        private int _next = phase;

        public string Series => series;

        public HashSet<int> Acknowledged { get; } = [];

        /// <summary>Days of the batch that was sent and not answered.</summary>
        public List<int> Waiting { get; } = [];

        public string? LastReceipt { get; private set; }

        public async Task SendUntilFailureAsync(HttpClient http, KillResult result)
        {
            while (true)
            {
                while (Waiting.Count == 0 || random.NextInt(10) > 0)
                {
                    Waiting.Add(_next);
                    _next += step;
                }

                var rows = Waiting.Select(day => string.Create(
                    CultureInfo.InvariantCulture, $$"""{"time":"{{First.AddDays(day):yyyy-MM-dd}}T00:00:00Z","value":{{Value(day):R}}}"""));
                try
                {
                    using var content = Json($"[{string.Join(',', rows)}]");
                    using var response = await http.PostAsync($"/series/{series}/observations", content);
                    var body = await response.Content.ReadAsStringAsync();
                    if (!response.IsSuccessStatusCode)
                    {
                        throw new InvalidOperationException($"{(int)response.StatusCode}: {body}");
                    }

                    LastReceipt = JsonDocument.Parse(body).RootElement.GetProperty("stateHash").GetString();
                    Acknowledged.UnionWith(Waiting);
                    Waiting.Clear();
                }
                catch (Exception error) when (error is HttpRequestException or IOException)
                {
                    lock (result)
                    {
                        result.Unanswered++;
                    }

                    return;
                }
            }
        }
    }
}
