namespace Sequence.Daemon.Registry;

/// <summary>The body of POST /models/{name}/promote.</summary>
/// <param name="Force">Whether the challenger is promoted whatever the test says.</param>
internal sealed record PromotionRequest(bool Force = false);
