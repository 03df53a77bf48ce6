namespace Sequence.Daemon.Dashboard;

/// <summary>The jobs of a series' model.</summary>
internal static class JobsPanel
{
    public static string Html(SeriesHistory history) => history.ModelName is not { } name ? string.Empty
        : history.Jobs is not { } jobs ? $"{Heading}<p>{DashboardShell.Encode(history.JobsFault ?? "The jobs are not known.")}</p>\n"
        : jobs.Count == 0 ? $"{Heading}<p>Model {DashboardShell.Encode(name)} was never trained here.</p>\n"
        : Heading + JobTable.Of(jobs, history.Now);

    private const string Heading = "<h2>Jobs of the model</h2>\n";
}
