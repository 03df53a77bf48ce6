using Sequence.Daemon.Security;

namespace Sequence.Daemon;

/// <summary>By which names and over what the daemon is reached.</summary>
public sealed record SafetyOptions
{
    /// <summary>
    /// Names that a request may give as its Host, besides those of loopback and the addresses it listens on; "*.example.org"
    /// stands for every name below. A request with another name is refused, for a page in a browser may have made it.
    /// </summary>
    /// <value>Default: none.</value>
    public string[] Hosts { get; init; } = [];

    /// <summary>PEM file of the certificate for https, followed by those between it and the root; read again when it changes.</summary>
    /// <value>Default: none, and no https.</value>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of the certificate's key, without a password.</summary>
    /// <value>Default: the key is in the file of the certificate.</value>
    public string? CertificateKeyFile { get; init; }

    internal void Check(List<string> faults)
    {
        foreach (var host in Hosts)
        {
            if (Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host.Trim('[', ']')) == UriHostNameType.Unknown)
            {
                faults.Add($"Safety.Hosts holds '{host}', which is no name of a host; give for example forecasts.example.org, without a port.");
            }
        }

        if (CertificateKeyFile is not null && CertificateFile is null)
        {
            faults.Add("Safety.CertificateKeyFile is given without Safety.CertificateFile; give both.");
        }

        if (CertificateFile is not null)
        {
            try
            {
                ServerCertificate.Open(this).Dispose();
            }
            catch (ConfigurationException error)
            {
                faults.AddRange(error.Faults);
            }
        }
    }
}
