using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Sequence.Daemon.Tests;

/// <summary>Reads server-sent events of forecasts.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private EventReader(HttpResponseMessage response, IAsyncEnumerator<SseItem<string>> items)
    {
        _response = response;
        _items = items;
    }

    public static async Task<EventReader> OpenAsync(HttpClient client, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.AreEqual("text/event-stream", response.Content.Headers.ContentType?.MediaType, await ReasonAsync(response));
        var items = SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();

        // The first heartbeat says that the subscription stands.
        var reader = new EventReader(response, items);
        Assert.AreEqual("heartbeat", (await reader.NextAsync())?.EventType);
        return reader;
    }

    /// <summary>The next event, or null at the end.</summary>
    public async Task<SseItem<string>?> NextAsync() =>
        await _items.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20)) ? _items.Current : null;

    /// <summary>The next forecast.</summary>
    public async Task<(string? Id, JsonElement Data)> ForecastAsync()
    {
        SseItem<string> item;
        do
        {
            item = await NextAsync() ?? throw new AssertFailedException("The events ended.");
        }
        while (item.EventType == "heartbeat");

        Assert.AreEqual("forecast", item.EventType);
        return (_items.Current.EventId, JsonDocument.Parse(item.Data).RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        try
        {
            await _items.DisposeAsync();
        }
        catch (Exception error) when (error is IOException or HttpRequestException or ObjectDisposedException)
        {
            // The connection was cut.
        }
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response) =>
        response.IsSuccessStatusCode ? string.Empty : await response.Content.ReadAsStringAsync();
}
