namespace Sequence.Daemon.Storage;

/// <summary>A piece of data that is stored and replaced as a whole.</summary>
/// <param name="Kind">What it is one of.</param>
/// <param name="Key">Its name among its kind.</param>
/// <param name="Revision">1 for the first, one more for each change.</param>
/// <param name="Body">Its content.</param>
internal sealed record Document(string Kind, string Key, long Revision, byte[] Body);
