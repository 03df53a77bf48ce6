using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Sequence.Daemon.Security;

/// <summary>Lets a request through that has the scope, or any while there are no keys.</summary>
internal sealed class ScopeHandler(KeyRing keys) : AuthorizationHandler<ScopeRequirement>
{
    public const string Claim = "scope";

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        var scope = requirement.Scope ?? Of((HttpContext)context.Resource!);
        if (keys.IsOpen || context.User.HasClaim(Claim, scope.ToString()))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    /// <summary>What the method of a request needs when its endpoint does not say.</summary>
    public static KeyScopes Of(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? KeyScopes.Read : KeyScopes.Write;
}
