using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Sequence.Daemon.Configuration;

namespace Sequence.Daemon.Security;

/// <summary>
/// A token bucket for each key, or for each address of requests without one. The limits are part of what tells the buckets
/// apart, so new limits begin new buckets, and old ones go when they are no longer used. Thread-safe.
/// </summary>
internal sealed class RateLimits(LiveOptions live, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<HttpContext> _limiter =
        PartitionedRateLimiter.Create<HttpContext, Bucket>(context => Partition(context, live.Value.Limits));

    /// <summary>Has every request take a token, or be answered 429.</summary>
    public void Configure(RateLimiterOptions options)
    {
        options.GlobalLimiter = _limiter;
        options.OnRejected = async (rejected, _) =>
        {
            var wait = Math.Max(1, Math.Ceiling(WaitOf(rejected.Lease).TotalSeconds));
            rejected.HttpContext.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
            var limits = live.Value.Limits;
            await TypedResults.Problem(
                $"More than {limits.RequestsPerSecond} requests a second came, after {limits.Burst} at once; wait as long as Retry-After says.",
                statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(rejected.HttpContext);
        };
    }

    /// <summary>Takes a token for one more batch of a stream, which is read no faster than its key may send requests.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop waiting.</exception>
    public async Task WaitAsync(HttpContext context, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var lease = _limiter.AttemptAcquire(context);
            if (lease.IsAcquired)
            {
                return;
            }

            await Task.Delay(WaitOf(lease), clock, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _limiter.DisposeAsync();

    private static TimeSpan WaitOf(RateLimitLease lease) => lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? time : Pause;

    private static RateLimitPartition<Bucket> Partition(HttpContext context, LimitOptions limits)
    {
        var bucket = new Bucket(
            context.User.FindFirstValue(ClaimTypes.Name) is { } name ? $"key {name}" : $"address {context.Connection.RemoteIpAddress}",
            limits.RequestsPerSecond,
            limits.Burst);
        return limits.RequestsPerSecond == 0
            ? RateLimitPartition.GetNoLimiter(bucket)
            : RateLimitPartition.GetTokenBucketLimiter(bucket, one => new TokenBucketRateLimiterOptions
            {
                TokensPerPeriod = one.RequestsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                TokenLimit = one.Burst,
                QueueLimit = 0,
            });
    }

    private readonly record struct Bucket(string Owner, int RequestsPerSecond, int Burst);
}
