namespace Sequence.Daemon.Hosting;

/// <summary>The folder of one daemon, held as long as this lives; the system lets go of it when the process dies.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Store = Path.Combine(path, "store.db");
        Models = Path.Combine(path, "models");
        _lock = held;
    }

    public string Store { get; }

    public string Models { get; }

    /// <summary>Makes the folder when it is missing, and takes it.</summary>
    /// <exception cref="ConfigurationException">Another daemon has it.</exception>
    public static DataFolder Take(string path)
    {
        Directory.CreateDirectory(Path.Combine(path, "models"));
        try
        {
            return new DataFolder(
                path, new FileStream(Path.Combine(path, "daemon.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error)
        {
            throw new ConfigurationException(
                $"The data folder {path} is in use by another daemon, or its lock cannot be taken: {error.Message} Stop that daemon, or " +
                "give another --data-dir.");
        }
    }

    public void Dispose() => _lock.Dispose();
}
