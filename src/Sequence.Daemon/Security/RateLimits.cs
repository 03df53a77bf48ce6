using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Sequence.Daemon.Configuration;

namespace Sequence.Daemon.Security;

/// <summary>
/// A token bucket for each key, or for each address of requests without one. The limits are part of what tells the buckets
/// apart, so new limits begin new buckets, and old ones go when they are no longer used.
/// </summary>
internal static class RateLimits
{
    public static void Configure(RateLimiterOptions options, LiveOptions live)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, Bucket>(context => Partition(context, live.Value.Limits));
        options.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? Math.Max(1, Math.Ceiling(time.TotalSeconds)) : 1;
            rejected.HttpContext.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
            var limits = live.Value.Limits;
            await TypedResults.Problem(
                $"More than {limits.RequestsPerSecond} requests a second came, after {limits.Burst} at once; wait as long as Retry-After says.",
                statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(rejected.HttpContext);
        };
    }

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
