namespace Sequence.Cli.Backtests;

/// <summary>The section "report": where the results go and what stands beside them.</summary>
/// <param name="Folder">Folder for the results; null writes none.</param>
/// <param name="Title">Title of the page; null takes the strategy's name.</param>
/// <param name="RandomEntries">How many strategies of random entries to hold the strategy against.</param>
/// <param name="RandomSeed">Seed of the first of them; the others take the next ones.</param>
internal sealed record ReportPlan(string? Folder, string? Title, int RandomEntries, ulong RandomSeed)
{
    public static ReportPlan Read(ConfigObject section, string folder)
    {
        var plan = new ReportPlan(
            section.Text("folder") is { } path ? Path.GetFullPath(path, folder) : null,
            section.Text("title"),
            section.Integer("randomEntries", 0),
            section.Seed("randomSeed") ?? 1);
        section.Require(plan.RandomEntries is >= 0 and <= 100_000, "randomEntries", $"is {plan.RandomEntries}; give 0 to 100000 draws.");
        section.Close();
        return plan;
    }
}
