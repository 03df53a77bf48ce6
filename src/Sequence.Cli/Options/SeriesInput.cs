using System.CommandLine;
using Sequence.Data;
using Sequence.Data.Csv;
using Sequence.Data.Parquet;

namespace Sequence.Cli;

/// <summary>The options that say which series a command works on.</summary>
internal sealed class SeriesInput
{
    private readonly Option<string> _data;
    private readonly Option<string?> _target = new("--target") { Description = "Column to forecast; may be left out when there is only one." };
    private readonly Option<string?> _timestamp = new("--timestamp") { Description = "Column of timestamps; found by its name when left out." };
    private readonly Option<string?> _id = new("--id") { Description = "Column that says which series a row belongs to (long format)." };
    private readonly Option<string?> _frequency = new("--frequency") { Description = "Spacing of the rows, for example B, D, H, 15min, W, M; inferred when left out." };
    private readonly Option<string?> _format = new("--timestamp-format") { Description = "Format of the timestamps in .NET notation, for example dd.MM.yyyy." };
    private readonly Option<MissingValuePolicy> _missing = new("--missing") { Description = "Missing values: Error, Drop, ForwardFill or Interpolate.", DefaultValueFactory = _ => MissingValuePolicy.Error };
    private readonly Option<DuplicatePolicy> _duplicates = new("--duplicates") { Description = "Equal timestamps: Error, KeepFirst, KeepLast or Mean.", DefaultValueFactory = _ => DuplicatePolicy.Error };
    private readonly Option<DisorderPolicy> _disorder = new("--disorder") { Description = "Timestamps out of order: Error or Sort.", DefaultValueFactory = _ => DisorderPolicy.Error };
    private readonly Option<char?> _delimiter = new("--delimiter") { Description = "What lies between two fields; found when left out." };

    public SeriesInput(Command command, bool required)
    {
        _data = new("--data") { Description = "CSV (also .csv.gz) or Parquet file.", Required = required };
        foreach (var option in new Option[] { _data, _target, _timestamp, _id, _frequency, _format, _missing, _duplicates, _disorder, _delimiter })
        {
            command.Options.Add(option);
        }
    }

    public string? Path(ParseResult parsed) => parsed.GetValue(_data);

    /// <summary>Name of the target column: the one given, or the one the reader found.</summary>
    public string Target(ParseResult parsed, Panel panel) => parsed.GetValue(_target) ?? panel[0].Id;

    /// <summary>Reads the file named, or another when none was.</summary>
    public async Task<Panel> ReadAsync(ParseResult parsed, CancellationToken cancellationToken, string? otherwise = null)
    {
        var path = Path(parsed) ?? otherwise!;
        var frequency = parsed.GetValue(_frequency);
        var options = new CsvSeriesOptions
        {
            Timestamp = parsed.GetValue(_timestamp),
            Target = parsed.GetValue(_target),
            Id = parsed.GetValue(_id),
            Frequency = frequency is null ? null : Frequency.Parse(frequency),
            MissingValues = parsed.GetValue(_missing),
            Duplicates = parsed.GetValue(_duplicates),
            Disorder = parsed.GetValue(_disorder),
            TimestampFormat = parsed.GetValue(_format),
            Delimiter = parsed.GetValue(_delimiter),
        };
        return path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)
            ? await ParquetSeriesReader.ReadAsync(path, options, cancellationToken)
            : CsvSeriesReader.Read(path, options);
    }
}
