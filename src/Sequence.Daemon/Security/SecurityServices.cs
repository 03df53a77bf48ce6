using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Hosting;

namespace Sequence.Daemon.Security;

/// <summary>Who gets in, and how often.</summary>
internal static class SecurityServices
{
    private const string Either = "Either";

    public static IServiceCollection AddSecurity(this IServiceCollection services, DaemonOptions options)
    {
        services
            .AddSingleton(new KeyFile(options.DataDir))
            .AddSingleton<KeyRing>()
            .AddSingleton<SeriesQuota>()
            .AddSingleton<IAuthorizationHandler, ScopeHandler>()
            .AddSingleton<IAuthorizationMiddlewareResultHandler, DenialHandler>()
            .AddHostFiltering(hosts => hosts.AllowedHosts = ListenAddress.HostNames(options));

        // The ring that seals the cookies; its folder is the owner's alone.
        services.AddDataProtection().SetApplicationName("sequence").PersistKeysToFileSystem(CookieKeys(options.DataDir));
        services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, scheme => scheme.ForwardDefaultSelector =
                context => context.Request.Headers.Authorization.Count > 0 ? ApiKeyHandler.Name : SignIn.Scheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Name, null)
            .AddCookie(SignIn.Scheme, SignIn.Configure);
        services.AddAuthorizationBuilder()
            .SetDefaultPolicy(Policy(null))
            .SetFallbackPolicy(Policy(null))
            .AddPolicy(Policies.Read, Policy(KeyScopes.Read))
            .AddPolicy(Policies.Write, Policy(KeyScopes.Write))
            .AddPolicy(Policies.Admin, Policy(KeyScopes.Admin));
        services.AddSingleton<RateLimits>()
            .AddRateLimiter(_ => { }).AddOptions<RateLimiterOptions>().Configure<RateLimits>((limiter, limits) => limits.Configure(limiter));
        return services;
    }

    /// <summary>After the routing, before the endpoints.</summary>
    public static WebApplication UseSecurity(this WebApplication application)
    {
        application.UseAuthentication();
        application.UseRateLimiter();
        application.UseAuthorization();
        SignIn.Map(application);
        return application;
    }

    private static AuthorizationPolicy Policy(KeyScopes? scope) => new([new ScopeRequirement(scope)], []);

    private static DirectoryInfo CookieKeys(string dataDir)
    {
        var path = Path.Combine(dataDir, "sign-in");
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
