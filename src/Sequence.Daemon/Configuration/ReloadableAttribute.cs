namespace Sequence.Daemon.Configuration;

/// <summary>
/// An option that is read from <see cref="LiveOptions"/> each time it is used, so that a new value in the file takes effect
/// without a restart.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ReloadableAttribute : Attribute;
