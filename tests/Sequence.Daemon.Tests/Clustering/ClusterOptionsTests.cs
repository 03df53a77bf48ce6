namespace Sequence.Daemon.Tests.Clustering;

[TestClass]
public sealed class ClusterOptionsTests
{
    [TestMethod]
    public void Options_OfManyFaults_NameThemAllAndNoPassword()
    {
        var options = Daemon(new ClusterOptions
        {
            RedisConnection = "localhost,password=secret,unknown=secret",
            ClusterId = "a b",
            AdvertisedAddress = "0.0.0.0",
            SiloPort = 70_000,
        });
        var faults = Assert.ThrowsExactly<ConfigurationException>(options.Validate).Faults;
        Assert.HasCount(5, faults);
        Assert.Contains("a store of its own", faults[0]);
        Assert.DoesNotContain("secret", string.Concat(faults));
    }

    [TestMethod]
    [DataRow("Host=localhost;Pass word=se;cret")]
    [DataRow("Username=secret")]
    [DataRow("Host=localhost;Port=secret")]
    public void Options_OfAConnectionThatCannotBeRead_DoNotSayIt(string connection)
    {
        var faults = Assert.ThrowsExactly<ConfigurationException>(Daemon(new ClusterOptions { PostgresConnection = connection }).Validate).Faults;
        Assert.Contains("Cluster.PostgresConnection cannot be read", faults.Single());
        Assert.DoesNotContain("secret", faults[0]);
    }

    [TestMethod]
    public void Options_OfADatabaseAlone_AreTaken() => Daemon(new ClusterOptions { PostgresConnection = "Host=/run/postgresql;Database=sequence" }).Validate();

    [TestMethod]
    public void Options_AsText_HoldNoPassword()
    {
        var options = Daemon(new ClusterOptions { PostgresConnection = "Host=h;Password=secret", RedisConnection = "h:1,password=secret" });
        options.Validate();
        Assert.DoesNotContain("secret", options.ToString());
    }

    private static DaemonOptions Daemon(ClusterOptions cluster) => new() { DataDir = "data", Cluster = cluster };
}
