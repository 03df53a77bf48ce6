namespace Sequence.Benchmarks.Backtesting;
internal static class TradingStudyReport { internal static void Write(object a, object b) { } }
