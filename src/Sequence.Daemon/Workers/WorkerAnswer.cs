using Sequence.Forecasting;

namespace Sequence.Daemon;

/// <summary>What a worker answers to one question: a forecast, or why there is none.</summary>
/// <param name="Forecast">The forecast; null when there is none.</param>
/// <param name="Fault">Why there is none; null when there is one.</param>
public sealed record WorkerAnswer(Forecast? Forecast, string? Fault);
