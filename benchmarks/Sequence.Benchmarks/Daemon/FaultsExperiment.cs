using System.Globalization;
using Microsoft.Data.Sqlite;
using Sequence.Tests;

namespace Sequence.Benchmarks.Daemon;

/// <summary>
/// What the daemon does, under the load of eight clients, when its disk is full or read-only, its file is damaged, cut or
/// deleted, or its clock is set back; and what became of everything it had acknowledged. Needs the rights of root on Linux;
/// the clock also libfaketime (Debian: faketime).
/// </summary>
/// <remarks>Arguments: seconds before, in and after each fault (default 10), and the faults (default all).</remarks>
internal static class FaultsExperiment
{
    private static readonly Dictionary<string, Func<string, TimeSpan, Task<bool>>> Faults = new(StringComparer.Ordinal)
    {
        ["full"] = FullDiskAsync,
        ["locked"] = LockedFilesAsync,
        ["read-only"] = ReadOnlyFileSystemAsync,
        ["overwritten"] = (folder, time) => DamagedAsync("store.db overwritten", folder, time, Overwrite),
        ["cut"] = (folder, time) => DamagedAsync("store.db cut to half", folder, time, Cut),
        ["deleted"] = (folder, time) => DamagedAsync("data folder deleted", folder, time, path => Directory.Delete(path, recursive: true)),
        ["lock"] = LockFileAsync,
        ["clock"] = ClockFault.RunAsync,
        ["broken"] = BrokenAtStartAsync,
        ["check"] = CheckOfLargeStore.RunAsync,
    };

    internal static int Run(string[] arguments)
    {
        var time = TimeSpan.FromSeconds(arguments.Length > 0 ? double.Parse(arguments[0], CultureInfo.InvariantCulture) : 10);
        var isWhole = true;
        Console.WriteLine("| fault | batches acknowledged in it | what the refused were told | ready says | process | served again after s | acknowledged / lost / twice / foreign |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var name in arguments.Length > 1 ? arguments[1..] : [.. Faults.Keys])
        {
            // Not in /tmp, which can be a file system that knows no immutable files.
            var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"faults-{Environment.ProcessId}-{name}")).FullName;
            try
            {
                isWhole &= Faults[name](folder, time).GetAwaiter().GetResult();
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return isWhole ? 0 : 1;
    }

    private static async Task<bool> FullDiskAsync(string folder, TimeSpan time)
    {
        Shell.Must("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder);
        try
        {
            using var run = await FaultRun.StartAsync("disk full", Path.Combine(folder, "data"));
            var ballast = Path.Combine(folder, "ballast");
            return Report(await run.RunAsync(
                time,
                () =>
                {
                    Shell.Run("dd", "if=/dev/zero", $"of={ballast}", "bs=4k");
                    return Task.CompletedTask;
                },
                () =>
                {
                    File.Delete(ballast);
                    return Now();
                }));
        }
        finally
        {
            Shell.Run("umount", "-l", folder);
        }
    }

    /// <summary>
    /// A file system with files open for writing refuses to be remounted read-only, so that the files and their folder are made
    /// immutable instead: writes fail, and no file can be made.
    /// </summary>
    private static async Task<bool> LockedFilesAsync(string folder, TimeSpan time)
    {
        using var run = await FaultRun.StartAsync("folder and files unwritable (chattr +i)", folder);
        string[] files = [Path.Combine(folder, "store.db"), Path.Combine(folder, "store.db-wal"), folder];
        try
        {
            return Report(await run.RunAsync(
                time,
                () =>
                {
                    Shell.Must("chattr", ["+i", .. files]);
                    return Task.CompletedTask;
                },
                () =>
                {
                    Shell.Must("chattr", ["-i", .. files]);
                    return Now();
                }));
        }
        finally
        {
            Shell.Run("chattr", ["-i", .. files]);
            await run.StopDaemonAsync();
        }
    }

    /// <summary>Ext4 turns itself read-only on an error, and writable again only when it is mounted anew.</summary>
    private static async Task<bool> ReadOnlyFileSystemAsync(string folder, TimeSpan time)
    {
        var (image, mounted) = (Path.Combine(folder, "image"), Directory.CreateDirectory(Path.Combine(folder, "mounted")).FullName);
        Shell.Must("truncate", "-s", "256M", image);
        Shell.Must("mkfs.ext4", "-q", image);
        Shell.Must("mount", "-o", "loop,errors=remount-ro", image, mounted);
        try
        {
            using var run = await FaultRun.StartAsync("file system turned read-only (ext4 error)", Path.Combine(mounted, "data"));
            var isWhole = Report(await run.RunAsync(
                time,
                async () =>
                {
                    var device = (await File.ReadAllLinesAsync("/proc/mounts")).Select(line => line.Split(' ')).Single(line => string.Equals(line[1], mounted, StringComparison.Ordinal))[0];
                    await File.WriteAllTextAsync($"/sys/fs/ext4/{Path.GetFileName(device)}/trigger_fs_error", "1");
                },
                async () =>
                {
                    var exit = await run.StopDaemonAsync();
                    Shell.Must("umount", mounted);
                    Shell.Run("e2fsck", "-fy", image);
                    Shell.Must("mount", "-o", "loop", image, mounted);
                    var mountedAgain = TimeProvider.System.GetTimestamp();
                    await run.StartDaemonAsync();
                    await Console.Error.WriteLineAsync($"  Stopped on the read-only file system with exit code {exit}.");
                    return mountedAgain;
                }));
            await run.StopDaemonAsync();
            Shell.Must("mount", "-o", "remount,ro", mounted);
            var start = "listened";
            try
            {
                await run.StartDaemonAsync();
            }
            catch (InvalidOperationException refusal)
            {
                start = refusal.Message.ReplaceLineEndings(" ");
            }

            await Console.Error.WriteLineAsync($"  Start on a file system mounted read-only: {start}");
            return isWhole;
        }
        finally
        {
            Shell.Run("umount", "-l", mounted);
        }
    }

    /// <summary>Damages the store under the daemon; a backup of just before the damage is put back, so that what came after it is lost.</summary>
    private static async Task<bool> DamagedAsync(string name, string folder, TimeSpan time, Action<string> damage)
    {
        var (data, backup) = (Path.Combine(folder, "data"), Path.Combine(folder, "backup"));
        using var run = await FaultRun.StartAsync(name, data);
        var (before, seconds) = (0L, 0.0);
        var report = await run.RunAsync(
            time,
            async () =>
            {
                BackUp(data, backup);
                before = run.Load.Acknowledged;
                damage(data);
                seconds = await UntilNotReadyAsync(run);
            },
            async () =>
            {
                var exit = await run.StopDaemonAsync();
                if (Directory.Exists(data))
                {
                    Directory.Delete(data, recursive: true);
                }

                Shell.Must("cp", "-r", backup, data);
                var restored = TimeProvider.System.GetTimestamp();
                await run.StartDaemonAsync();
                await Console.Error.WriteLineAsync($"  {name}: exit code when stopped {exit}.");
                return restored;
            });
        FaultRun.Print(report);
        var atMost = report.Acknowledged - before;
        await Console.Error.WriteLineAsync($"  {name}: not ready {seconds:F2} s after it; the backup lacked {report.Lost:N0} acknowledged; some {atMost:N0} came after it.");

        // Those of the backup are all there.
        return report is { Lived: true, Recovered: not null, Twice: 0, Foreign: 0 };
    }

    private static void BackUp(string data, string backup)
    {
        Directory.CreateDirectory(backup);
        Shell.Must("cp", "-r", Path.Combine(data, "models"), backup);
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "store.db")};Mode=ReadWrite;Pooling=False");
        connection.Open();
        using var copy = connection.CreateCommand();
        copy.CommandText = $"VACUUM INTO '{Path.Combine(backup, "store.db")}'";
        copy.ExecuteNonQuery();
    }

    /// <summary>Reads all series again and again, as clients would; seconds until it is not ready.</summary>
    private static async Task<double> UntilNotReadyAsync(FaultRun run)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30))
        {
            if (!(await run.ReadyAsync()).StartsWith("200", StringComparison.Ordinal))
            {
                return TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            }

            try
            {
                await run.Load.CheckAsync();
            }
            catch (HttpRequestException)
            {
                // This is what it waits for.
            }
        }

        return double.NaN;
    }

    private static void Overwrite(string data)
    {
        using var file = new FileStream(Path.Combine(data, "store.db"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = file.Length / 4;
        file.Write(Enumerable.Repeat((byte)0xA5, (int)(file.Length / 2)).ToArray());
    }

    private static void Cut(string data)
    {
        using var file = new FileStream(Path.Combine(data, "store.db"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(file.Length / 2);
    }

    private static async Task<bool> LockFileAsync(string folder, TimeSpan time)
    {
        using var run = await FaultRun.StartAsync("lock file deleted, a second daemon started", folder);
        var second = DaemonProcess.Launch("--version");
        try
        {
            return Report(await run.RunAsync(
                time,
                async () =>
                {
                    File.Delete(Path.Combine(folder, "daemon.lock"));
                    second.Dispose();
                    second = DaemonProcess.Launch("daemon", "run", "--data-dir", folder, "--urls", "http://127.0.0.1:0");
                    try
                    {
                        await DaemonProcess.ListeningAsync(second);
                        await Console.Error.WriteLineAsync("  The second daemon listens.");
                    }
                    catch (InvalidOperationException refusal)
                    {
                        await Console.Error.WriteLineAsync($"  The second daemon: {refusal.Message}");
                    }
                },
                Now));
        }
        finally
        {
            second.Dispose();
        }
    }

    private static async Task<bool> BrokenAtStartAsync(string folder, TimeSpan time)
    {
        using var run = await FaultRun.StartAsync("no fault", folder);
        var isWhole = Report(await run.RunAsync(time / 3, () => Task.CompletedTask, Now));
        await run.StopDaemonAsync();
        Console.WriteLine();
        return await BrokenFiles.RunAsync(run) && isWhole;
    }

    private static Task<long> Now() => Task.FromResult(TimeProvider.System.GetTimestamp());

    private static bool Report(FaultReport report)
    {
        FaultRun.Print(report);
        return report.IsWhole;
    }
}
