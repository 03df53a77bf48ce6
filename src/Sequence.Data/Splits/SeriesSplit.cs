namespace Sequence.Data.Splits;

/// <summary>
/// A series cut in time order into a part to train on, one to choose by and one to judge by. Every part is a slice that
/// shares the arrays of the whole.
/// </summary>
/// <remarks>
/// Validation and test begin <see cref="LookBack"/> rows before their first target, so that a model has its input for it;
/// those rows are context only. The rows that are targets never belong to two parts.
/// </remarks>
/// <param name="Train">The rows to fit on, scalers included.</param>
/// <param name="Validation">Look-back rows and then the rows to choose by; without rows when there is no validation.</param>
/// <param name="Test">Look-back rows and then the rows to judge by.</param>
/// <param name="LookBack">How many leading rows of validation and test are context.</param>
public sealed record SeriesSplit(TimeSeries Train, TimeSeries Validation, TimeSeries Test, int LookBack);
