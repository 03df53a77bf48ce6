namespace Sequence.Forecasting;

/// <summary>One fold in half-open row positions.</summary>
/// <param name="Index">Number of the fold, from 0.</param>
/// <param name="TrainStart">First training row.</param>
/// <param name="TrainEnd">Row after the last training row; the origin is the row before it.</param>
/// <param name="TestStart">First target.</param>
/// <param name="TestEnd">Row after the last target.</param>
/// <param name="Fit">Whether the model is fitted here, or the one fitted before is used.</param>
/// <param name="FitEnd">Row after the last that a fit here is shown; below <paramref name="TrainEnd"/> by the embargo.</param>
public readonly record struct RollingOriginFold(
    int Index, int TrainStart, int TrainEnd, int TestStart, int TestEnd, bool Fit, int FitEnd);
