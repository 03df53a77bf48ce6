using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sequence.Daemon.Drops;

/// <summary>
/// Takes in the CSV files of a folder, one after the other. A file stays where it is until all of it is stored, so it is taken in
/// again after whatever went wrong.
/// </summary>
internal sealed partial class DropWatch(string folder, DropOptions options, DropReader reader, TimeProvider clock, ILogger<DropWatch> log)
    : BackgroundService
{
    private const string Pattern = "*.csv";

    private readonly Dictionary<string, (long Length, DateTime Written, long Since)> _seen = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        FileSystemWatcher? watcher = null;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var isAnyGrowing = false;
                try
                {
                    var drops = DropFolder.Open(folder);
                    watcher ??= Watch(changes.Writer);
                    isAnyGrowing = await LookThroughAsync(drops, stoppingToken);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    LogFolder(folder, error.Message);
                }

                // A file that grows tells of every change, and needs no look before it can have settled.
                await (isAnyGrowing ? Task.Delay(options.Settle, clock, stoppingToken) : ChangeAsync(changes.Reader, stoppingToken));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The file at hand is taken in again at the next start.
        }
        finally
        {
            watcher?.Dispose();
        }
    }

    /// <summary>Takes in every file that has settled.</summary>
    /// <returns>Whether another may settle soon.</returns>
    private async Task<bool> LookThroughAsync(DropFolder drops, CancellationToken stoppingToken)
    {
        var files = drops.Files();
        var isAnyGrowing = false;
        foreach (var gone in _seen.Keys.Except(files.Select(file => file.Name), StringComparer.Ordinal).ToArray())
        {
            _seen.Remove(gone);
        }

        foreach (var file in files)
        {
            if (!HasSettled(file))
            {
                isAnyGrowing = true;
                continue;
            }

            try
            {
                await TakeInAsync(drops, file, stoppingToken);
                _seen.Remove(file.Name);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // Whatever it is may pass, and no file may keep the others waiting or end the daemon.
                LogPostponed(file.Name, error.Message);
            }
        }

        return isAnyGrowing;
    }

    private bool HasSettled(FileInfo file)
    {
        if (IsAsSeen(file))
        {
            return clock.GetElapsedTime(_seen[file.Name].Since) >= options.Settle;
        }

        _seen[file.Name] = (file.Length, file.LastWriteTimeUtc, clock.GetTimestamp());
        return options.Settle == TimeSpan.Zero;
    }

    private bool IsAsSeen(FileInfo file)
    {
        file.Refresh();
        return _seen.TryGetValue(file.Name, out var seen) && file.Exists && seen.Length == file.Length && seen.Written == file.LastWriteTimeUtc;
    }

    private async Task TakeInAsync(DropFolder drops, FileInfo file, CancellationToken stoppingToken)
    {
        var aside = drops.NameAside(file);
        long taken;
        long refused;
        await using (var rejected = new RejectedRows(drops.Rejected(aside)))
        {
            await using (var content = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
            {
                taken = await reader.ReadAsync(content, file.Name, rejected, stoppingToken);
            }

            refused = rejected.Count;
            await rejected.CompleteAsync();
        }

        if (!IsAsSeen(file))
        {
            // It went on growing after all.
            return;
        }

        drops.PutAside(file, aside);
        if (refused > 0)
        {
            LogRejected(file.Name, taken, refused, drops.Rejected(aside));
        }
    }

    /// <summary>The system's own word on changes; without it, where it has no more of these, the folder is still looked through.</summary>
    private FileSystemWatcher? Watch(ChannelWriter<bool> changes)
    {
        try
        {
            var watcher = new FileSystemWatcher(folder, Pattern) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.Size | NotifyFilters.LastWrite };
            watcher.Created += (_, _) => changes.TryWrite(true);
            watcher.Changed += (_, _) => changes.TryWrite(true);
            watcher.Renamed += (_, _) => changes.TryWrite(true);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (IOException error)
        {
            LogFolder(folder, error.Message);
            return null;
        }
    }

    private async Task ChangeAsync(ChannelReader<bool> changes, CancellationToken stoppingToken)
    {
        using var patience = new CancellationTokenSource(options.Rescan, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stoppingToken);
        try
        {
            await changes.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            // Time to look again.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The folder of CSV files {Folder} cannot be looked through; it is tried again: {Reason}")]
    private partial void LogFolder(string folder, string reason);

    [LoggerMessage(LogLevel.Warning, "The file {File} stays where it is and is tried again: {Reason}")]
    private partial void LogPostponed(string file, string reason);

    [LoggerMessage(LogLevel.Warning, "Of the file {File} {Taken} rows were taken in and {Refused} refused; see {Rejected}")]
    private partial void LogRejected(string file, long taken, long refused, string rejected);
}
