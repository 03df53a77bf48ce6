using System.Globalization;
using System.Text;
using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>The folder of a sweep: a fingerprint of what is swept and the finished parts.</summary>
internal sealed class SweepFolder
{
    private const string FingerprintFile = "sweep.txt";

    private readonly string _path;

    private SweepFolder(string path) => _path = path;

    /// <summary>Opens a folder, new or of the same sweep.</summary>
    /// <exception cref="ConfigurationException">It belongs to another sweep.</exception>
    /// <exception cref="SequenceException">It cannot be written.</exception>
    public static SweepFolder Open(string path, string fingerprint)
    {
        var file = Path.Combine(path, FingerprintFile);
        if (File.Exists(file))
        {
            if (!string.Equals(File.ReadAllText(file).Trim(), fingerprint, StringComparison.Ordinal))
            {
                throw new ConfigurationException(
                    $"Folder is '{path}', which holds the results of a sweep over other bars, parameters or options; give another folder, or delete it.");
            }
        }
        else if (Directory.Exists(path) && Directory.EnumerateFiles(path, "part-*.parquet").Any())
        {
            throw new ConfigurationException(
                $"Folder is '{path}', which holds results but not of what sweep ({FingerprintFile} is missing); give another folder, or delete it.");
        }
        else
        {
            AtomicFile.Write(file, stream => stream.Write(Encoding.ASCII.GetBytes(fingerprint + "\n")), createFolder: true);
        }

        return new SweepFolder(path);
    }

    /// <summary>The trials of a finished part; null when it is not there.</summary>
    /// <exception cref="DataFormatException">The file is damaged.</exception>
    public SweepTrial[]? Read(int part, IReadOnlyList<ParameterSet> parameters)
    {
        var path = PartPath(part);
        return File.Exists(path) ? SweepParquet.ReadAsync(path, parameters).GetAwaiter().GetResult() : null;
    }

    public void Write(int part, IReadOnlyList<SweepTrial> trials) => SweepParquet.WriteAsync(PartPath(part), trials).GetAwaiter().GetResult();

    private string PartPath(int part) => Path.Combine(_path, string.Create(CultureInfo.InvariantCulture, $"part-{part:D6}.parquet"));
}
