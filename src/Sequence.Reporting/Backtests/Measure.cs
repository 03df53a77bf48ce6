using Sequence.Backtesting;

namespace Sequence.Reporting;

/// <summary>A number of a summary with what it means.</summary>
/// <param name="Name">Name in the table.</param>
/// <param name="Format">How it is written.</param>
/// <param name="Value">Its value.</param>
/// <param name="Definition">How it is computed.</param>
/// <param name="Undefined">Why there is none, when there is none.</param>
internal sealed record Measure(string Name, string Format, Func<PerformanceSummary, double> Value, string Definition, string Undefined)
{
    public string Text(PerformanceSummary summary) => NumberColumn.Format(Value(summary), Format);
}
