using System.Net;

namespace Sequence.Daemon;

/// <summary>How the daemon is run.</summary>
public sealed record DaemonOptions
{
    /// <summary>Where it listens when nothing else is said.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8347";

    private static readonly TimeSpan ShortestIdle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromDays(30);

    /// <summary>Folder of the store, the models and the lock; made when missing.</summary>
    public required string DataDir { get; init; }

    /// <summary>
    /// Where it listens: addresses such as http://127.0.0.1:8347, several parted by semicolons. Port 0 takes any that is
    /// free. Only loopback: there is no authentication, so other machines must not reach it.
    /// </summary>
    /// <value>Default: <see cref="DefaultUrl"/>.</value>
    public string Urls { get; init; } = DefaultUrl;

    /// <summary>
    /// How long a series that nobody asks stays in memory, from 1 s to 30 days. It is then left in the store, with a snapshot of
    /// its state, and comes back with the next request for it.
    /// </summary>
    /// <value>Default: 10 minutes.</value>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(10);

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

        if (IdleAfter < ShortestIdle || IdleAfter > LongestIdle)
        {
            faults.Add($"IdleAfter is {IdleAfter}; give {ShortestIdle} to {LongestIdle}, for example 00:10:00.");
        }

        _ = Endpoints(faults);
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
