namespace Sequence.Daemon;

/// <summary>Why the daemon does not do what it was asked.</summary>
internal enum DaemonFault
{
    /// <summary>The request itself is wrong.</summary>
    Invalid,

    /// <summary>There is no such series.</summary>
    NotFound,

    /// <summary>It contradicts what is stored, or comes too early.</summary>
    Conflict,

    /// <summary>A part the daemon needs does not work at the moment; the same request may succeed later.</summary>
    Unavailable,
}
