namespace Sequence.Daemon;

/// <summary>What crosses of a <see cref="DaemonException"/>.</summary>
[GenerateSerializer]
[Immutable]
internal readonly record struct DaemonExceptionSurrogate(DaemonFault Fault, string Message);
