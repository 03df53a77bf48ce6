namespace Sequence.Data.Splits;

/// <summary>Cuts a series into training, validation and test parts, in time order.</summary>
public static class SeriesSplitter
{
    /// <summary>The last <paramref name="testRows"/> rows are the test, the rows before them the validation.</summary>
    /// <param name="series">The whole.</param>
    /// <param name="testRows">Rows of the test part; at least 1.</param>
    /// <param name="validationRows">Rows of the validation part; 0 for none.</param>
    /// <param name="lookBack">Context rows that validation and test reach back.</param>
    /// <exception cref="ConfigurationException">The counts leave a part without rows, or the look-back does not fit.</exception>
    public static SeriesSplit ByCount(TimeSeries series, int testRows, int validationRows = 0, int lookBack = 0)
    {
        ArgumentNullException.ThrowIfNull(series);
        List<string> faults = [];
        if (testRows < 1)
        {
            faults.Add($"The number of test rows is {testRows}; it must be at least 1.");
        }

        if (validationRows < 0)
        {
            faults.Add($"The number of validation rows is {validationRows}; it must not be negative.");
        }

        if ((long)testRows + validationRows >= series.Length)
        {
            faults.Add(
                $"Series '{series.Id}' has {series.Length} rows; {validationRows} validation and {testRows} test rows " +
                "leave none to train on.");
        }

        ConfigurationException.ThrowIfAny(faults);
        var test = series.Length - testRows;
        return ByRanges(series, ..(test - validationRows), (test - validationRows)..test, test.., lookBack);
    }

    /// <summary>
    /// The first floor(trainFraction * rows) rows train, the next floor(validationFraction * rows) validate, the rest test.
    /// </summary>
    /// <exception cref="ConfigurationException">The fractions leave a part without rows, or the look-back does not fit.</exception>
    public static SeriesSplit ByFraction(
        TimeSeries series, double trainFraction, double validationFraction = 0, int lookBack = 0)
    {
        ArgumentNullException.ThrowIfNull(series);
        List<string> faults = [];
        if (!(trainFraction > 0 && trainFraction < 1))
        {
            faults.Add($"The training fraction is {trainFraction}; it must lie between 0 and 1.");
        }

        if (!(validationFraction >= 0 && validationFraction < 1))
        {
            faults.Add($"The validation fraction is {validationFraction}; it must be at least 0 and below 1.");
        }

        ConfigurationException.ThrowIfAny(faults);
        var train = (int)(trainFraction * series.Length);
        var validation = (int)(validationFraction * series.Length);
        if (train < 1 || train + validation >= series.Length)
        {
            throw new ConfigurationException(
                $"Series '{series.Id}' has {series.Length} rows; fractions {trainFraction} and {validationFraction} make " +
                $"{train} training and {validation} validation rows and leave {series.Length - train - validation} to test.");
        }

        return ByRanges(series, ..train, train..(train + validation), (train + validation).., lookBack);
    }

    /// <summary>
    /// Rows before <paramref name="validationStart"/> (or the test's start, without one) train; rows from
    /// <paramref name="testStart"/> on test.
    /// </summary>
    /// <exception cref="ConfigurationException">A date leaves a part without rows, or the look-back does not fit.</exception>
    public static SeriesSplit ByDate(
        TimeSeries series, DateTimeOffset testStart, DateTimeOffset? validationStart = null, int lookBack = 0)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (validationStart >= testStart)
        {
            throw new ConfigurationException(
                $"The validation starts at {validationStart:u}, not before the test at {testStart:u}.");
        }

        var test = FirstRowFrom(series, testStart);
        var validation = validationStart is { } start ? FirstRowFrom(series, start) : test;
        if (validation == 0 || test == series.Length || (validationStart is not null && validation == test))
        {
            throw new ConfigurationException(
                $"Splitting series '{series.Id}' ({series.Length} rows, {Ends(series)}) leaves {validation} training, " +
                $"{test - validation} validation and {series.Length - test} test rows. Choose dates inside the series.");
        }

        return ByRanges(series, ..validation, validation..test, test.., lookBack);
    }

    /// <summary>
    /// Explicit rows. The protocol of the ETT benchmarks is train 0..8640, validation 8640..11520, test 11520..14400 with
    /// the look-back of the model.
    /// </summary>
    /// <param name="series">The whole.</param>
    /// <param name="train">Rows to train on.</param>
    /// <param name="validation">Rows to choose by; may be empty.</param>
    /// <param name="test">Rows to judge by.</param>
    /// <param name="lookBack">Context rows that validation and test reach back.</param>
    /// <exception cref="ConfigurationException">
    /// A range is empty, out of the series, out of order or overlaps another, or the look-back reaches before the first row.
    /// </exception>
    public static SeriesSplit ByRanges(TimeSeries series, Range train, Range validation, Range test, int lookBack = 0)
    {
        ArgumentNullException.ThrowIfNull(series);
        var rows = series.Length;
        var (trainStart, trainEnd) = Resolve(train, rows);
        var (validationStart, validationEnd) = Resolve(validation, rows);
        var (testStart, testEnd) = Resolve(test, rows);
        var hasValidation = validationEnd > validationStart;

        List<string> faults = [];
        CheckInside("training", trainStart, trainEnd);
        CheckInside("test", testStart, testEnd);
        if (hasValidation)
        {
            CheckInside("validation", validationStart, validationEnd);
            if (validationStart < trainEnd || testStart < validationEnd)
            {
                faults.Add(
                    $"Training rows {trainStart}..{trainEnd}, validation rows {validationStart}..{validationEnd} and test " +
                    $"rows {testStart}..{testEnd} must follow each other without overlapping.");
            }
        }
        else if (testStart < trainEnd)
        {
            faults.Add($"Training rows {trainStart}..{trainEnd} overlap test rows {testStart}..{testEnd}.");
        }

        var first = hasValidation ? Math.Min(validationStart, testStart) : testStart;
        if (lookBack < 0 || lookBack > first)
        {
            faults.Add($"The look-back is {lookBack}; {first} row(s) lie before the first row to forecast.");
        }

        ConfigurationException.ThrowIfAny(faults);
        return new SeriesSplit(
            series.Slice(trainStart, trainEnd - trainStart),
            hasValidation
                ? series.Slice(validationStart - lookBack, validationEnd - validationStart + lookBack)
                : series.Slice(testStart, 0),
            series.Slice(testStart - lookBack, testEnd - testStart + lookBack),
            lookBack);

        void CheckInside(string part, int start, int end)
        {
            if (start < 0 || end > rows || start >= end)
            {
                faults.Add($"The {part} rows {start}..{end} are not a part of the {rows} rows of series '{series.Id}'.");
            }
        }
    }

    private static (int Start, int End) Resolve(Range range, int rows) =>
        (range.Start.GetOffset(rows), range.End.GetOffset(rows));

    private static int FirstRowFrom(TimeSeries series, DateTimeOffset start)
    {
        var found = series.Timestamps.Span.BinarySearch(start);
        return found >= 0 ? found : ~found;
    }

    private static string Ends(TimeSeries series) =>
        series.Length == 0 ? "empty" : $"{series.Timestamps.Span[0]:u} to {series.Timestamps.Span[^1]:u}";
}
