using Orleans.Metadata;
using Sequence.Daemon.Engine;

namespace Sequence.Daemon.Telemetry;

/// <summary>Counts the series whose grains are in memory, by the beginning and the end of each.</summary>
internal sealed class ActiveSeries : IConfigureGrainContextProvider, IConfigureGrainContext
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool TryGetConfigurator(GrainType grainType, GrainProperties properties, out IConfigureGrainContext configurator)
    {
        configurator = this;
        return properties.Properties.TryGetValue(WellKnownGrainTypeProperties.TypeName, out var name) && name == nameof(SeriesGrain);
    }

    public void Configure(IGrainContext context) => context.ObservableLifecycle.Subscribe(
        nameof(ActiveSeries),
        GrainLifecycleStage.First,
        _ =>
        {
            Interlocked.Increment(ref _count);
            return Task.CompletedTask;
        },
        _ =>
        {
            Interlocked.Decrement(ref _count);
            return Task.CompletedTask;
        });
}
