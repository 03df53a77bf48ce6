using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Hosting;
using Orleans.Concurrency;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Events;
using Sequence.Daemon.Http;
using Sequence.Daemon.Security;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Telemetry;

namespace Sequence.Daemon.Grpc;

/// <summary>Streams of batches in, and of forecasts out.</summary>
internal sealed class ForecastStreamsService(
    IGrainFactory grains,
    IObservationStore store,
    ForecastStream forecasts,
    DaemonMetrics metrics,
    GrpcOptions options,
    KeyRing keys,
    RateLimits limits,
    IHostApplicationLifetime lifetime)
    : ForecastStreams.ForecastStreamsBase
{
    private const string Stopping = "The daemon is stopping and takes in no more; send what has no receipt again later.";

    [Authorize(Policy = Policies.Write)]
    public override async Task Append(
        IAsyncStreamReader<AppendBatch> requestStream, IServerStreamWriter<BatchReceipt> responseStream, ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        using var room = new SemaphoreSlim(options.BatchesInFlight);
        var receipts = Channel.CreateUnbounded<Task<BatchReceipt>>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var writing = WriteAsync();
        Dictionary<string, Task> lastOf = new(StringComparer.Ordinal);
        try
        {
            for (var number = 0L; ; number++)
            {
                await room.WaitAsync(ending.Token);
                if (!await requestStream.MoveNext(ending.Token))
                {
                    break;
                }

                RequireKey(context, KeyScopes.Write);
                await limits.WaitAsync(context.GetHttpContext(), ending.Token);
                var batch = requestStream.Current;
                var receipt = AppendAsync(number, batch, lastOf.GetValueOrDefault(batch.Series));
                foreach (var done in lastOf.Where(one => one.Value.IsCompleted).Select(one => one.Key).ToArray())
                {
                    lastOf.Remove(done);
                }

                lastOf[batch.Series] = receipt;
                receipts.Writer.TryWrite(receipt);
            }
        }
        catch (Exception error) when (lifetime.ApplicationStopping.IsCancellationRequested && error is OperationCanceledException or RpcException)
        {
            receipts.Writer.Complete();
            await writing;
            throw new RpcException(new Status(StatusCode.Unavailable, Stopping));
        }
        catch (OperationCanceledException) when (writing.IsFaulted)
        {
            await writing;
        }
        catch (Exception error)
        {
            receipts.Writer.TryComplete(error);
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        receipts.Writer.Complete();
        await writing;

        async Task WriteAsync()
        {
            try
            {
                await foreach (var receipt in receipts.Reader.ReadAllAsync(context.CancellationToken))
                {
                    await responseStream.WriteAsync(await receipt, context.CancellationToken);
                    room.Release();
                }
            }
            catch
            {
                // Nobody would hear of the batches that are still read.
                await ending.CancelAsync();
                throw;
            }
        }
    }

    [Authorize(Policy = Policies.Read)]
    public override async Task Forecasts(
        ForecastsRequest request, IServerStreamWriter<IssuedForecastMessage> responseStream, ServerCallContext context)
    {
        var wanted = request.Series.ToHashSet(StringComparer.Ordinal);
        if (request.HasAfter && wanted.Count != 1)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "after goes with exactly one series."));
        }

        if (!wanted.All(SeriesName.IsValid))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The id of a series is {SeriesName.Rule}."));
        }

        // Not disposed: the feed may be about to cancel it.
        var dropped = new CancellationTokenSource();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, dropped.Token);
        try
        {
            if (wanted.Count == 1 && await store.FindAsync(wanted.Single(), context.CancellationToken) is null)
            {
                throw DaemonException.NoSeries(wanted.Single());
            }

            using var subscription = forecasts.Subscribe(wanted.Count == 0 ? null : wanted, dropped.Cancel);
            var events = wanted.Count == 1
                ? forecasts.FollowAsync(subscription, wanted.Single(), request.HasAfter ? request.After : null, ending.Token)
                : forecasts.FollowAsync(subscription, ending.Token);
            await foreach (var one in events)
            {
                RequireKey(context, KeyScopes.Read);
                if (one is not null)
                {
                    await responseStream.WriteAsync(Message(one), ending.Token);
                }
            }
        }
        catch (DaemonException error)
        {
            throw new RpcException(new Status(
                error.Fault == DaemonFault.NotFound ? StatusCode.NotFound : StatusCode.Unavailable, error.Message));
        }
        catch (OperationCanceledException) when (dropped.IsCancellationRequested)
        {
            // Said below.
        }

        throw dropped.IsCancellationRequested
            ? new RpcException(new Status(StatusCode.ResourceExhausted, "This subscriber does not keep up; begin again after the last number."))
            : new RpcException(new Status(StatusCode.Unavailable, Stopping));
    }

    private void RequireKey(ServerCallContext context, KeyScopes scope)
    {
        if (!keys.Admits(context.GetHttpContext().User, scope))
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, "The key that this stream began with is not known any more, or may do less."));
        }
    }

    /// <summary>The batches of one series stay in order, as a later one may correct an earlier one.</summary>
    private async Task<BatchReceipt> AppendAsync(long number, AppendBatch batch, Task? previous)
    {
        if (previous is not null)
        {
            await previous;
        }

        try
        {
            SeriesName.Require(batch.Series);
            var measurements = Measurements(batch);
            var receipt = await metrics.AppendAsync(
                batch.Series, () => grains.GetGrain<ISeriesGrain>(batch.Series).AppendAsync(measurements.AsImmutable()));
            return new BatchReceipt
            {
                Batch = number,
                Status = BatchStatus.Stored,
                Added = receipt.Added,
                Revised = receipt.Revised,
                Duplicates = receipt.Duplicates,
                StateHash = receipt.StateHash,
            };
        }
        catch (DaemonException error)
        {
            return Refused(number, error.Fault, error.Message);
        }
        catch (Exception error) when (error is TimeoutException or OrleansException)
        {
            return Refused(number, DaemonFault.Unavailable, DaemonException.NoAnswer);
        }
    }

    private static BatchReceipt Refused(long number, DaemonFault fault, string reason) => new()
    {
        Batch = number,
        Reason = reason,
        Status = fault switch
        {
            DaemonFault.Invalid => BatchStatus.Invalid,
            DaemonFault.NotFound => BatchStatus.NotFound,
            DaemonFault.Conflict => BatchStatus.Conflict,
            _ => BatchStatus.Unavailable,
        },
    };

    private static Measurement[] Measurements(AppendBatch batch)
    {
        if (batch.Observations.Count is < 1 or > ObservationReader.LongestBatch)
        {
            throw new DaemonException(
                DaemonFault.Invalid,
                $"The batch has {batch.Observations.Count} observations; give 1 to {ObservationReader.LongestBatch}. Nothing was stored.");
        }

        var measurements = new Measurement[batch.Observations.Count];
        for (var index = 0; index < measurements.Length; index++)
        {
            var one = batch.Observations[index];
            if (!double.IsFinite(one.Value))
            {
                throw new DaemonException(DaemonFault.Invalid, $"The value of observation {index} is no finite number. Nothing was stored.");
            }

            measurements[index] = new Measurement(
                Time(one, index), ObservationReader.WithoutSignOfZero(one.Value), one.HasSequence ? one.Sequence : null);
        }

        return measurements;
    }

    private static DateTimeOffset Time(ObservationMessage one, int index)
    {
        try
        {
            return one.Time?.ToDateTimeOffset()
                ?? throw new DaemonException(DaemonFault.Invalid, $"Observation {index} has no time. Nothing was stored.");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            throw new DaemonException(DaemonFault.Invalid, $"The time of observation {index} is out of range. Nothing was stored.", error);
        }
    }

    private static IssuedForecastMessage Message(ForecastEvent one)
    {
        var message = new IssuedForecastMessage
        {
            Series = one.Series,
            ModelVersion = one.ModelVersion,
            StateHash = one.StateHash,
            Origin = one.Origin.ToTimestamp(),
            Timestamps = { one.Timestamps.Select(time => time.ToTimestamp()) },
            Mean = { one.Mean },
            Intervals = { one.Intervals.Select(interval => new IntervalMessage { Level = interval.Level, Lower = { interval.Lower }, Upper = { interval.Upper } }) },
        };
        if (one.Number is { } number)
        {
            message.Number = number;
        }

        return message;
    }
}
