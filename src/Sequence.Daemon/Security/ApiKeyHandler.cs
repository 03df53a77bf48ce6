using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sequence.Daemon.Security;

/// <summary>Knows a request by `Authorization: Bearer KEY` (RFC 6750).</summary>
internal sealed class ApiKeyHandler(
    KeyRing keys, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string Name = "Bearer";

    private const int LongestKey = 256;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Name + " ", StringComparison.OrdinalIgnoreCase) || header.Length > LongestKey)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        return Task.FromResult(keys.Find(KeyFile.Hash(header[(Name.Length + 1)..].Trim())) is { } key
            ? AuthenticateResult.Success(new AuthenticationTicket(Principal(key, Name), Name))
            : AuthenticateResult.Fail("The key is not known."));
    }

    /// <summary>The bearer of a key: its name, its hash, and a claim for each scope.</summary>
    internal static ClaimsPrincipal Principal(ApiKey key, string scheme)
    {
        var identity = new ClaimsIdentity(scheme, ClaimTypes.Name, ScopeHandler.Claim);
        identity.AddClaim(new Claim(ClaimTypes.Name, key.Name));
        identity.AddClaim(new Claim(SignIn.HashClaim, key.Hash));
        foreach (var scope in (KeyScopes[])[KeyScopes.Read, KeyScopes.Write, KeyScopes.Admin])
        {
            if (key.Scopes.HasFlag(scope))
            {
                identity.AddClaim(new Claim(ScopeHandler.Claim, scope.ToString()));
            }
        }

        return new ClaimsPrincipal(identity);
    }
}
