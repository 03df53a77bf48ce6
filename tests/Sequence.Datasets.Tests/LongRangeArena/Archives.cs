using System.Formats.Tar;
using System.IO.Compression;

namespace Sequence.Datasets.Tests.LongRangeArena;

/// <summary>Makes small archives.</summary>
internal static class Archives
{
    internal static string TarGz(string path, params (string Name, byte[] Bytes)[] entries)
    {
        using var file = File.Create(path);
        using var packed = new GZipStream(file, CompressionLevel.Fastest);
        using var archive = new TarWriter(packed);
        foreach (var (name, bytes) in entries)
        {
            archive.WriteEntry(name.EndsWith('/')
                ? new PaxTarEntry(TarEntryType.Directory, name)
                : new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
        }

        return path;
    }

    internal static string Gzip(string path, byte[] bytes)
    {
        using var file = File.Create(path);
        using var packed = new GZipStream(file, CompressionLevel.Fastest);
        packed.Write(bytes);
        return path;
    }
}
