using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Sequence.Daemon.Security;

/// <summary>
/// The certificate for https, from PEM files. The files are looked at with every handshake and read again when they have
/// changed; while the new ones do not belong together, the old certificate serves.
/// </summary>
internal sealed partial class ServerCertificate : IDisposable
{
    private readonly string _file;
    private readonly string? _key;
    private readonly Lock _gate = new();
    private (FileStamp File, FileStamp Key) _seen;
    private X509Certificate2 _certificate;

    private ServerCertificate(SafetyOptions options)
    {
        _file = options.CertificateFile!;
        _key = options.CertificateKeyFile;
        _seen = Stamps();
        (_certificate, Context) = Load();
    }

    private SslStreamCertificateContext Context { get; set; }

    /// <summary>Reads the files.</summary>
    /// <exception cref="ConfigurationException">They are missing, or are no certificate with its key.</exception>
    public static ServerCertificate Open(SafetyOptions options)
    {
        try
        {
            return new ServerCertificate(options);
        }
        catch (Exception error) when (IsFault(error))
        {
            throw new ConfigurationException(
                $"Safety.CertificateFile {options.CertificateFile} with the key in {options.CertificateKeyFile ?? "the same file"} cannot be used: " +
                $"{error.Message} Give PEM files of a certificate and of its key, which has no password.");
        }
    }

    /// <summary>The certificate as it is now.</summary>
    public SslStreamCertificateContext Current(ILogger log)
    {
        lock (_gate)
        {
            var stamps = Stamps();
            if (stamps != _seen)
            {
                _seen = stamps;
                try
                {
                    (_certificate, Context) = Load();
                    LogRead(log, _certificate.NotAfter.ToUniversalTime());
                }
                catch (Exception error) when (IsFault(error))
                {
                    LogBroken(log, error.Message);
                }
            }

            return Context;
        }
    }

    public void Dispose() => _certificate.Dispose();

    private static bool IsFault(Exception error) =>
        error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private (FileStamp File, FileStamp Key) Stamps() => (FileStamp.Of(_file), FileStamp.Of(_key ?? _file));

    private (X509Certificate2 Certificate, SslStreamCertificateContext Context) Load()
    {
        var certificate = X509Certificate2.CreateFromPemFile(_file, _key);
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(_file);
        return (certificate, SslStreamCertificateContext.Create(certificate, chain, offline: true));
    }

    [LoggerMessage(LogLevel.Information, "The certificate was read again; it is valid until {Until:O}")]
    private static partial void LogRead(ILogger log, DateTime until);

    [LoggerMessage(LogLevel.Error, "The files of the certificate have changed and cannot be used; the old one serves on: {Fault}")]
    private static partial void LogBroken(ILogger log, string fault);
}
