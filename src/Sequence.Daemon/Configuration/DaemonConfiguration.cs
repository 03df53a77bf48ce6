using System.Text.Json.Nodes;
using Sequence.Daemon.Configuration;

namespace Sequence.Daemon;

/// <summary>Where the options come from: a JSON file, and what was typed, which wins.</summary>
public sealed record DaemonConfiguration
{
    /// <summary>The file: an object of the members of <see cref="DaemonOptions"/>, in which comments are allowed.</summary>
    /// <value>Default: none.</value>
    public string? File { get; init; }

    /// <summary>The data folder, when it was typed.</summary>
    public string? DataDir { get; init; }

    /// <summary>The addresses, when they were typed.</summary>
    public string? Urls { get; init; }

    /// <summary>Reads the file and puts what was typed in its place.</summary>
    /// <exception cref="ConfigurationException">Lists every fault of the file and of the options.</exception>
    public DaemonOptions Read()
    {
        List<string> faults = [];
        JsonObject tree = [];
        if (File is not null)
        {
            try
            {
                tree = OptionTree.Parse(System.IO.File.ReadAllText(File), Path.GetFileName(File), faults);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                faults.Add($"Config is '{File}', which cannot be read: {error.Message}");
            }
        }

        Put("dataDir", DataDir ?? tree["dataDir"]?.GetValue<string>() ?? string.Empty);
        Put("urls", Urls);
        var options = OptionTree.Read(tree);
        try
        {
            options.Validate();
        }
        catch (ConfigurationException error)
        {
            faults.AddRange(error.Faults);
        }

        ConfigurationException.ThrowIfAny(faults);
        return options;

        void Put(string name, string? value)
        {
            if (value is not null)
            {
                tree[name] = value;
            }
        }
    }
}
