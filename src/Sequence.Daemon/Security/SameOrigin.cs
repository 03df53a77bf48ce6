using Microsoft.AspNetCore.Http;

namespace Sequence.Daemon.Security;

/// <summary>
/// Whether a request that carries a cookie may change something: the browser says of every such request which origin sent it,
/// and a page of another must not make use of the cookie.
/// </summary>
internal static class SameOrigin
{
    public static bool Allows(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || IsOwn(request);

    /// <summary>Whether the origin is given and is this host. The scheme may differ: a proxy may speak TLS in our place.</summary>
    public static bool IsOwn(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin)
        && origin.Scheme is "http" or "https"
        && string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
