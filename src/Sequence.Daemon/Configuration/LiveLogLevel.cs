using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Sequence.Daemon.Configuration;

/// <summary>The level of the log, as the options have it now.</summary>
internal sealed class LiveLogLevel : IConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>
{
    private readonly LiveOptions _live;
    private ConfigurationReloadToken _next = new();

    public LiveLogLevel(LiveOptions live)
    {
        _live = live;
        live.Changed += (_, _) => Interlocked.Exchange(ref _next, new ConfigurationReloadToken()).OnReload();
    }

    public string Name => Options.DefaultName;

    public void Configure(LoggerFilterOptions options) => options.MinLevel = _live.Value.LogLevel;

    public IChangeToken GetChangeToken() => _next;
}
