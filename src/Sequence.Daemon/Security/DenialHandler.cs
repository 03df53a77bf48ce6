using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace Sequence.Daemon.Security;

/// <summary>Answers who is not let in: a page for who looks at pages, a problem document for all others.</summary>
internal sealed class DenialHandler : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            if (!SameOrigin.Allows(context.Request, context.User.Identity?.AuthenticationType == SignIn.Scheme))
            {
                await AnswerAsync(
                    context, StatusCodes.Status403Forbidden, "A page of another origin sent this; only pages of this daemon may change something.");
                return;
            }

            await next(context);
        }
        else if (authorizeResult.Challenged && HttpMethods.IsGet(context.Request.Method) && WantsPage(context.Request))
        {
            context.Response.Redirect($"{SignIn.Path}?return={Uri.EscapeDataString(context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent())}");
        }
        else if (authorizeResult.Challenged)
        {
            context.Response.Headers.WWWAuthenticate = ApiKeyHandler.Name;
            await AnswerAsync(
                context,
                StatusCodes.Status401Unauthorized,
                "This needs a key that is known here: send Authorization: Bearer KEY. Keys are made with sequence daemon key add.");
        }
        else
        {
            var scope = policy.Requirements.OfType<ScopeRequirement>().First().Scope ?? ScopeHandler.Of(context);
            await AnswerAsync(
                context,
                StatusCodes.Status403Forbidden,
                $"The key '{context.User.Identity?.Name}' lacks the scope {scope.ToString().ToLowerInvariant()}, which this needs.");
        }
    }

    private static bool WantsPage(HttpRequest request) => request.GetTypedHeaders().Accept.Any(one => one.MediaType == "text/html" && one.Quality is not 0);

    private static Task AnswerAsync(HttpContext context, int status, string detail) => TypedResults.Problem(detail, statusCode: status).ExecuteAsync(context);
}
