namespace Sequence.Data;

/// <summary>What to do about missing values (NaN).</summary>
public enum MissingValuePolicy
{
    /// <summary>Refuse them, naming the first.</summary>
    Error,

    /// <summary>
    /// Drop every row that lacks a value. What is left must be regular: business days that are dropped become holidays.
    /// </summary>
    Drop,

    /// <summary>Repeat the last known value. Never looks ahead. Rows before the first known value are cut off.</summary>
    ForwardFill,

    /// <summary>
    /// Draw a straight line between the known neighbours. This looks ahead, so it is for training data and never for values
    /// a forecast is judged on. Rows before the first known value are cut off, missing values at the end are refused.
    /// </summary>
    Interpolate,
}
