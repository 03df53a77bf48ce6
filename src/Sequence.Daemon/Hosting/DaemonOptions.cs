using System.Net;

namespace Sequence.Daemon;

/// <summary>How the daemon is run.</summary>
public sealed record DaemonOptions
{
    /// <summary>Where it listens when nothing else is said.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8347";

    /// <summary>Folder of the store, the models and the lock; made when missing.</summary>
    public required string DataDir { get; init; }

    /// <summary>
    /// Where it listens: addresses such as http://127.0.0.1:8347, several parted by semicolons. Port 0 takes any that is
    /// free. Only loopback: there is no authentication, so other machines must not reach it.
    /// </summary>
    /// <value>Default: <see cref="DefaultUrl"/>.</value>
    public string Urls { get; init; } = DefaultUrl;

    /// <summary>Models and their versions.</summary>
    public RegistryOptions Registry { get; init; } = new();

    /// <summary>Trainings and evaluations.</summary>
    public JobOptions Jobs { get; init; } = new();

    /// <summary>Throws when an option cannot be used.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (string.IsNullOrWhiteSpace(DataDir))
        {
            faults.Add("DataDir is empty; give a folder.");
        }
        else if (File.Exists(DataDir))
        {
            faults.Add($"DataDir is '{DataDir}', which is a file; give a folder.");
        }

        _ = Endpoints(faults);
        Registry.Check(faults);
        Jobs.Check(faults);
        ConfigurationException.ThrowIfAny(faults);
    }

    internal IReadOnlyList<IPEndPoint> Endpoints() => Endpoints([]);

    private List<IPEndPoint> Endpoints(List<string> faults)
    {
        List<IPEndPoint> endpoints = [];
        foreach (var url in Urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address is not { Scheme: "http", PathAndQuery: "/", UserInfo: "", Fragment: "" })
            {
                faults.Add($"Urls holds '{url}'; give http://, an address and a port, for example {DefaultUrl}.");
            }
            else if (Loopback(address.IdnHost) is { } loopback)
            {
                endpoints.Add(new IPEndPoint(loopback, address.Port));
            }
            else
            {
                faults.Add(
                    $"Urls holds '{url}', which other machines may reach; without authentication, which this daemon does not have yet, only " +
                    "loopback is allowed: 127.0.0.1, [::1] or localhost.");
            }
        }

        if (endpoints.Count == 0 && faults.Count == 0)
        {
            faults.Add($"Urls is empty; give an address, for example {DefaultUrl}.");
        }

        return endpoints;
    }

    private static IPAddress? Loopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address) ? address
        : null;
}
