using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Sequence.Daemon.Registry;

namespace Sequence.Daemon.Tests;

/// <summary>Small checkpoints as versions of a model.</summary>
internal static class Versions
{
    /// <summary>The files of a small checkpoint.</summary>
    public static Dictionary<string, byte[]> Files(ulong seed, string frequency = "D")
    {
        using var folder = new TemporaryFolder();
        return CheckpointArchive.ReadFolder(SmallCheckpoints.WriteStack(folder.Path, "m", seed, frequency), 1 << 20);
    }

    /// <summary>Uploads a small checkpoint.</summary>
    /// <returns>Its version.</returns>
    public static async Task<string> UploadAsync(this RunningDaemon daemon, string model, ulong seed)
    {
        var answer = await daemon.SendArchiveAsync(model, CheckpointArchive.Write(Files(seed)));
        return answer.Json().GetProperty("version").GetString()!;
    }

    public static async Task<RunningDaemon.Answer> SendArchiveAsync(this RunningDaemon daemon, string model, byte[] archive, string type = "application/x-tar")
    {
        using var content = new ByteArrayContent(archive);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var response = await daemon.Client.PutAsync($"/models/{model}/versions", content);
        return new RunningDaemon.Answer(response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public static Task<RunningDaemon.Answer> AliasAsync(this RunningDaemon daemon, string model, string alias, string version) =>
        daemon.SendAsync(HttpMethod.Put, $"/models/{model}/aliases/{alias}", $$"""{"version":"{{version}}"}""");

    public static async Task<string> ForecastVersionAsync(this RunningDaemon daemon, string series) =>
        (await daemon.GetAsync($"/series/{series}/forecast")).GetProperty("modelVersion").GetString()!;

    /// <summary>Asks until the answer is as wanted.</summary>
    public static async Task<JsonElement> UntilAsync(this RunningDaemon daemon, string path, Func<JsonElement, bool> wanted)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            var answer = await daemon.SendAsync(HttpMethod.Get, path);
            if (answer.Status == HttpStatusCode.OK && wanted(answer.Json()))
            {
                return answer.Json();
            }

            Assert.IsLessThan(60, TimeProvider.System.GetElapsedTime(began).TotalSeconds, $"{path}: {answer.Body}");
            await Task.Delay(20);
        }
    }
}
