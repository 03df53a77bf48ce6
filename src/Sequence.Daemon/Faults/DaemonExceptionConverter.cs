namespace Sequence.Daemon;

/// <summary>
/// How a refusal crosses from one node to another: by its kind and its message. What caused it stays in the node where it
/// happened, whose libraries the other need not know.
/// </summary>
[RegisterConverter]
internal sealed class DaemonExceptionConverter : IConverter<DaemonException, DaemonExceptionSurrogate>
{
    public DaemonException ConvertFromSurrogate(in DaemonExceptionSurrogate surrogate) => new(surrogate.Fault, surrogate.Message);

    public DaemonExceptionSurrogate ConvertToSurrogate(in DaemonException value) => new(value.Fault, value.Message);
}
