using System.CommandLine;
using System.Globalization;
using Sequence.Forecasting;

namespace Sequence.Cli;

/// <summary>The options of a rolling-origin evaluation.</summary>
internal sealed class EvaluationInput
{
    private readonly Option<string> _firstOrigin = new("--first-origin") { Description = "Where the first training part ends: rows (1000), a share (0.8) or a date (2021-12-31).", DefaultValueFactory = _ => "0.8" };
    private readonly Option<int?> _step = new("--step") { Description = "Rows from one origin to the next; left out, the horizon." };
    private readonly Option<int> _gap = new("--gap") { Description = "Rows between the last training row and the first target.", DefaultValueFactory = _ => 0 };
    private readonly ChoiceOption<TrainingWindow> _window = new("--window", "Whether the training part grows or keeps its length.", TrainingWindow.Expanding);
    private readonly Option<int?> _windowRows = new("--window-rows") { Description = "Length of a rolling training part; left out, that of the first." };
    private readonly Option<int> _refit = new("--refit-every") { Description = "Folds from one fit to the next; 0 fits once.", DefaultValueFactory = _ => 0 };
    private readonly ChoiceOption<RefitStart> _start = new("--refit-start", "Whether a later fit begins afresh or from the model before.", RefitStart.Cold);
    private readonly Option[] _all;

    public EvaluationInput(Command command)
    {
        _all = [_firstOrigin, _step, _gap, _window.Option, _windowRows, _refit, _start.Option];
        foreach (var option in _all)
        {
            command.Options.Add(option);
        }
    }

    public RollingOriginOptions Read(ParseResult parsed, int horizon, IReadOnlyList<double> levels)
    {
        if (parsed.GetValue(_windowRows) is not null && _window.Read(parsed) == TrainingWindow.Expanding)
        {
            throw new ConfigurationException("--window-rows is given, but --window is expanding; give --window rolling too.");
        }

        var options = new RollingOriginOptions
        {
            Horizon = horizon,
            FirstOrigin = ParseFirstOrigin(parsed.GetValue(_firstOrigin)!),
            Step = parsed.GetValue(_step),
            Gap = parsed.GetValue(_gap),
            Window = _window.Read(parsed),
            WindowRows = parsed.GetValue(_windowRows),
            Refit = RefitCadence.EveryFolds(parsed.GetValue(_refit)),
            RefitStart = _start.Read(parsed),
            Levels = levels,
        };
        return OptionFaults.Reword(_all, () =>
        {
            options.Validate();
            return options;
        });
    }

    private static FirstOrigin ParseFirstOrigin(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows))
        {
            return FirstOrigin.AfterRows(rows);
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share))
        {
            return FirstOrigin.AfterFraction(share);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? FirstOrigin.AtDate(date)
            : throw new ConfigurationException(
                $"--first-origin is '{text}'; give rows (1000), a share (0.8) or a date (2021-12-31).");
    }
}
