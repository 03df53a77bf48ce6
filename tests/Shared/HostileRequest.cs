namespace Sequence.Tests;

/// <summary>Bytes that are sent to the daemon, and what the client does then.</summary>
internal sealed record HostileRequest(string Kind, byte[] Bytes, Ending Ending);
