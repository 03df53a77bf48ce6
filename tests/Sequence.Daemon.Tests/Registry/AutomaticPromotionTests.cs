using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sequence.Daemon.Registry;

namespace Sequence.Daemon.Tests.Registry;

[TestClass]
public sealed class AutomaticPromotionTests : IDisposable
{
    private static readonly PromotionOptions Options = new() { Window = 40, MinimumPairs = 20, Automatic = true, Every = TimeSpan.FromHours(1) };

    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task Challenger_ThatCannotServe_HoldsUpNoOtherModelAndIsTestedOnce()
    {
        await using var daemon = await StartAsync(Options);
        var registry = daemon.Services.GetRequiredService<ModelRegistry>();
        var records = daemon.Services.GetRequiredService<ModelRecords>();

        // A daily series of model a cannot run on its challenger, which is hourly.
        var first = await daemon.UploadAsync("a", 3);
        (await daemon.AliasAsync("a", "champion", first)).Json();
        await daemon.PutAsync("s", """{"frequency":"D","model":"model:a"}""");
        var hourly = (await daemon.SendArchiveAsync("a", CheckpointArchive.Write(Versions.Files(4, "H")))).Json().GetProperty("version").GetString()!;
        await records.ChangeAsync("a", old => old.With(ModelAlias.Challenger, hourly));
        await ScoreAsync(daemon, "a", first, hourly);
        var second = await ChallengedAsync(daemon, "b");
        await registry.PromoteAutomaticallyAsync(default);
        var held = await records.GetAsync("a");
        Assert.AreEqual(first, held[ModelAlias.Champion]);
        Assert.AreEqual(hourly, held[ModelAlias.Challenger]);
        Assert.AreEqual(Days.First.AddDays(39), held.TestedThrough);
        Assert.AreEqual(second, (await records.GetAsync("b"))[ModelAlias.Champion]);
    }

    [TestMethod]
    public async Task Errors_WithoutAFiniteSquare_AreNoFault()
    {
        await using var daemon = await StartAsync(Options);
        var second = await ChallengedAsync(daemon, "m", largest: 1e155);
        var model = await daemon.GetAsync("/models/m");
        Assert.AreEqual(39, model.GetProperty("scores").GetProperty("challenger").GetProperty("times").GetInt32());
        Assert.AreEqual(HttpStatusCode.OK, (await daemon.SendAsync(HttpMethod.Post, "/models/m/promote", "{}")).Status);
        Assert.AreEqual(second, (await daemon.GetAsync("/models/m")).GetProperty("aliases").GetProperty("champion").GetString());
    }

    [TestMethod]
    public async Task Clock_SetBack_PutsNoTestOff()
    {
        var clock = new ManualClock { Now = TimeProvider.System.GetUtcNow() };
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path,
            services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)),
            plain => plain with
            {
                Registry = new RegistryOptions { PollEvery = TimeSpan.FromMilliseconds(50), Promotion = Options with { Every = TimeSpan.FromMilliseconds(50) } },
            });
        clock.Now -= TimeSpan.FromDays(1);
        var second = await ChallengedAsync(daemon, "m");
        await daemon.UntilAsync("/models/m", model => model.GetProperty("aliases").GetProperty("champion").GetString() == second);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A model with a champion and a challenger that is better.</summary>
    /// <returns>The challenger.</returns>
    private static async Task<string> ChallengedAsync(RunningDaemon daemon, string model, double largest = 3)
    {
        var (first, second) = (await daemon.UploadAsync(model, 3), await daemon.UploadAsync(model, 4));
        (await daemon.AliasAsync(model, "champion", first)).Json();
        (await daemon.AliasAsync(model, "challenger", second)).Json();
        await ScoreAsync(daemon, model, first, second, largest);
        return second;
    }

    private static async Task ScoreAsync(RunningDaemon daemon, string model, string champion, string other, double largest = 3)
    {
        var scores = new ShadowScores(champion, 40);
        for (var day = 0; day < 40; day++)
        {
            scores.Add(new ScorePair(Days.First.AddDays(day), day == 20 ? largest : 3 + (day % 2), 1));
        }

        Assert.IsNotNull(await daemon.Services.GetRequiredService<ScoreBoard>().PutAsync(model, other, "s", 0, scores));
    }

    private Task<RunningDaemon> StartAsync(PromotionOptions options) => RunningDaemon.StartAsync(
        _folder.Path, change: plain => plain with { Registry = new RegistryOptions { Promotion = options } });
}
