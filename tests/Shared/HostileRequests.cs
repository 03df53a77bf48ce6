using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Sequence.Numerics;

namespace Sequence.Tests;

/// <summary>
/// Requests that no client should send, drawn from a seed: broken JSON, numbers that are none, wrong types, deep nesting,
/// bodies and headers beyond every limit, paths out of the folder, archives that are none or unpack elsewhere, torn CSV, lies
/// about lengths, bytes that are no HTTP, and clients that hang up or stall in the middle.
/// </summary>
internal sealed class HostileRequests
{
    private const int LongestBody = 6 * 1024 * 1024;

    private static readonly string[] Values =
    [
        "NaN", "-Infinity", "1e999", "-1e-999", "\"1\"", "null", "true", "[]", "{}", "0x10", "01", "1.", ".5", "--1", "1e", "\"\\ud800\"", "\"\\u0000\"",
        "123456789012345678901234567890", "-0", "1e308",
    ];

    private static readonly string[] Times =
    [
        "\"2026-13-01T00:00:00Z\"", "\"2026-01-01\"", "\"2026-01-01T00:00:00\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999-14:00\"",
        "\"yesterday\"", "0", "null", "\"\"", "\"2026-01-01T25:00:00Z\"", "{\"a\":1}",
    ];

    private static readonly string[] Names =
    [
        "../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/store.db", "..%5c..%5cstore.db", "a%00b", "%ff%fe", ".hidden", "-rf", "a b", "a%0d%0aX-Evil:1",
        "%", "%zz", "\u00e9", "CON", "a/../b", "//evil.example/x", new string('a', 129), new string('a', 9000), "%252e%252e%252f", "good", "none",
    ];

    private static readonly string[] Queries =
    [
        "", "?limit=-1", "?limit=99999999999999999999", "?limit=1e3", "?after=%00", "?after=yesterday", "?knownAt=2026-99-99T00:00:00Z", "?horizon=0",
        "?horizon=2147483648", "?levels=80,80", "?levels=NaN", "?levels=" + "1,1", "?before=-9223372036854775809", "?limit=&limit=2&limit=3", "?%%%", "?search=%ff",
        "?levels=0,100", "?after=9999-12-31T23:59:59.9999999Z",
    ];

    private static readonly string[] Types =
    [
        "application/json", "application/x-ndjson", "text/csv", "text/plain", "application/json; charset=utf-16", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x", "application/grpc", "application/zip", "application/x-tar", "", "application/" + new string('x', 5000),
    ];

    private static readonly string[] Entries =
    [
        "weights.safetensors", "model.json", "../model.json", "../../../../tmp/evil", "/etc/evil", "..\\evil", "a/../../b", "C:\\evil", "a\0b", "a/b/c/d/e/f", ".", "..",
        "CON", new string('n', 90),
    ];

    private static readonly string[] Cells =
    [
        "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "1", "NaN", "1e999", "", "\"", "\"a\"\"b\"", "\"a\nb\"", "\"open", "\0", "\ufeff", "time", "value", "sequence", "=1+1", ";",
        "\ud800", new string('9', 400), new string('x', 100_000),
    ];

    private readonly CounterRandom _random;
    private readonly (string Method, string Path)[] _operations;

    /// <param name="seed">The same seed draws the same requests.</param>
    /// <param name="operations">What the daemon answers, from its OpenAPI document.</param>
    public HostileRequests(ulong seed, IEnumerable<(string Method, string Path)> operations)
    {
        _random = new CounterRandom(seed);
        _operations = [.. operations];
    }

    public HostileRequest Next() => Below(16) switch
    {
        0 => new HostileRequest("malformed JSON", Request("POST", "/series/good/observations", Mutated(Good())), Ending.Wait),
        1 => new HostileRequest("wrong types and numbers", Request("POST", "/series/good/observations", Wrong()), Ending.Wait),
        2 => new HostileRequest("deep nesting", Request(Pick("POST", "PUT"), AnyPath(), Deep()), Ending.Wait),
        3 => new HostileRequest("huge body", Request("POST", "/series/good/observations", Huge()), Ending.Wait),
        4 => new HostileRequest("path traversal", Request(Pick("GET", "PUT", "POST", "DELETE"), Path(), Encoding.UTF8.GetBytes("""{"frequency":"D","model":"../../x"}""")), Ending.Wait),
        5 => new HostileRequest("wrong definition", Request("PUT", "/series/good", Mutated("""{"frequency":"D","model":"theta","horizon":7,"levels":[80,95]}""")), Ending.Wait),
        6 => new HostileRequest("query", Request("GET", AnyPath() + Pick(Queries), null), Ending.Wait),
        7 => new HostileRequest("any operation", Any(), Ending.Wait),
        8 => new HostileRequest("headers", Headers(), Ending.Wait),
        9 => new HostileRequest("no HTTP", Garbage(), Ending.Wait),
        10 => new HostileRequest("hangs up", Cut(Request("POST", "/series/good/observations", Encoding.UTF8.GetBytes(Good()))), Ending.HangUp),
        11 => new HostileRequest("archives of models", Request("PUT", $"/models/{ModelName()}/versions", Archive(out var type), type), Ending.Wait),
        12 => new HostileRequest("CSV", Request("POST", "/series/good/observations", Csv(), "text/csv"), Ending.Wait),
        13 => new HostileRequest("aliases and promotions", Administering(), Ending.Wait),
        14 => new HostileRequest("trainings and evaluations", Job(), Ending.Wait),
        _ => new HostileRequest("slow", Cut(Request("POST", "/series/good/observations", Encoding.UTF8.GetBytes(Good()))), Ending.Stall),
    };

    private byte[] Any()
    {
        var (method, path) = Pick(_operations);
        return Request(method, Filled(path) + Pick(Queries), Below(2) == 0 ? null : Mutated(Good()));
    }

    private string AnyPath() => Filled(Pick(_operations).Path);

    /// <summary>The path with a name in place of each {placeholder}.</summary>
    private string Filled(string path) => string.Join(
        '/', path.Split('/').Select(part => part.StartsWith('{') ? Below(2) == 0 ? "good" : Pick(Names) : part));

    private string ModelName() => Below(3) == 0 ? Pick(Names) : $"model-{Below(4)}";

    private byte[] Archive(out string type)
    {
        using var bytes = new MemoryStream();
        type = Pick("application/zip", "application/x-tar", "application/json");
        if (type.EndsWith("json", StringComparison.Ordinal))
        {
            return Mutated($$"""{"path":"{{Pick(Names)}}"}""");
        }

        if (type.EndsWith("zip", StringComparison.Ordinal))
        {
            using var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true);
            for (var count = Below(4); count >= 0; count--)
            {
                using var entry = zip.CreateEntry(Pick(Entries)).Open();
                entry.Write(Content());
            }
        }
        else
        {
            using var tar = new TarWriter(bytes, leaveOpen: true);
            for (var count = Below(4); count >= 0; count--)
            {
                var kind = Pick(TarEntryType.RegularFile, TarEntryType.RegularFile, TarEntryType.SymbolicLink, TarEntryType.HardLink, TarEntryType.Directory, TarEntryType.Fifo);
                var entry = new PaxTarEntry(kind, Pick(Entries).Replace('\0', '0'));
                if (kind == TarEntryType.RegularFile)
                {
                    entry.DataStream = new MemoryStream(Content());
                }
                else if (kind is TarEntryType.SymbolicLink or TarEntryType.HardLink)
                {
                    entry.LinkName = "/etc/passwd";
                }

                tar.WriteEntry(entry);
            }
        }

        return Below(2) == 0 ? bytes.ToArray() : Damaged(bytes.ToArray());
    }

    // A little of it, or much that packs well.
    private byte[] Content() => Below(4) == 0 ? new byte[Below(32 * 1024 * 1024)] : Mutated("""{"kind":"stack","lookBack":8}""");

    private byte[] Damaged(byte[] bytes)
    {
        for (var count = Below(8); count >= 0; count--)
        {
            bytes[Below(bytes.Length)] = (byte)Below(256);
        }

        return bytes[..(Below(3) == 0 ? Below(bytes.Length) : bytes.Length)];
    }

    private byte[] Csv()
    {
        var lines = Enumerable.Range(0, 1 + Below(20)).Select(_ => string.Join(Pick(",", ",", ";", "\t"), Enumerable.Range(0, 1 + Below(4)).Select(_ => Pick(Cells))));
        return Encoding.UTF8.GetBytes((Below(2) == 0 ? "time,value\n" : string.Empty) + string.Join(Pick("\n", "\r\n", "\r"), lines));
    }

    private byte[] Administering()
    {
        var model = $"/models/{ModelName()}";
        var version = Pick("0", "none", new string('a', 64), Pick(Names));
        return Below(4) switch
        {
            0 => Request("PUT", $"{model}/aliases/{Pick("champion", "challenger", "shadow", Pick(Names))}", Mutated($$"""{"version":"{{version}}"}""")),
            1 => Request("DELETE", Pick($"{model}/versions/{version}", $"{model}/aliases/{Pick(Names)}"), null),
            2 => Request("POST", $"{model}/promote", Mutated("""{"force":true}""")),
            _ => Request("POST", $"{model}/rollback", null),
        };
    }

    // Never whole: the machine has better to do than what would be asked.
    private byte[] Job() => Below(2) == 0
        ? Request("POST", $"/models/{ModelName()}/train", Mutated($$"""{"series":[{{Pick(Values)}}],"options":{"model":{{Pick(Values)}},"horizon":{{Pick(Values)}}},"retrainEvery":{{Pick(Times)}}"""))
        : Request("POST", "/jobs/walk-forward", Mutated($$"""{"series":["none",{{Pick(Values)}}],"options":{"--models":{{Pick(Values)}},"out":"../../x"} }"""));

    private string Path() => Below(3) switch
    {
        0 => "/series/" + Pick(Names),
        1 => "/" + Pick(Names),
        _ => $"/series/{Pick(Names)}/observations",
    };

    private string Good() =>
        string.Create(CultureInfo.InvariantCulture, $$"""[{"time":"2020-01-0{{1 + Below(9)}}T00:00:00Z","value":{{_random.NextGaussian():R}}},{"time":"2020-02-01T00:00:00Z","value":1,"sequence":{{Below(1000)}}}]""");

    private byte[] Wrong() => Encoding.UTF8.GetBytes(Below(4) switch
    {
        0 => $$"""[{"time":"2026-01-01T00:00:00Z","value":{{Pick(Values)}}}]""",
        1 => $$"""[{"time":{{Pick(Times)}},"value":1}]""",
        2 => $$"""[{"time":"2026-01-01T00:00:00Z","value":1,"sequence":{{Pick(Values)}}}]""",
        _ => $$"""{{Pick(Values)}}{"time":{{Pick(Times)}},"value":{{Pick(Values)}}""",
    });

    private byte[] Deep()
    {
        var depth = 1 + Below(100_000);
        return Encoding.UTF8.GetBytes(Below(2) == 0
            ? new string('[', depth) + new string(']', Below(2) == 0 ? depth : depth / 2)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1");
    }

    private byte[] Huge()
    {
        var body = new byte[Below(2) == 0 ? LongestBody : Below(LongestBody)];
        body.AsSpan().Fill((byte)Pick(" 1[{,\"x"));
        return body;
    }

    private byte[] Mutated(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var count = 1 + Below(4); count > 0 && bytes.Length > 1; count--)
        {
            var at = Below(bytes.Length);
            switch (Below(4))
            {
                case 0:
                    bytes[at] = (byte)Below(256);
                    break;
                case 1:
                    bytes = bytes[..at];
                    break;
                case 2:
                    bytes = [.. bytes[..at], .. bytes[at..], .. bytes[at..]];
                    break;
                default:
                    bytes = [.. bytes[..at], .. Encoding.UTF8.GetBytes(Pick(Values)), .. bytes[at..]];
                    break;
            }
        }

        return bytes;
    }

    private byte[] Request(string method, string path, byte[]? body, string usual = "application/json")
    {
        // The length is sometimes a lie, or given as pieces that are none.
        var length = Below(20) switch
        {
            0 => "Content-Length: 99999999999\r\n",
            1 => "Content-Length: -1\r\n",
            2 => "Transfer-Encoding: chunked\r\n",
            3 => $"Content-Length: {(body?.Length ?? 0) + 10}\r\n",
            _ => $"Content-Length: {body?.Length ?? 0}\r\n",
        };
        var type = Below(4) == 0 ? Pick(Types) : usual;
        return [.. Encoding.UTF8.GetBytes($"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {type}\r\n{length}\r\n"), .. body ?? []];
    }

    private byte[] Headers() => Encoding.UTF8.GetBytes(Below(5) switch
    {
        0 => $"GET /series HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: {new string('x', 40_000)}\r\n\r\n",
        1 => "GET /series HTTP/1.1\r\nHost: 127.0.0.1\r\n" + string.Concat(Enumerable.Range(0, 200).Select(one => $"X-{one}: 1\r\n")) + "\r\n",
        2 => "GET /series HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        3 => "GET /series HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
        _ => $"GET /{new string('x', 20_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {new string('\u00e9', 300)}\r\n\r\n",
    });

    private byte[] Garbage()
    {
        var bytes = new byte[1 + Below(4096)];
        for (var index = 0; index < bytes.Length; index++)
        {
            bytes[index] = (byte)Below(256);
        }

        return bytes;
    }

    private byte[] Cut(byte[] request) => request[..Below(request.Length)];

    private int Below(int count) => _random.NextInt(count);

    private T Pick<T>(params T[] choices) => choices[Below(choices.Length)];

    private char Pick(string choices) => choices[Below(choices.Length)];
}
