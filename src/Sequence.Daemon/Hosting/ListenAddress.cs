using System.Net;

namespace Sequence.Daemon.Hosting;

/// <summary>One address of <see cref="DaemonOptions.Urls"/>.</summary>
/// <param name="Endpoint">Address and port.</param>
/// <param name="IsHttps">Whether it speaks TLS.</param>
internal sealed record ListenAddress(IPEndPoint Endpoint, bool IsHttps)
{
    private static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>The addresses of options that were checked.</summary>
    public static IReadOnlyList<ListenAddress> Of(DaemonOptions options) => Read(options.Urls, []);

    /// <summary>The names that a request may give as its Host.</summary>
    public static IList<string> HostNames(DaemonOptions options) =>
    [
        .. LoopbackNames,
        .. options.Safety.Hosts,
        .. Of(options).Where(one => !IsAny(one)).Select(one => one.Endpoint.Address).Select(address =>
            address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString()),
    ];

    /// <summary>Adds what is wrong with where the daemon shall listen.</summary>
    public static void Check(DaemonOptions options, bool hasKeys, List<string> faults)
    {
        var before = faults.Count;
        var addresses = Read(options.Urls, faults);
        if (addresses.Count == 0 && faults.Count == before)
        {
            faults.Add($"Urls is empty; give an address, for example {DaemonOptions.DefaultUrl}.");
        }

        foreach (var one in addresses)
        {
            if (!IPAddress.IsLoopback(one.Endpoint.Address) && !hasKeys)
            {
                faults.Add(
                    $"Urls holds '{one}', which other machines may reach; without authentication only loopback is allowed (127.0.0.1, [::1] " +
                    "or localhost): make a key first, with sequence daemon key add.");
            }

            if (IsAny(one) && options.Safety.Hosts.Length == 0)
            {
                faults.Add($"Urls holds '{one}', which is any address of this machine; say in Safety.Hosts by which names it is reached.");
            }

            if (one.IsHttps && options.Safety.CertificateFile is null)
            {
                faults.Add($"Urls holds '{one}', which needs a certificate; give Safety.CertificateFile.");
            }
        }
    }

    public override string ToString() => $"{(IsHttps ? "https" : "http")}://{Endpoint}";

    private static bool IsAny(ListenAddress one) => one.Endpoint.Address.Equals(IPAddress.Any) || one.Endpoint.Address.Equals(IPAddress.IPv6Any);

    private static List<ListenAddress> Read(string urls, List<string> faults)
    {
        List<ListenAddress> addresses = [];
        foreach (var url in urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Uri.TryCreate(url, UriKind.Absolute, out var address)
                && address is { Scheme: "http" or "https", PathAndQuery: "/", UserInfo: "", Fragment: "" }
                && Numbered(address.IdnHost) is { } host)
            {
                addresses.Add(new ListenAddress(new IPEndPoint(host, address.Port), address.Scheme == "https"));
            }
            else
            {
                faults.Add(
                    $"Urls holds '{url}'; give http:// or https://, an address in numbers or localhost, and a port, for example {DaemonOptions.DefaultUrl}.");
            }
        }

        return addresses;
    }

    private static IPAddress? Numbered(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address
        : null;
}
