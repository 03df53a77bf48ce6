namespace Sequence.Daemon;

/// <summary>A key as it is kept: who has it, what it may do, and the hash that tells it.</summary>
/// <param name="Name">Who has it; one of a kind in a daemon.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Hash">
/// SHA-256 of the key, in lower-case hex. A key is 256 random bits, so nobody can try them all and no slow, salted hash is
/// needed, as one is for passwords that people think up.
/// </param>
public sealed record ApiKey(string Name, KeyScopes Scopes, DateTimeOffset Created, string Hash);
