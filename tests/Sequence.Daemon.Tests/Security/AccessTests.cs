using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Sequence.Daemon.Tests.Security;

[TestClass]
public sealed class AccessTests
{
    private static readonly string[] Open = ["GET /health/live", "GET /health/ready", "GET /sign-in", "POST /sign-in", "POST /sign-out"];

    private static TemporaryFolder _folder = null!;
    private static RunningDaemon _daemon = null!;
    private static Dictionary<KeyScopes, string> _keys = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        _folder = new TemporaryFolder();
        _keys = [];
        foreach (var scope in (KeyScopes[])[KeyScopes.Read, KeyScopes.Write, KeyScopes.Admin])
        {
            _keys[scope] = await new KeyFile(_folder.Path).AddAsync(scope.ToString(), scope, TimeProvider.System);
        }

        _daemon = await RunningDaemon.StartAsync(_folder.Path);
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await _daemon.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Every endpoint there is, whoever mapped it: none lets in a request that has no key, or lacks the scope.</summary>
    [TestMethod]
    public async Task Endpoint_OfAnyKind_AsksForAKeyOfItsScope()
    {
        var endpoints = _daemon.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToArray();
        Assert.IsGreaterThanOrEqualTo(12, endpoints.Length);
        HashSet<string> open = [];
        foreach (var endpoint in endpoints)
        {
            var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } named ? named : ["GET", "POST", "DELETE"];
            foreach (var method in methods)
            {
                var path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment =>
                    string.Concat(segment.Parts.Select(part => part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "v1"))));

                // Routing refuses other types than those an endpoint names, before it comes to that endpoint.
                var type = endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes[0];
                var status = await StatusAsync(method, path, null, type);
                if (Open.Contains($"{method} {path}"))
                {
                    open.Add($"{method} {path}");
                    Assert.AreNotEqual(HttpStatusCode.Unauthorized, status);
                    continue;
                }

                Assert.AreEqual(HttpStatusCode.Unauthorized, status, $"{method} {path} without a key");
                Assert.AreEqual(HttpStatusCode.Unauthorized, await StatusAsync(method, path, _keys[KeyScopes.Read] + "x", type), $"{method} {path}");
                Assert.AreEqual(HttpStatusCode.Unauthorized, await StatusAsync(method, path, string.Empty, type), $"{method} {path}");
                var needed = endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAuthorizeData>()?.Policy
                    ?? (method is "GET" or "HEAD" ? "read" : "write");
                var allowed = 0;
                foreach (var (scope, key) in _keys)
                {
                    var isAllowed = await StatusAsync(method, path, key, type) != HttpStatusCode.Forbidden;
                    Assert.AreEqual(string.Equals(scope.ToString(), needed, StringComparison.OrdinalIgnoreCase), isAllowed, $"{method} {path} with the scope {scope}");
                    allowed += isAllowed ? 1 : 0;
                }

                Assert.AreEqual(1, allowed, $"{method} {path}");
            }
        }

        CollectionAssert.AreEquivalent(Open, open.ToArray());
        Assert.AreEqual(HttpStatusCode.Unauthorized, await StatusAsync("GET", "/none", null));
        Assert.AreEqual(HttpStatusCode.NotFound, await StatusAsync("GET", "/none", _keys[KeyScopes.Read]));
    }

    [TestMethod]
    public async Task Refusal_IsAProblemAndSaysWhatToDo()
    {
        using var missing = await SendAsync("GET", "/series", null);
        Assert.AreEqual("Bearer", missing.Headers.WwwAuthenticate.ToString());
        Assert.AreEqual("application/problem+json", missing.Content.Headers.ContentType?.MediaType);
        Assert.Contains("sequence daemon key add", await missing.Content.ReadAsStringAsync());
        using var lacking = await SendAsync("GET", "/series", _keys[KeyScopes.Write]);
        var problem = JsonDocument.Parse(await lacking.Content.ReadAsStringAsync()).RootElement;
        Assert.AreEqual("The key 'Write' lacks the scope read, which this needs.", problem.GetProperty("detail").GetString());
    }

    [TestMethod]
    public async Task Key_AddedAndRemovedWhileRunning_CountsAtOnce()
    {
        var file = new KeyFile(_folder.Path);
        var key = await file.AddAsync("guest", KeyScopes.Read, TimeProvider.System);
        Assert.AreEqual(HttpStatusCode.OK, await StatusAsync("GET", "/series", key));
        await file.RemoveAsync("guest", TimeProvider.System);
        Assert.AreEqual(HttpStatusCode.Unauthorized, await StatusAsync("GET", "/series", key));
    }

    [TestMethod]
    public async Task LastKey_RemovedWhileRunning_LetsNobodyIn()
    {
        using var folder = new TemporaryFolder();
        await using var daemon = await RunningDaemon.StartAsync(folder.Path);
        Assert.AreEqual(HttpStatusCode.OK, (await daemon.SendAsync(HttpMethod.Get, "/series")).Status);
        var file = new KeyFile(folder.Path);
        var key = await file.AddAsync("a", KeyScopes.Read, TimeProvider.System);
        (await daemon.SendAsync(HttpMethod.Get, "/series")).Refused(HttpStatusCode.Unauthorized);
        daemon.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        Assert.AreEqual(HttpStatusCode.OK, (await daemon.SendAsync(HttpMethod.Get, "/series")).Status);
        Assert.AreEqual(0, await file.RemoveAsync("a", TimeProvider.System));
        (await daemon.SendAsync(HttpMethod.Get, "/series")).Refused(HttpStatusCode.Unauthorized);
        await File.WriteAllTextAsync(file.Path, "{");
        Assert.Contains("nobody gets in", (await daemon.SendAsync(HttpMethod.Get, "/series")).Refused(HttpStatusCode.ServiceUnavailable));
        Assert.AreEqual("ready", (await daemon.SendAsync(HttpMethod.Get, "/health/ready")).Body);
    }

    [TestMethod]
    public async Task LastKey_RemovedBeforeTheFirstRequest_LetsNobodyIn()
    {
        using var folder = new TemporaryFolder();
        var file = new KeyFile(folder.Path);
        await file.AddAsync("bootstrap", KeyScopes.Admin, TimeProvider.System);
        await using var daemon = await RunningDaemon.StartAsync(folder.Path);
        Assert.AreEqual(0, await file.RemoveAsync("bootstrap", TimeProvider.System));
        (await daemon.SendAsync(HttpMethod.Get, "/series")).Refused(HttpStatusCode.Unauthorized);
    }

    [TestMethod]
    [DataRow("http://elsewhere.example")]
    [DataRow("null")]
    public async Task Page_OfAnotherOrigin_ChangesNothingWithoutKeysEither(string origin)
    {
        using var folder = new TemporaryFolder();
        await using var daemon = await RunningDaemon.StartAsync(folder.Path);
        daemon.Client.DefaultRequestHeaders.Add("Origin", origin);
        Assert.Contains("another origin", (await daemon.SendAsync(HttpMethod.Post, "/models/m/rollback")).Refused(HttpStatusCode.Forbidden));
        Assert.AreEqual(HttpStatusCode.OK, (await daemon.SendAsync(HttpMethod.Get, "/series")).Status);
        daemon.Client.DefaultRequestHeaders.Remove("Origin");
        daemon.Client.DefaultRequestHeaders.Add("Origin", daemon.Client.BaseAddress!.GetLeftPart(UriPartial.Authority));
        (await daemon.SendAsync(HttpMethod.Post, "/models/m/rollback")).Refused(HttpStatusCode.NotFound);
    }

    [TestMethod]
    public async Task Browser_SignsInActsAndSignsOut()
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = _daemon.Client.BaseAddress };
        var own = _daemon.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        using var page = new HttpRequestMessage(HttpMethod.Get, "/series?limit=3");
        page.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        using var sent = await browser.SendAsync(page);
        Assert.AreEqual(HttpStatusCode.Redirect, sent.StatusCode);
        Assert.AreEqual("/sign-in?return=%2Fseries%3Flimit%3D3", sent.Headers.Location!.OriginalString);
        Assert.Contains("value=\"/series?limit=3\"", await browser.GetStringAsync(sent.Headers.Location));
        Assert.Contains("&quot;&gt;&lt;script", await browser.GetStringAsync("/sign-in?return=%22%3E%3Cscript%3E"));

        using var wrong = await EnterAsync("nonsense", own, "/series");
        Assert.AreEqual(HttpStatusCode.Forbidden, wrong.StatusCode);
        Assert.IsFalse(wrong.Headers.Contains("Set-Cookie"));
        using var foreign = await EnterAsync(_keys[KeyScopes.Write], "http://elsewhere.example", "/series");
        Assert.AreEqual(HttpStatusCode.Forbidden, foreign.StatusCode);
        using var away = await EnterAsync(_keys[KeyScopes.Write], own, "//elsewhere.example");
        Assert.AreEqual("/dashboard", away.Headers.Location!.OriginalString);

        // The key may write: with the cookie from our own page, and not from another.
        using var entered = await EnterAsync(_keys[KeyScopes.Write], own, "/series?limit=3");
        Assert.AreEqual(HttpStatusCode.SeeOther, entered.StatusCode);
        Assert.AreEqual("/series?limit=3", entered.Headers.Location!.OriginalString);
        Assert.AreEqual(HttpStatusCode.Created, await CreateAsync(own));
        Assert.AreEqual(HttpStatusCode.Forbidden, await CreateAsync("http://elsewhere.example"));
        Assert.AreEqual(HttpStatusCode.Forbidden, await CreateAsync("null"));
        Assert.AreEqual(HttpStatusCode.Forbidden, await CreateAsync(null));

        using var leave = new HttpRequestMessage(HttpMethod.Post, "/sign-out");
        leave.Headers.Add("Origin", own);
        using var left = await browser.SendAsync(leave);
        Assert.AreEqual("/sign-in", left.Headers.Location!.OriginalString);
        Assert.AreEqual(HttpStatusCode.Unauthorized, await CreateAsync(own));

        async Task<HttpResponseMessage> EnterAsync(string key, string origin, string back)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
            {
                Content = new FormUrlEncodedContent([new("key", key), new("return", back)]),
            };
            request.Headers.Add("Origin", origin);
            return await browser.SendAsync(request);
        }

        async Task<HttpStatusCode> CreateAsync(string? origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, "/series/browser")
            {
                Content = new StringContent("""{"frequency":"D","model":"drift"}""", new MediaTypeHeaderValue("application/json")),
            };
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }

            using var answer = await browser.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [TestMethod]
    public async Task Cookie_EndsWithItsKeyAndIsHeldBackFromScriptsAndOtherPages()
    {
        var file = new KeyFile(_folder.Path);
        var key = await file.AddAsync("visitor", KeyScopes.Read, TimeProvider.System);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = _daemon.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = new FormUrlEncodedContent([new("key", key)]) };
        request.Headers.Add("Origin", _daemon.Client.BaseAddress!.GetLeftPart(UriPartial.Authority));
        using var entered = await browser.SendAsync(request);
        var cookie = entered.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=strict", cookie);
        using (var allowed = await browser.GetAsync("/series"))
        {
            Assert.AreEqual(HttpStatusCode.OK, allowed.StatusCode);
        }

        await file.RemoveAsync("visitor", TimeProvider.System);
        using var refused = await browser.GetAsync("/series");
        Assert.AreEqual(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(string method, string path, string? key, string? type = null)
    {
        using var response = await SendAsync(method, path, key, type);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(string method, string path, string? key, string? type = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (type is not null)
        {
            request.Content = new StringContent("{}");
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        }

        return await _daemon.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
