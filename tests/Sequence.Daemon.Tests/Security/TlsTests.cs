using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sequence.Daemon.Tests.Security;

[TestClass]
public sealed class TlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _files = new();

    private SafetyOptions Safety => new() { CertificateFile = _files.File("cert.pem"), CertificateKeyFile = _files.File("key.pem") };

    [TestMethod]
    public async Task Https_WithACertificateOfItsOwn_ServesAndTakesANewOneWithoutARestart()
    {
        using var first = Write("first");
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, change: options => options with { Urls = "https://127.0.0.1:0", Safety = Safety });
        Assert.AreEqual(Uri.UriSchemeHttps, daemon.Client.BaseAddress!.Scheme);
        Assert.AreEqual(HttpVersion.Version20, await AskAsync(first));

        // Half of a change: the key no longer belongs to the certificate, and the old pair serves on.
        var certificate = await File.ReadAllTextAsync(_files.File("cert.pem"));
        using var second = Write("second");
        var renewed = await File.ReadAllTextAsync(_files.File("cert.pem"));
        await File.WriteAllTextAsync(_files.File("cert.pem"), certificate + "\n");
        Assert.AreEqual(HttpVersion.Version20, await AskAsync(first));
        await File.WriteAllTextAsync(_files.File("cert.pem"), renewed + "\n\n");
        Assert.AreEqual(HttpVersion.Version20, await AskAsync(second));
        await Assert.ThrowsExactlyAsync<HttpRequestException>(() => AskAsync(first));

        // A client that trusts one certificate and no other.
        async Task<Version> AskAsync(X509Certificate2 trusted)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(trusted);
            using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } })
            {
                BaseAddress = daemon.Client.BaseAddress,
                DefaultRequestVersion = HttpVersion.Version20,
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            };
            using var answer = await client.GetAsync("/health/live");
            Assert.AreEqual("live", await answer.Content.ReadAsStringAsync());
            return answer.Version;
        }
    }

    [TestMethod]
    public void Https_WithoutACertificateThatCanBeUsed_IsRefused()
    {
        var options = new DaemonOptions { DataDir = _folder.Path, Urls = "https://127.0.0.1:0" };
        Assert.Contains("Safety.CertificateFile", Refused(options));
        Assert.Contains("cannot be used", Refused(options with { Safety = Safety }));
        Write("one").Dispose();
        using var other = RSA.Create(2048);
        File.WriteAllText(_files.File("key.pem"), other.ExportPkcs8PrivateKeyPem());
        Assert.Contains("cannot be used", Refused(options with { Safety = Safety }));
        Assert.Contains("give both", Refused(options with { Safety = new SafetyOptions { CertificateKeyFile = "key.pem" } }));

        static string Refused(DaemonOptions options) => Assert.ThrowsExactly<ConfigurationException>(options.Validate).Message;
    }

    public void Dispose()
    {
        _folder.Dispose();
        _files.Dispose();
    }

    private X509Certificate2 Write(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        File.WriteAllText(_files.File("cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_files.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
