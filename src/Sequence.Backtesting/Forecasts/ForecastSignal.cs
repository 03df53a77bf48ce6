namespace Sequence.Backtesting;

/// <summary>What a forecast says to a trader.</summary>
/// <param name="Origin">Time of the last bar the forecast knew.</param>
/// <param name="Target">Time it speaks of.</param>
/// <param name="Mean">Forecast price at the target.</param>
/// <param name="AtOrigin">Price at the origin.</param>
/// <param name="ExpectedReturn">Mean / AtOrigin - 1.</param>
/// <param name="ProbabilityOfRise">
/// P(price at target &gt; AtOrigin) = Phi((Mean - AtOrigin) / sigma) of a normal distribution around the mean, with sigma such that
/// its central interval of the widest level is as wide as the forecast's: sigma = (Upper - Lower) / (2 z), z = Phi^-1((1 + level) / 2).
/// NaN without intervals.
/// </param>
public readonly record struct ForecastSignal(
    DateTimeOffset Origin, DateTimeOffset Target, double Mean, double AtOrigin, double ExpectedReturn, double ProbabilityOfRise);
