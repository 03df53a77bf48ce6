namespace Sequence.Daemon;

/// <summary>The folder watched for CSV files.</summary>
public sealed record DropOptions
{
    /// <summary>The folder; a relative path is inside the data folder. Made when missing.</summary>
    /// <value>Default: null, none is watched.</value>
    public string? Folder { get; init; }

    /// <summary>How long a file must stay as it is before it is taken for whole.</summary>
    /// <value>Default: 2 seconds.</value>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the folder is looked through even when the system tells of no change, and failed files are tried again.</summary>
    /// <value>Default: 30 seconds.</value>
    public TimeSpan Rescan { get; init; } = TimeSpan.FromSeconds(30);

    internal void Check(List<string> faults)
    {
        if (Folder is not null && (Folder.Length == 0 || Folder.Contains('\0', StringComparison.Ordinal) || File.Exists(Folder)))
        {
            faults.Add($"Drops.Folder is '{Folder}', which is no folder; give one, or leave it out to watch none.");
        }
        else if (Folder is not null && !Path.IsPathRooted(Folder) && Folder.Split('/', '\\').Contains("..", StringComparer.Ordinal))
        {
            faults.Add($"Drops.Folder is '{Folder}', which leads out of the data folder; give a name in it, or a whole path.");
        }

        CheckTime(nameof(Settle), Settle, TimeSpan.Zero, faults);
        CheckTime(nameof(Rescan), Rescan, TimeSpan.FromMilliseconds(100), faults);
    }

    /// <summary>The whole path of the folder; null when none is watched.</summary>
    internal string? FolderIn(string dataDir) => Folder is null ? null : Path.GetFullPath(Folder, Path.GetFullPath(dataDir));

    private static void CheckTime(string name, TimeSpan time, TimeSpan least, List<string> faults)
    {
        if (time < least || time > TimeSpan.FromDays(1))
        {
            faults.Add($"Drops.{name} is {time}; give {least.TotalSeconds} seconds to a day.");
        }
    }
}
