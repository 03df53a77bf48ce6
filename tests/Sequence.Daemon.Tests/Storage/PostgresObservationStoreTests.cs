using Npgsql;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Storage.Postgres;

namespace Sequence.Daemon.Tests.Storage;

[TestClass]
public sealed class PostgresObservationStoreTests : ObservationStoreContract
{
    private string _connection = null!;

    [TestInitialize]
    public async Task MakeDatabaseAsync() => _connection = await Servers.DatabaseAsync();

    private protected override IObservationStore Open(TimeProvider clock) => OpenAsync(clock).GetAwaiter().GetResult();

    private Task<PostgresObservationStore> OpenAsync(TimeProvider clock) => PostgresObservationStore.OpenAsync(_connection, clock);
}
