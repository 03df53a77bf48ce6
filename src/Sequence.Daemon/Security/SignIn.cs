using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Sequence.Daemon.Security;

/// <summary>
/// Signing in with a key, for browsers: the cookie says which key it was, and every request looks it up, so that the cookie
/// ends with the key.
/// </summary>
internal static class SignIn
{
    public const string Scheme = "Cookie";
    public const string Path = "/sign-in";
    public const string HashClaim = "key";

    private const string Home = "/dashboard";
    private const int LongestForm = 4096;

    private static readonly TimeSpan Lasts = TimeSpan.FromHours(12);

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "sequence";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = Lasts;
        options.SlidingExpiration = true;
        options.Events.OnValidatePrincipal = context =>
        {
            var keys = context.HttpContext.RequestServices.GetRequiredService<KeyRing>();
            if (context.Principal?.FindFirstValue(HashClaim) is { } hash && keys.Find(Convert.FromHexString(hash)) is { } key)
            {
                context.ReplacePrincipal(ApiKeyHandler.Principal(key, Scheme));
            }
            else
            {
                context.RejectPrincipal();
            }

            return Task.CompletedTask;
        };
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(string.Empty).WithTags("sign-in");
        pages.MapGet(Path, (HttpRequest request) => Page(request.Query["return"], null))
            .AllowAnonymous()
            .WithSummary("A page that asks for a key.")
            .Produces<string>(StatusCodes.Status200OK, "text/html");
        pages.MapPost(Path, EnterAsync)
            .AllowAnonymous()
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LongestForm))
            .WithSummary("Takes a key from the page, and gives a cookie for it.")
            .Produces(StatusCodes.Status303SeeOther)
            .ProducesProblem(StatusCodes.Status403Forbidden);
        pages.MapPost("/sign-out", (Delegate)LeaveAsync)
            .AllowAnonymous()
            .WithSummary("Takes the cookie back.")
            .Produces(StatusCodes.Status303SeeOther)
            .ProducesProblem(StatusCodes.Status403Forbidden);
    }

    private static async Task<IResult> EnterAsync(HttpContext context, KeyRing keys)
    {
        RequireOwnOrigin(context.Request);
        if (!context.Request.HasFormContentType)
        {
            throw new BadHttpRequestException("This takes the form of the page at GET /sign-in.", StatusCodes.Status415UnsupportedMediaType);
        }

        IFormCollection form;
        try
        {
            form = await context.Request.ReadFormAsync();
        }
        catch (InvalidDataException error)
        {
            throw new BadHttpRequestException($"This takes the form of the page at GET /sign-in: {error.Message}", error);
        }

        var back = form["return"].ToString();
        if (keys.Find(KeyFile.Hash(form["key"].ToString().Trim())) is not { } key)
        {
            return Page(back, "This key is not known here.");
        }

        await context.SignInAsync(Scheme, ApiKeyHandler.Principal(key, Scheme));
        return SeeOther(context, IsLocal(back) ? back : Home);
    }

    private static async Task<IResult> LeaveAsync(HttpContext context)
    {
        RequireOwnOrigin(context.Request);
        await context.SignOutAsync(Scheme);
        return SeeOther(context, Path);
    }

    private static void RequireOwnOrigin(HttpRequest request)
    {
        if (!SameOrigin.IsOwn(request))
        {
            throw new BadHttpRequestException("Only a page of this daemon may send this.", StatusCodes.Status403Forbidden);
        }
    }

    /// <summary>A path of this host: neither //elsewhere nor /\elsewhere, which browsers take for another one.</summary>
    private static bool IsLocal(string path) => path is ['/', ..] && path is not ['/', '/' or '\\', ..] && path.All(letter => letter is > ' ' and <= '~');

    private static StatusCodeHttpResult SeeOther(HttpContext context, string path)
    {
        context.Response.Headers.Location = path;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static PageResult Page(string? back, string? fault)
    {
        var html = $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Sign in - Sequence</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 15vh auto 0; padding: 0 1rem; color: #1c2733; background: #fff; }
            label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
            input { margin: .25rem 0 1rem; padding: .5rem; border: 1px solid #7b8794; border-radius: 4px; }
            button { padding: .6rem; border: 0; border-radius: 4px; background: #1f5fa8; color: #fff; }
            [role=alert] { color: #a3211b; }
            </style>
            </head>
            <body>
            <h1>Sequence</h1>
            {{(fault is null ? string.Empty : $"<p role=\"alert\">{WebUtility.HtmlEncode(fault)}</p>")}}
            <form method="post" action="/sign-in">
            <input type="hidden" name="return" value="{{WebUtility.HtmlEncode(back ?? string.Empty)}}">
            <input name="username" value="sequence" autocomplete="username" hidden>
            <label for="key">Key</label>
            <input id="key" name="key" type="password" autocomplete="current-password" required autofocus>
            <button>Sign in</button>
            </form>
            </body>
            </html>
            """;
        return new PageResult(html, fault is null ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden);
    }

    private sealed class PageResult(string html, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers.CacheControl = "no-store";
            return TypedResults.Text(html, "text/html; charset=utf-8", statusCode: status).ExecuteAsync(httpContext);
        }
    }
}
