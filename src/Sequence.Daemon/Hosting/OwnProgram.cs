namespace Sequence.Daemon.Hosting;

/// <summary>How the command that runs this daemon is started once more, for a child process.</summary>
internal static class OwnProgram
{
    /// <summary>The program and its first arguments: those given, or this one's.</summary>
    /// <exception cref="ConfigurationException">The path of this program is unknown.</exception>
    public static string[] Or(string[] given)
    {
        if (given.Length > 0)
        {
            return given;
        }

        // Under "dotnet sequence.dll" the process is dotnet's.
        var path = Environment.ProcessPath ?? throw new ConfigurationException(
            "The path of this program is unknown; give Jobs.Program and Workers.Program.");
        return Path.GetFileNameWithoutExtension(path).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            ? [path, Path.GetFullPath(Environment.GetCommandLineArgs()[0])]
            : [path];
    }
}
