using System.CommandLine;
using Sequence.Data;
using Sequence.Data.Checkpoints;
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
    private readonly ChoiceOption<MissingValuePolicy> _missing = new("--missing", "What to do about missing values.", MissingValuePolicy.Error);
    private readonly ChoiceOption<DuplicatePolicy> _duplicates = new("--duplicates", "What to do about equal timestamps.", DuplicatePolicy.Error);
    private readonly ChoiceOption<DisorderPolicy> _disorder = new("--disorder", "What to do about timestamps out of order.", DisorderPolicy.Error);
    private readonly Option<char?> _delimiter = new("--delimiter") { Description = "What lies between two fields; found when left out." };

    public SeriesInput(Command command, bool required)
    {
        _data = new("--data") { Description = "CSV (also .csv.gz) or Parquet file.", Required = required };
        foreach (var option in new Option[] { _data, _target, _timestamp, _id, _frequency, _format, _missing.Option, _duplicates.Option, _disorder.Option, _delimiter })
        {
            command.Options.Add(option);
        }
    }

    public string? Path(ParseResult parsed) => parsed.GetValue(_data);

    /// <summary>Name of the target column: the one given, or the one the reader found, by which it calls the series.</summary>
    /// <exception cref="ConfigurationException">The series are called by their identifiers and no target is given.</exception>
    public string Target(ParseResult parsed, Panel panel) =>
        parsed.GetValue(_target)
        ?? (parsed.GetValue(_id) is null
            ? panel[0].Id
            : throw new ConfigurationException("--id is given without --target; name the column to forecast."));

    /// <summary>Reads the file named.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <param name="otherwise">File to read when none is named.</param>
    /// <param name="trained">A checkpoint's manifest: gives target and frequency where the command line does not.</param>
    /// <param name="target">Target where neither the command line nor a checkpoint gives one.</param>
    /// <param name="missing">Policy for missing values where the command line gives none.</param>
    public async Task<Panel> ReadAsync(
        ParseResult parsed,
        CancellationToken cancellationToken,
        string? otherwise = null,
        ModelManifest? trained = null,
        string? target = null,
        MissingValuePolicy? missing = null)
    {
        var path = Path(parsed) ?? otherwise!;
        var frequency = parsed.GetValue(_frequency) ?? trained?.Frequency;
        var options = new CsvSeriesOptions
        {
            Timestamp = parsed.GetValue(_timestamp),
            Target = parsed.GetValue(_target) ?? trained?.Target ?? target,
            Id = parsed.GetValue(_id),
            Frequency = frequency is null ? null : Frequency.Parse(frequency),
            MissingValues = missing is { } policy && !_missing.IsGiven(parsed) ? policy : _missing.Read(parsed),
            Duplicates = _duplicates.Read(parsed),
            Disorder = _disorder.Read(parsed),
            TimestampFormat = parsed.GetValue(_format),
            Delimiter = parsed.GetValue(_delimiter),
        };
        cancellationToken.ThrowIfCancellationRequested();
        return path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)
            ? await ParquetSeriesReader.ReadAsync(path, options, cancellationToken)
            : CsvSeriesReader.Read(path, options);
    }
}
