namespace Sequence.Data;

/// <summary>A cell without a value: its row and its covariate, or null for the target.</summary>
internal sealed record MissingCell(int Row, string? Covariate);
