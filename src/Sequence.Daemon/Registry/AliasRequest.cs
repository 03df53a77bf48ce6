namespace Sequence.Daemon.Registry;

/// <summary>The body of PUT /models/{name}/aliases/{alias}.</summary>
/// <param name="Version">The version that gets the alias.</param>
internal sealed record AliasRequest(string Version);
