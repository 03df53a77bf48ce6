using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Watching;

namespace Sequence.Daemon.Jobs;

/// <summary>Queues a training when a series of a model that asks for it is found to have drifted.</summary>
internal sealed partial class DriftRetraining(
    DriftLog drift, IObservationStore store, Registry.ModelRecords records, Retraining retraining, ILogger<DriftRetraining> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        drift.Listen(finding => _ = RetrainAsync(finding));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RetrainAsync(DriftFinding finding)
    {
        try
        {
            if (await store.FindAsync(finding.Series) is { } series && ModelShelf.RegisteredName(series.Model) is { } model
                && (await records.GetAsync(model)).Recipe is { RetrainOnDrift: true })
            {
                await retraining.RetrainAsync(model, $"drift of {finding.Kind} in series {finding.Series}");
            }
        }
        catch (SequenceException error)
        {
            LogNotTrained(finding.Series, error.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Series {Series} has drifted, but its model could not be trained again: {Reason}")]
    private partial void LogNotTrained(string series, string reason);
}
