namespace Sequence.Tests;

/// <summary>What a client does after it has sent its bytes.</summary>
internal enum Ending
{
    /// <summary>Waits for the answer, or until the daemon closes the connection.</summary>
    Wait,

    /// <summary>Closes the connection.</summary>
    HangUp,

    /// <summary>Keeps the connection and sends nothing, until the daemon or the end of the run closes it.</summary>
    Stall,
}
