using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Dashboard;
using Sequence.Daemon.Http;
using Sequence.Reporting;

namespace Sequence.Daemon.Dashboard;

/// <summary>The pages for people, and those of the engine.</summary>
internal static class DashboardEndpoints
{
    public const string Root = "/dashboard";

    private const string OrleansRoot = "/orleans";
    private const string Html = "text/html; charset=utf-8";

    /// <summary>Nothing comes from elsewhere, and nothing runs that is not a file of the daemon.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; " +
        "frame-ancestors 'none'";

    public static IServiceCollection AddDashboard(this IServiceCollection services, DashboardOptions options) =>
        services.AddSingleton(options).AddSingleton<SeriesListPage>().AddSingleton<SeriesDetailPage>().AddSingleton<JobsPage>();

    public static void AddOrleansPages(this ISiloBuilder silo, DashboardOptions options)
    {
        if (options.Orleans)
        {
            silo.AddDashboard();
        }
    }

    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        var options = routes.ServiceProvider.GetRequiredService<DashboardOptions>();
        if (options.Orleans)
        {
            routes.MapOrleansDashboard(routePrefix: OrleansRoot);
        }

        if (!options.Enabled)
        {
            return;
        }

        routes.MapGet("/", () => TypedResults.LocalRedirect(Root)).ExcludeFromDescription();
        var pages = routes.MapGroup(Root).WithTags("dashboard");
        pages.MapGet("/", async (HttpContext context, SeriesListPage page, string? search, string? after) =>
                await WholeAsync(context, "Series", () => page.ShowAsync(search, after, context.RequestAborted)))
            .WithSummary("The list of series, as a page.").Produces<string>(StatusCodes.Status200OK, "text/html");
        pages.MapGet("/list", async (HttpContext context, SeriesListPage page, string? search, string? after) =>
                Page(context, await page.ListAsync(search, after, context.RequestAborted)))
            .WithSummary("What changes in the list of series.").Produces<string>(StatusCodes.Status200OK, "text/html");
        pages.MapGet("/series/{id}", async (HttpContext context, SeriesDetailPage page, string id) =>
                await WholeAsync(context, id, () => page.ShowAsync(id, context.RequestAborted)))
            .WithSummary("A series, as a page.").Produces<string>(StatusCodes.Status200OK, "text/html")
            .ProducesProblem(StatusCodes.Status404NotFound);
        pages.MapGet("/series/{id}/panels", async (HttpContext context, SeriesDetailPage page, string id) =>
                Page(context, await page.PanelsAsync(id, context.RequestAborted)))
            .WithSummary("What changes in the page of a series.").Produces<string>(StatusCodes.Status200OK, "text/html")
            .ProducesProblem(StatusCodes.Status404NotFound);
        pages.MapGet("/jobs", async (HttpContext context, JobsPage page) => Page(context, await page.ShowAsync(context.RequestAborted)))
            .WithSummary("Trainings and evaluations, as a page.").Produces<string>(StatusCodes.Status200OK, "text/html");
        pages.MapGet("/jobs/list", async (HttpContext context, JobsPage page) => Page(context, await page.ListAsync(context.RequestAborted)))
            .WithSummary("What changes in the page of jobs.").Produces<string>(StatusCodes.Status200OK, "text/html");
        var style = HtmlReport.StyleSheet + Asset("dashboard.css");
        var script = Asset("dashboard.js");
        pages.MapGet("/dashboard.css", (HttpContext context) => File(context, style, "text/css; charset=utf-8")).ExcludeFromDescription();
        pages.MapGet("/dashboard.js", (HttpContext context) => File(context, script, "text/javascript; charset=utf-8")).ExcludeFromDescription();
    }

    /// <summary>A page; when nothing of it can be read, one that says so.</summary>
    private static async Task<ContentHttpResult> WholeAsync(HttpContext context, string title, Func<Task<string>> show)
    {
        try
        {
            return Page(context, await show());
        }
        catch (Exception error) when (error is DaemonException { Fault: DaemonFault.Unavailable } or TimeoutException or OrleansException)
        {
            context.Response.Headers.RetryAfter = ProblemMiddleware.RetryAfterSeconds;
            return Page(
                context,
                DashboardShell.Page(title, string.Empty, DashboardShell.Fault(error.Message), null, string.Empty),
                StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static ContentHttpResult Page(HttpContext context, string html, int status = StatusCodes.Status200OK)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        return File(context, html, Html, status);
    }

    private static ContentHttpResult File(HttpContext context, string text, string type, int status = StatusCodes.Status200OK)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Text(text, type, statusCode: status);
    }

    private static string Asset(string name)
    {
        using var stream = typeof(DashboardEndpoints).Assembly.GetManifestResourceStream($"Dashboard/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
