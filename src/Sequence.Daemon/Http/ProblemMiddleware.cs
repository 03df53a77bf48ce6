using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sequence.Daemon.Http;

/// <summary>Turns what goes wrong into a problem document, and refuses new work once the daemon is stopping.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, IHostApplicationLifetime lifetime, ILogger<ProblemMiddleware> log)
{
    /// <summary>When to come again after a 503.</summary>
    public const string RetryAfterSeconds = "5";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested && !context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase))
            {
                throw new DaemonException(DaemonFault.Unavailable, "The daemon is stopping and takes in no more; send it again later.");
            }

            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested || context.Response.HasStarted)
        {
            context.Abort();
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The time for ending requests is over, and this one was still being sent.
            context.Abort();
        }
        catch (BadHttpRequestException error)
        {
            await AnswerAsync(context, error.StatusCode, error.Message);
        }
        catch (DaemonException error)
        {
            var status = error.Fault switch
            {
                DaemonFault.Invalid => StatusCodes.Status400BadRequest,
                DaemonFault.NotFound => StatusCodes.Status404NotFound,
                DaemonFault.Conflict => StatusCodes.Status409Conflict,
                _ => StatusCodes.Status503ServiceUnavailable,
            };
            await AnswerAsync(context, status, error.Message);
        }
        catch (Exception error) when (error is TimeoutException or OrleansException)
        {
            LogNoAnswer(context.Request.Method, context.Request.Path, error.Message);
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, DaemonException.NoAnswer);
        }
        catch (Exception error)
        {
            LogFault(error, context.Request.Method, context.Request.Path);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, "This is a fault in the daemon; its log has the details.");
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string detail)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return TypedResults.Problem(detail, statusCode: status).ExecuteAsync(context);
    }

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} got no answer of the series: {Reason}")]
    private partial void LogNoAnswer(string method, string path, string reason);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogFault(Exception error, string method, string path);
}
