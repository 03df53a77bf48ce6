using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Sequence.Daemon.Security;

/// <summary>
/// The keys as the running daemon knows them. The file is looked at with every request, and read again when it has changed,
/// so a removed key is refused at once. Once there was a key, requests need one until the daemon ends: when the last is
/// removed, or the file breaks, nobody gets in.
/// </summary>
internal sealed partial class KeyRing(KeyFile file, TimeProvider clock, ILogger<KeyRing> log)
{
    // A file system may give two changes that follow each other closely the same time.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private IReadOnlyList<Entry> _keys = [];
    private FileStamp? _seen;
    private bool _settled;
    private bool _locked;
    private string? _fault;

    /// <summary>Whether the file cannot be read.</summary>
    public bool IsBroken
    {
        get
        {
            lock (_gate)
            {
                _ = Current();
                return _fault is not null;
            }
        }
    }

    /// <summary>Whether requests need no key.</summary>
    /// <exception cref="DaemonException">The file of the keys is broken.</exception>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                _ = Current();
                return _fault is null ? !_locked : throw new DaemonException(DaemonFault.Unavailable, _fault);
            }
        }
    }

    /// <summary>
    /// Whether who began a stream may still go on with it: its key may have been removed since, or the first key made.
    /// </summary>
    public bool Admits(ClaimsPrincipal user, KeyScopes scope)
    {
        lock (_gate)
        {
            var keys = Current();
            return _fault is null
                && (!_locked || (user.FindFirstValue(SignIn.HashClaim) is { } hash && Find(keys, Convert.FromHexString(hash))?.Key.Scopes.HasFlag(scope) == true));
        }
    }

    /// <summary>The key that hashes to this, or null; every key is compared, each in constant time.</summary>
    public ApiKey? Find(ReadOnlySpan<byte> hash) => Find(Current(), hash)?.Key;

    internal static Entry? Find(IReadOnlyList<Entry> keys, ReadOnlySpan<byte> hash)
    {
        Entry? found = null;
        for (var index = 0; index < keys.Count; index++)
        {
            var one = keys[index];
            found = CryptographicOperations.FixedTimeEquals(one.Hash, hash) ? one : found;
        }

        return found;
    }

    private IReadOnlyList<Entry> Current()
    {
        lock (_gate)
        {
            var stamp = FileStamp.Of(file.Path);
            if (!_settled || stamp != _seen)
            {
                _settled = clock.GetUtcNow() - stamp.Written > Settled;
                Load(stamp);
            }

            return _keys;
        }
    }

    private void Load(FileStamp stamp)
    {
        var first = _seen is null;
        var changed = stamp != _seen;
        _seen = stamp;
        try
        {
            _keys = [.. file.Read().Select(one => new Entry(one, Convert.FromHexString(one.Hash)))];
            _fault = null;
        }
        catch (ConfigurationException error)
        {
            _keys = [];
            _locked = true;
            _fault = "The keys cannot be read, so nobody gets in; the log of the daemon says why.";
            if (changed)
            {
                LogBroken(error.Message);
            }

            return;
        }

        _locked |= _keys.Count > 0;
        if (changed && !first)
        {
            LogKeys(_keys.Count.ToString(CultureInfo.InvariantCulture));
        }
    }

    [LoggerMessage(LogLevel.Error, "{Fault} Until then nobody gets in.")]
    private partial void LogBroken(string fault);

    [LoggerMessage(LogLevel.Information, "The keys have changed; there are {Count} now")]
    private partial void LogKeys(string count);

    internal sealed record Entry(ApiKey Key, byte[] Hash);
}
