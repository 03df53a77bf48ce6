using Microsoft.Data.Sqlite;

namespace Sequence.Daemon.Storage.Sqlite;

/// <summary>The tables of the embedded store, and the check that a file holds them.</summary>
internal static class SqliteSchema
{
    public const int Version = 4;

    // "Sequ" in ASCII: tells a store of ours from any other SQLite file.
    private const int ApplicationId = 0x53657175;

    private const string VersionOne =
        """
        CREATE TABLE clock (known INTEGER NOT NULL);
        INSERT INTO clock VALUES (0);
        CREATE TABLE series (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            frequency TEXT NOT NULL,
            model TEXT NOT NULL,
            horizon INTEGER NOT NULL,
            levels TEXT NOT NULL) STRICT;
        CREATE TABLE observation (
            series INTEGER NOT NULL REFERENCES series (key),
            event INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            value REAL NOT NULL,
            known INTEGER NOT NULL,
            number INTEGER,
            PRIMARY KEY (series, event, revision)) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX observation_number ON observation (series, number) WHERE number IS NOT NULL;
        CREATE TABLE forecast (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            series INTEGER NOT NULL REFERENCES series (key),
            origin INTEGER NOT NULL,
            issued INTEGER NOT NULL,
            model_version TEXT NOT NULL,
            state_hash TEXT NOT NULL,
            body TEXT NOT NULL,
            UNIQUE (series, origin, model_version, state_hash)) STRICT;
        CREATE INDEX forecast_series ON forecast (series, key);
        """;

    // What an append and the check of a snapshot ask of a series stands beside it, not in its observations.
    private const string VersionTwo =
        """
        ALTER TABLE series ADD COLUMN known INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE series ADD COLUMN revised INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE series ADD COLUMN last_event INTEGER;
        UPDATE series SET
            known = ifnull((SELECT max(known) FROM observation WHERE series = key), 0),
            revised = ifnull((SELECT max(known) FROM observation WHERE series = key), 0),
            last_event = (SELECT max(event) FROM observation WHERE series = key);
        CREATE TABLE snapshot (
            series INTEGER NOT NULL REFERENCES series (key),
            model_version TEXT NOT NULL,
            event INTEGER NOT NULL,
            known INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (series, model_version, event)) STRICT;
        CREATE TABLE document (
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            revision INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (kind, key)) STRICT;
        """;

    // Rows of older stores have none.
    private const string VersionThree = "ALTER TABLE observation ADD COLUMN checksum INTEGER;";

    // Ticks of the period of the schedule; zero for a forecast at each append.
    private const string VersionFour = "ALTER TABLE series ADD COLUMN forecast_every INTEGER NOT NULL DEFAULT 0;";

    private static readonly string[] Versions = [VersionOne, VersionTwo, VersionThree, VersionFour];

    /// <summary>
    /// Makes the tables in an empty file and brings an older store up to date, each in one transaction; refuses a file that
    /// holds something else.
    /// </summary>
    /// <exception cref="ConfigurationException">It is of a newer version, or no store of the daemon.</exception>
    public static void Prepare(SqliteConnection connection)
    {
        var (application, version) = (Pragma("application_id"), Pragma("user_version"));
        if (application == ApplicationId && version == Version)
        {
            return;
        }

        if (application == ApplicationId && version > Version)
        {
            throw new ConfigurationException(
                $"The store {connection.DataSource} has schema version {version}; this daemon knows versions up to {Version}. " +
                "Run the newer daemon that wrote it, or give another --data-dir.");
        }

        if (application != ApplicationId && (application != 0 || version != 0 || Scalar(connection, "SELECT count(*) FROM sqlite_schema") != 0))
        {
            throw new ConfigurationException(
                $"The file {connection.DataSource} is a database, but not a store of the daemon. Move it away, or give another " +
                "--data-dir.");
        }

        Execute(
            connection,
            $"BEGIN IMMEDIATE; {string.Concat(Versions[(int)version..])} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}; COMMIT;");

        long Pragma(string name) => Scalar(connection, $"PRAGMA {name}");
    }

    /// <summary>The first thing that is wrong with the order of the file; null when nothing is. Reads all of it.</summary>
    public static string? Damage(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        return (string)command.ExecuteScalar()! is var verdict && string.Equals(verdict, "ok", StringComparison.Ordinal) ? null : verdict.ReplaceLineEndings(" ");
    }

    public static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
