using Orleans.Configuration;

namespace Sequence.Daemon.Hosting;

/// <summary>Series that nobody asks leave memory.</summary>
internal static class IdleSeries
{
    // How often the engine looks for them, where they may stay for longer than that.
    private static readonly TimeSpan Quantum = TimeSpan.FromMinutes(1);

    public static void LetGoOfIdleSeries(this ISiloBuilder silo, TimeSpan idleAfter) => silo.Configure<GrainCollectionOptions>(collection =>
    {
        collection.CollectionAge = idleAfter;
        collection.CollectionQuantum = idleAfter / 2 < Quantum ? idleAfter / 2 : Quantum;
    });
}
