using System.Text.Json;
using Sequence.Data;
using Sequence.Data.Scalers;
using Sequence.Forecasting;
using Sequence.Streaming;
using Sequence.Training;

namespace Sequence.Cli.Backtests;

/// <summary>The section "forecast": a forecaster and how it is walked forward, or a table of forecasts made before.</summary>
internal sealed record ForecastPlan
{
    private const double CalibrationShare = 0.2;

    private static readonly string[] NeuralKeys = ["lookBack", "scaler", "training"];

    /// <summary>File of a table of forecasts made before; null where they are made.</summary>
    public string? Table { get; private init; }

    /// <summary>Name of the forecaster.</summary>
    public string Forecaster { get; private init; } = string.Empty;

    /// <summary>How it is walked forward. A first origin that is a share is of the whole market's bars.</summary>
    public RollingOriginOptions Walk { get; private init; } = new() { Horizon = 1 };

    private int? LookBack { get; init; }

    private string? Scaler { get; init; }

    private double ValidationFraction { get; init; }

    private TrainingOptions Training { get; init; } = new();

    public static ForecastPlan Read(ConfigObject section, string folder)
    {
        if (section.Text("table") is { } table)
        {
            var path = Path.GetFullPath(table, folder);
            section.Require(File.Exists(path), "table", $"is {path}: there is no such file.");
            section.Close();
            return new ForecastPlan { Table = path };
        }

        var name = section.Text("forecaster");
        section.Require(name is not null, "forecaster", "is missing; give a name of 'sequence model list', or a table.");
        var walk = ReadWalk(section);
        var (lookBack, scaler) = (section.Integer("lookBack"), section.Text("scaler"));
        var training = section.Section("training");
        var plan = new ForecastPlan
        {
            Forecaster = name ?? "persistence",
            Walk = walk,
            LookBack = lookBack,
            Scaler = scaler,
            ValidationFraction = training?.Number("validationFraction", 0.15) ?? 0.15,
            Training = training is null ? new TrainingOptions() : ReadTraining(training),
        };
        training?.Close();
        section.Close();
        if (name is null)
        {
            return plan;
        }

        if (!NeuralCatalogue.Contains(name))
        {
            foreach (var key in NeuralKeys.Where(section.Has))
            {
                section.Require(false, key, $"is given, but '{name}' is no neural model and takes none.");
            }
        }

        plan.Check(section, training);
        return plan;
    }

    /// <summary>Makes the forecaster.</summary>
    /// <param name="frequency">Spacing of the rows.</param>
    /// <param name="history">What it will be fitted on; null leaves the choice of a scaler open, to check the rest.</param>
    /// <exception cref="ConfigurationException">It cannot be made of these options.</exception>
    public IForecaster Create(Frequency frequency, Panel? history)
    {
        var forecaster = NeuralCatalogue.Contains(Forecaster) ? CreateNeural(history) : BaselineCatalogue.Create(Forecaster, frequency);
        return Walk.Levels.Count == 0
            ? forecaster
            : new ConformalForecaster(
                forecaster, new ConformalOptions { Horizon = Walk.Gap + Walk.Horizon, CalibrationFraction = CalibrationShare, Refit = false });
    }

    /// <summary>Rows that a forecaster of this name sees, or 1.</summary>
    public int RowsSeen() => NeuralCatalogue.Contains(Forecaster) ? Architecture().LookBack : 1;

    private static RollingOriginOptions ReadWalk(ConfigObject section)
    {
        var options = new RollingOriginOptions
        {
            Horizon = section.Integer("horizon", 1),
            FirstOrigin = ReadFirstOrigin(section),
            Step = section.Integer("step"),
            Gap = section.Integer("gap", 0),
            Embargo = section.Integer("embargo", 0),
            MinimumRows = section.Integer("minimumRows", 1),
            Window = section.Choice("window", TrainingWindow.Expanding),
            WindowRows = section.Integer("windowRows"),
            Refit = ReadRefit(section),
            RefitStart = section.Choice("refitStart", RefitStart.Cold),
            Validation = ReadValidation(section),
            Seed = section.Seed("seed"),
            Levels = [.. section.Numbers("levels").Order()],
            SeasonLength = section.Integer("seasonLength"),
            Workers = section.Integer("workers", 1),
        };
        section.Try(() =>
        {
            options.Validate();
            return options;
        });
        return options;
    }

    private static FirstOrigin ReadFirstOrigin(ConfigObject section)
    {
        switch (section.Element("firstOrigin"))
        {
            case null:
                return FirstOrigin.AfterFraction(0.7);
            case { ValueKind: JsonValueKind.Number } number:
                var value = number.GetDouble();
                if (value is > 0 and < 1)
                {
                    return FirstOrigin.AfterFraction(value);
                }

                if (value >= 1 && value == Math.Round(value) && value <= int.MaxValue)
                {
                    return FirstOrigin.AfterRows((int)value);
                }

                break;
            case { ValueKind: JsonValueKind.String } when section.Time("firstOrigin") is { } date:
                return FirstOrigin.AtDate(date);
            case { ValueKind: JsonValueKind.String }:
                return FirstOrigin.AfterFraction(0.7);
        }

        section.Require(false, "firstOrigin", "is none; give rows (1000), a share (0.7) or a date (\"2021-12-31\").");
        return FirstOrigin.AfterFraction(0.7);
    }

    private static RefitCadence ReadRefit(ConfigObject section)
    {
        if (section.Element("refit") is { ValueKind: JsonValueKind.Number })
        {
            return RefitCadence.EveryFolds(section.Integer("refit", 0));
        }

        return section.Choice("refit", "every-fold", "once", "week", "month", "quarter", "year", "drift") switch
        {
            "once" => RefitCadence.Once,
            "week" => RefitCadence.FirstOf(RefitPeriod.Week),
            "month" => RefitCadence.FirstOf(RefitPeriod.Month),
            "quarter" => RefitCadence.FirstOf(RefitPeriod.Quarter),
            "year" => RefitCadence.FirstOf(RefitPeriod.Year),
            "drift" => RefitCadence.OnDrift(),
            _ => RefitCadence.EveryFold,
        };
    }

    private static ValidationPart? ReadValidation(ConfigObject section)
    {
        if (section.Number("validation") is not { } value)
        {
            return null;
        }

        var isRows = value >= 1 && value == Math.Round(value) && value <= int.MaxValue;
        section.Require(value is > 0 and < 1 || isRows, "validation", $"is {value}; give rows (100) or a share (0.15).");
        return isRows ? ValidationPart.OfRows((int)value) : ValidationPart.OfFraction(value is > 0 and < 1 ? value : 0.15);
    }

    private static TrainingOptions ReadTraining(ConfigObject section)
    {
        var defaults = new TrainingOptions();
        return new TrainingOptions
        {
            Epochs = section.Integer("epochs", defaults.Epochs),
            BatchSize = section.Integer("batchSize", defaults.BatchSize),
            LearningRate = section.Number("learningRate", defaults.LearningRate),
            DynamicsLearningRate = section.Number("dynamicsLearningRate"),
            Schedule = section.Choice("schedule", defaults.Schedule),
            WarmupEpochs = section.Number("warmupEpochs", defaults.WarmupEpochs),
            Optimiser = section.Choice("optimiser", defaults.Optimiser),
            WeightDecay = section.Number("weightDecay", defaults.WeightDecay),
            GradientClip = section.Number("gradientClip", defaults.GradientClip),
            Loss = section.Choice("loss", defaults.Loss),
            Patience = section.Integer("patience", defaults.Patience),
            Seed = section.Seed("seed") ?? defaults.Seed,
        };
    }

    /// <summary>Tries whether the forecaster can be made, before any data are read.</summary>
    private void Check(ConfigObject section, ConfigObject? training)
    {
        if (!NeuralCatalogue.Contains(Forecaster) && !IsBaseline(Forecaster))
        {
            string[] known = [.. BaselineCatalogue.Names, .. NeuralCatalogue.List.Select(entry => entry.Name)];
            section.Require(
                false,
                "forecaster",
                $"is '{Forecaster}', which is none of: {string.Join(", ", known)}.{NearestName.Question(Forecaster, known)}");
            return;
        }

        section.Try(() => Scaler is null ? string.Empty : ScalerFactory.ParseKind(Scaler).ToString());
        if (section.Try(() => (object)RowsSeen()) is null)
        {
            return;
        }

        (training ?? section).Try(() => (this with { Scaler = null }).Create(new Frequency(FrequencyUnit.BusinessDay), null));
    }

    private static bool IsBaseline(string name)
    {
        try
        {
            BaselineCatalogue.Create(name, new Frequency(FrequencyUnit.BusinessDay));
            return true;
        }
        catch (ConfigurationException)
        {
            return false;
        }
    }

    private Architecture Architecture() => NeuralCatalogue.Create(
        Forecaster, Walk.Gap + Walk.Horizon, char.IsAsciiDigit(Forecaster[^1]) && NeuralCatalogue.Contains(Forecaster) && Forecaster.Contains('-') ? null : LookBack);

    private NeuralForecaster CreateNeural(Panel? history)
    {
        var architecture = Architecture();
        return new NeuralForecaster(new NeuralForecasterOptions
        {
            Name = NeuralCatalogue.FullName(Forecaster, architecture),
            Architecture = architecture,
            Scaler = Scaler is { } named ? ScalerFactory.ParseKind(named)
                : history is null ? ScalerKind.Standard
                : NeuralCatalogue.DefaultScaler(architecture, history),
            ValidationFraction = ValidationFraction,
            Training = Training,
        });
    }
}
