using Sequence.Data.Scalers;

namespace Sequence.Daemon.Watching;

/// <summary>How a model reads a series.</summary>
/// <param name="Scaler">What it makes of the values first; null when it takes them as they are.</param>
/// <param name="TrainedAt">When it was trained; null for one that is fitted again at every forecast.</param>
internal sealed record ModelReading(Scaler? Scaler, DateTimeOffset? TrainedAt)
{
    /// <summary>Takes the values as they are, and was never trained.</summary>
    public static ModelReading Plain { get; } = new(null, null);
}
