using System.Globalization;
using Sequence.Reporting;

namespace Sequence.Daemon.Dashboard;

/// <summary>What forecasts are made by, and from what.</summary>
internal static class StatePanel
{
    public static void Add(HtmlReport page, SeriesHistory history)
    {
        page.AddHeading("Model and state");
        List<ReportFact> facts =
        [
            new("Model", history.Series.Model),
            new("Frequency", history.Series.Frequency.ToString()),
            new("Forecasts", history.Series.ForecastEvery > TimeSpan.Zero ? $"every {history.Series.ForecastEvery}" : "at each append"),
            new("Horizon", history.Series.Horizon.ToString(CultureInfo.InvariantCulture)),
            new("Levels", history.Series.Levels.Length == 0 ? "none" : string.Join(", ", history.Series.Levels.Select(DashboardText.Level))),
        ];
        if (history.Status is { } status)
        {
            facts.Add(new ReportFact("Version of the model", status.ModelVersion));
            facts.Add(new ReportFact("Hash of the state", status.StateHash));
            facts.Add(new ReportFact("Last event", status.LastEventTime is { } time ? $"{DashboardText.Time(time)} UTC" : "none yet"));
            facts.Add(new ReportFact("Observations the model refused", status.Refused.ToString(CultureInfo.InvariantCulture)));
            if (status.LastRefusal is { } reason)
            {
                facts.Add(new ReportFact("Last refusal", reason));
            }
        }
        else
        {
            facts.Add(new ReportFact("State", history.StatusFault ?? "unknown"));
        }

        page.AddFacts(facts);
    }
}
