using System.Globalization;
using System.Text;
using Sequence.Daemon.Jobs;

namespace Sequence.Daemon.Dashboard;

/// <summary>Jobs as a table, newest first.</summary>
internal static class JobTable
{
    private const int Most = 100;

    public static string Of(IReadOnlyList<JobRecord> jobs, DateTimeOffset now)
    {
        var html = new StringBuilder("<div class=\"scroll\"><table class=\"jobs\"><caption>");
        html.Append(CultureInfo.InvariantCulture, $"{(jobs.Count > Most ? $"The newest {Most} of {jobs.Count:#,0} jobs" : Count(jobs.Count))}; times are UTC</caption>")
            .Append(
                "<thead><tr><th scope=\"col\">Job</th><th scope=\"col\">State</th><th scope=\"col\" class=\"minor\">Series</th>" +
                "<th scope=\"col\" class=\"minor\">Queued</th><th scope=\"col\" class=\"minor\">Took</th></tr></thead><tbody>\n");
        foreach (var job in jobs.Take(Most))
        {
            Append(html, job, now);
        }

        return html.Append("</tbody></table></div>\n").ToString();
    }

    private static string Count(int count) => count == 1 ? "1 job" : $"{count} jobs";

    private static void Append(StringBuilder html, JobRecord job, DateTimeOffset now)
    {
        var name = job.Kind == JobKind.Train ? $"Training of {job.Model}" : "Evaluation";
        html.Append("<tr><th scope=\"row\"><a href=\"/jobs/").Append(DashboardShell.Encode(job.Id)).Append("\">").Append(DashboardShell.Encode(name))
            .Append("</a><span class=\"note\">").Append(DashboardShell.Encode(job.Reason)).Append("</span></th><td class=\"state\">").Append(State(job));
        if (job.State == JobState.Running)
        {
            html.Append(CultureInfo.InvariantCulture, $"<progress max=\"1\" value=\"{job.Progress:0.###}\" aria-label=\"Progress: {DashboardShell.Encode(name)}\">")
                .Append(Percent(job)).Append("</progress>");
        }

        if (job.Fault is { } fault)
        {
            html.Append("<span class=\"note\">").Append(DashboardShell.Encode(fault)).Append("</span>");
        }

        html.Append("</td><td class=\"minor names\">").Append(DashboardShell.Encode(Names(job.Series))).Append("</td><td class=\"minor\">")
            .Append(DashboardText.Minute(job.CreatedAt)).Append("</td><td class=\"minor\">")
            .Append(job.StartedAt is { } began ? DashboardText.Span((job.EndedAt ?? now) - began) : "–").Append("</td></tr>\n");
    }

    private static string State(JobRecord job) => job.State switch
    {
        JobState.Running when job.IsCancelRequested => "being cancelled",
        JobState.Running => $"running, {Percent(job)}",
        JobState.Queued => "queued",
        JobState.Succeeded => "succeeded",
        JobState.Failed => "<b>failed</b>",
        _ => "cancelled",
    };

    private static string Percent(JobRecord job) => string.Create(CultureInfo.InvariantCulture, $"{100 * job.Progress:0} %");

    private static string Names(string[] series) => series.Length > 3 ? $"{string.Join(", ", series.Take(3))} and {series.Length - 3} more" : string.Join(", ", series);
}
