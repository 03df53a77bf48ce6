using Npgsql;

namespace Sequence.Daemon.Storage.Postgres;

/// <summary>The tables of the store in a PostgreSQL database, and the check that they are ours.</summary>
internal static class PostgresSchema
{
    public const int Version = 2;

    // Locks of a whole database are numbers. Several daemons that start at once, or need the same partition, wait here.
    public const long Lock = 0x5365_7175_656E_6365;

    // What an append asks of a series stands beside it. Observations refer to it without a foreign key: attaching a partition
    // would lock the table of series against appends, and no series is ever deleted. Numbers have a table of their own
    // because an index over all partitions cannot be unique without the event time.
    private const string VersionOne =
        """
        CREATE TABLE series (
            key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id text COLLATE "C" NOT NULL UNIQUE,
            frequency text NOT NULL,
            model text NOT NULL,
            horizon integer NOT NULL,
            levels double precision[] NOT NULL,
            known bigint NOT NULL DEFAULT 0,
            revised bigint NOT NULL DEFAULT 0,
            first_event bigint,
            last_event bigint,
            last_number bigint);
        CREATE TABLE observation (
            series bigint NOT NULL,
            event bigint NOT NULL,
            revision integer NOT NULL,
            value double precision NOT NULL,
            known bigint NOT NULL,
            number bigint) PARTITION BY RANGE (event);
        CREATE UNIQUE INDEX observation_event ON observation (series, event, revision DESC);
        CREATE TABLE numbered (
            series bigint NOT NULL,
            number bigint NOT NULL,
            event bigint NOT NULL,
            value double precision NOT NULL,
            PRIMARY KEY (series, number));
        CREATE TABLE forecast (
            key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            series bigint NOT NULL,
            origin bigint NOT NULL,
            issued bigint NOT NULL,
            model_version text NOT NULL,
            state_hash text NOT NULL,
            body text NOT NULL,
            UNIQUE (series, origin, model_version, state_hash));
        CREATE INDEX forecast_series ON forecast (series, key);
        CREATE TABLE snapshot (
            series bigint NOT NULL,
            model_version text NOT NULL,
            event bigint NOT NULL,
            known bigint NOT NULL,
            body bytea NOT NULL,
            PRIMARY KEY (series, model_version, event));
        CREATE TABLE document (
            kind text COLLATE "C" NOT NULL,
            key text COLLATE "C" NOT NULL,
            revision bigint NOT NULL,
            body bytea NOT NULL,
            PRIMARY KEY (kind, key));
        """;

    // Ticks of the period of the schedule; zero for a forecast at each append.
    private const string VersionTwo = "ALTER TABLE series ADD COLUMN forecast_every bigint NOT NULL DEFAULT 0;";

    private static readonly string[] Versions = [VersionOne, VersionTwo];

    /// <summary>
    /// Makes the tables in an empty schema and brings an older store up to date, in one transaction, while others that start
    /// at the same time wait; refuses a schema that holds something else.
    /// </summary>
    /// <exception cref="ConfigurationException">It is of a newer version, or no store of the daemon.</exception>
    public static async Task PrepareAsync(NpgsqlConnection connection)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({Lock})");
        var tables = (long)(await ScalarAsync(
            connection, "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"))!;
        var ours = await ScalarAsync(connection, "SELECT to_regclass('sequence_store')::text") is string;
        var version = ours ? (int)(await ScalarAsync(connection, "SELECT version FROM sequence_store"))! : 0;
        if (version > Version)
        {
            throw new ConfigurationException(
                $"The store in database {connection.Database} has schema version {version}; this daemon knows versions up to {Version}. Run " +
                "the newer daemon that wrote it, or give another database.");
        }

        if (!ours && tables != 0)
        {
            throw new ConfigurationException(
                $"The database {connection.Database} holds tables, but no store of the daemon. Give a database of its own: CREATE DATABASE sequence.");
        }

        if (version < Version)
        {
            await ExecuteAsync(
                connection,
                $"""
                CREATE TABLE IF NOT EXISTS sequence_store (version integer NOT NULL);
                {string.Concat(Versions[version..])}
                DELETE FROM sequence_store;
                INSERT INTO sequence_store VALUES ({Version});
                """);
        }

        await transaction.CommitAsync();
    }

    public static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
