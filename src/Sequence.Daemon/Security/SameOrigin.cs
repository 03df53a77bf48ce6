using Microsoft.AspNetCore.Http;

namespace Sequence.Daemon.Security;

/// <summary>
/// Whether a request may change something: a browser says of every such request which origin sent it, and a page of another must make use
/// neither of a cookie nor of a daemon that asks for no key. Other programs say nothing of an origin, and carry no cookie unasked.
/// </summary>
internal static class SameOrigin
{
    public static bool Allows(HttpRequest request, bool hasCookie) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || IsOwn(request) || (request.Headers.Origin.Count == 0 && !hasCookie);

    /// <summary>Whether the origin is given and is this host. The scheme may differ: a proxy may speak TLS in our place.</summary>
    public static bool IsOwn(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin)
        && origin.Scheme is "http" or "https"
        && string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
