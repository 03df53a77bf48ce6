using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Sequence.Tests;

/// <summary>
/// Sends hostile requests to a daemon over plain sockets, several at a time, while one well-behaved client goes on appending
/// to a series of its own.
/// </summary>
internal sealed class HostileRun : IDisposable
{
    private const int AtOnce = 128;
    private const int MostStalled = 100;

    private readonly Uri _address;
    private readonly TimeSpan _patience;
    private readonly HttpClient _http;
    private readonly ConcurrentQueue<Socket> _stalled = new();
    private readonly ConcurrentDictionary<(string Kind, string Answer), int> _answers = new();
    private int _appended;

    /// <param name="address">Where the daemon listens.</param>
    /// <param name="patience">How long an answer is waited for: a request that is not whole is answered only at the daemon's limits.</param>
    public HostileRun(Uri address, TimeSpan patience)
    {
        _address = address;
        _patience = patience;
        _http = new HttpClient { BaseAddress = address };
    }

    /// <summary>How often each kind of request was answered how: a status, "closed" or "no answer".</summary>
    public IReadOnlyDictionary<(string Kind, string Answer), int> Answers => _answers;

    /// <summary>Appends of the good client that were acknowledged.</summary>
    public int Appended => _appended;

    /// <summary>What went wrong with the good client; empty when nothing did.</summary>
    public ConcurrentQueue<string> GoodClientFaults { get; } = new();

    /// <summary>Sends them; the same seed sends the same.</summary>
    public async Task SendAsync(ulong seed, int count, CancellationToken cancellationToken = default)
    {
        using var description = JsonDocument.Parse(await _http.GetStringAsync("/openapi/v1.json", cancellationToken));
        var operations = description.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (operation.Name.ToUpperInvariant(), path.Name)))

            // A feed of events has no end.
            .Where(operation => !operation.Item2.EndsWith("events", StringComparison.Ordinal)).ToArray();
        await PutAsync("good");
        await PutAsync("steady");
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var steady = AppendSteadilyAsync(done.Token);
        var requests = new HostileRequests(seed, operations);
        using var places = new SemaphoreSlim(AtOnce);
        List<Task> sent = [];
        for (var index = 0; index < count; index++)
        {
            await places.WaitAsync(cancellationToken);
            var request = requests.Next();
            sent.Add(Task.Run(
                async () =>
                {
                    try
                    {
                        var answer = await AnswerAsync(request);
                        _answers.AddOrUpdate((request.Kind, answer), 1, (_, before) => before + 1);
                    }
                    finally
                    {
                        places.Release();
                    }
                },
                cancellationToken));
        }

        await Task.WhenAll(sent);
        await done.CancelAsync();
        await steady;
    }

    public void Dispose()
    {
        while (_stalled.TryDequeue(out var socket))
        {
            socket.Dispose();
        }

        _http.Dispose();
    }

    private async Task PutAsync(string id)
    {
        using var content = new StringContent("""{"frequency":"D","model":"persistence"}""", Encoding.UTF8, "application/json");
        (await _http.PutAsync($"/series/{id}", content)).EnsureSuccessStatusCode();
    }

    private async Task AppendSteadilyAsync(CancellationToken stop)
    {
        var first = new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);
        while (!stop.IsCancellationRequested)
        {
            var body = string.Create(CultureInfo.InvariantCulture, $$"""[{"time":"{{first.AddDays(_appended):yyyy-MM-dd}}T00:00:00Z","value":{{_appended}}}]""");
            try
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var answer = await _http.PostAsync("/series/steady/observations", content, CancellationToken.None);
                if (answer.IsSuccessStatusCode)
                {
                    _appended++;
                }
                else
                {
                    GoodClientFaults.Enqueue($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
                }
            }
            catch (HttpRequestException fault)
            {
                GoodClientFaults.Enqueue(fault.Message);
            }
        }
    }

    private async Task<string> AnswerAsync(HostileRequest request)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, _address.Port);
            if (request.Ending == Ending.Stall)
            {
                await socket.SendAsync(request.Bytes);
                _stalled.Enqueue(socket);
                while (_stalled.Count > MostStalled && _stalled.TryDequeue(out var oldest))
                {
                    oldest.Dispose();
                }

                return "stalled";
            }

            // A daemon that has refused may close before all is sent; its answer can be there all the same.
            var sending = SendAllAsync(socket, request);
            if (request.Ending == Ending.HangUp)
            {
                await sending;
                socket.Dispose();
                return "hung up";
            }

            var answer = await StatusAsync(socket);
            socket.Dispose();
            await sending;
            return answer;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return "closed";
        }
    }

    private static async Task SendAllAsync(Socket socket, HostileRequest request)
    {
        try
        {
            await socket.SendAsync(request.Bytes);
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The daemon would not have the rest.
        }
    }

    private async Task<string> StatusAsync(Socket socket)
    {
        var buffer = new byte[16];
        var read = 0;
        using var limit = new CancellationTokenSource(_patience);
        try
        {
            while (read < 12)
            {
                var more = await socket.ReceiveAsync(buffer.AsMemory(read), limit.Token);
                if (more == 0)
                {
                    return "closed";
                }

                read += more;
            }
        }
        catch (OperationCanceledException)
        {
            return "no answer";
        }

        return Encoding.ASCII.GetString(buffer, 9, 3);
    }
}
