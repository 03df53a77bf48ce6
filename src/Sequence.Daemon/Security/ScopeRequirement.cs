using Microsoft.AspNetCore.Authorization;

namespace Sequence.Daemon.Security;

/// <summary>A key of this scope; by the method of the request when none is named.</summary>
internal sealed record ScopeRequirement(KeyScopes? Scope) : IAuthorizationRequirement;
