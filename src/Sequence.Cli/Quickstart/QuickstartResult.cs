using Sequence.Cli.Backtests;
using Sequence.Forecasting;
using Sequence.Training;

namespace Sequence.Cli.Quickstart;

/// <summary>What a quickstart found.</summary>
/// <param name="Evaluations">Every model by rolling origin, the neural ones first.</param>
/// <param name="NeuralNames">Which of them are neural.</param>
/// <param name="Model">The first neural model fitted on the whole series, with intervals.</param>
/// <param name="Training">How it was trained.</param>
/// <param name="Forecast">What it says about the steps after the end.</param>
/// <param name="Trading">What trading on the first model's forecasts came to; null for a series that cannot be prices.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record QuickstartResult(
    IReadOnlyList<RollingOriginResult> Evaluations,
    IReadOnlyList<string> NeuralNames,
    IForecastModel Model,
    TrainingResult Training,
    Forecast Forecast,
    TradingOutcome? Trading,
    double Seconds);
