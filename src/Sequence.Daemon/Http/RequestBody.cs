using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Sequence.Daemon.Http;

/// <summary>Reads what a request sends and names.</summary>
internal static class RequestBody
{
    public const string Json = "application/json";

    private static readonly TimeSpan LongestSending = TimeSpan.FromSeconds(30);

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        MaxDepth = 6,
    };

    /// <summary>Reads a JSON object that has no field unknown to <typeparamref name="T"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="example">A right body, for the refusal.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DaemonException">The body is no such object.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, string example, CancellationToken cancellationToken)
        where T : class
    {
        RequireType(request, Json);
        try
        {
            return await InTimeAsync(token => JsonSerializer.DeserializeAsync<T>(request.Body, Strict, token).AsTask(), cancellationToken) ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            throw new DaemonException(
                DaemonFault.Invalid,
                $"The body cannot be read{(error.Path is null ? string.Empty : $" (at {error.Path})")}; give for example {example}.",
                error);
        }
    }

    /// <summary>
    /// Reads of a body within a time: the server's own limit is a mean rate, which a client that began fast could sit out for
    /// hours.
    /// </summary>
    /// <exception cref="BadHttpRequestException">The client did not send in that time.</exception>
    public static async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestSending);
        try
        {
            return await read(limit.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BadHttpRequestException(
                $"The body did not come within {LongestSending.TotalSeconds:F0} s; send less at once.", StatusCodes.Status408RequestTimeout, error);
        }
        catch (IOException error) when (error is not BadHttpRequestException)
        {
            throw new BadHttpRequestException($"The body cannot be read: {error.Message}", StatusCodes.Status400BadRequest, error);
        }
    }

    /// <summary>The media type, which must be one that a page in a browser cannot send unasked.</summary>
    public static string RequireType(HttpRequest request, params ReadOnlySpan<string> types)
    {
        var type = request.ContentType?.Split(';')[0].Trim() ?? string.Empty;
        foreach (var one in types)
        {
            if (string.Equals(one, type, StringComparison.OrdinalIgnoreCase))
            {
                return one;
            }
        }

        throw new BadHttpRequestException(
            $"The Content-Type is '{type}'; give {string.Join(" or ", types.ToArray())}.", StatusCodes.Status415UnsupportedMediaType);
    }
}
