namespace Sequence.Daemon;

/// <summary>What a key may do. None implies another: a key has the scopes it was given.</summary>
[Flags]
public enum KeyScopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Requests that change nothing: GET and HEAD.</summary>
    Read = 1,

    /// <summary>Creating series and appending observations.</summary>
    Write = 2,

    /// <summary>Models, jobs and what else concerns every series.</summary>
    Admin = 4,
}
