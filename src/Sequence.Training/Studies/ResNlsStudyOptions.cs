namespace Sequence.Training;

/// <summary>What <see cref="ResNlsStudy"/> compares, and on which rows.</summary>
public sealed record ResNlsStudyOptions
{
    /// <summary>Earlier rows are left out.</summary>
    /// <value>Default 2012-01-01.</value>
    public DateTimeOffset From { get; init; } = new(2012, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Later rows are left out.</summary>
    /// <value>Default 2022-12-31.</value>
    public DateTimeOffset To { get; init; } = new(2022, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Rows at the end that are forecast, each from the rows before it; at least 2.</summary>
    /// <value>Default 243, as in the paper.</value>
    public int TestRows { get; init; } = 243;

    /// <summary>What the models are trained to forecast.</summary>
    /// <value>Default: price level and log-return.</value>
    public IReadOnlyList<ResNlsStudyTarget> Targets { get; init; } =
        [ResNlsStudyTarget.PriceLevel, ResNlsStudyTarget.LogReturn];

    /// <summary>Models by their names in <see cref="NeuralCatalogue"/>, without a look-back.</summary>
    /// <value>Default: resnls, cnn, rnn, lstm, bilstm.</value>
    public IReadOnlyList<string> Models { get; init; } = ["resnls", "cnn", "rnn", "lstm", "bilstm"];

    /// <summary>Rows of the window; every model is trained with each.</summary>
    /// <value>Default 1, 3, 5, 10, 20.</value>
    public IReadOnlyList<int> LookBacks { get; init; } = [1, 3, 5, 10, 20];

    /// <summary>Every model is trained with the seeds 1 to this.</summary>
    /// <value>Default 5.</value>
    public int Seeds { get; init; } = 5;

    /// <summary>
    /// Share of the rows before the test part, at their end, that decides when to stop and which epoch's weights to keep.
    /// </summary>
    /// <value>Default 0.1.</value>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>How every model is trained; its seed is not read.</summary>
    /// <value>
    /// Default: the paper's 50 epochs, batches of 64, Adam at 0.001 (AdamW without weight decay), squared error and no
    /// clipping; and, unlike the paper, an end after 10 epochs without a better validation loss.
    /// </value>
    public TrainingOptions Training { get; init; } = new()
    {
        Epochs = 50,
        BatchSize = 64,
        LearningRate = 1e-3,
        WeightDecay = 0,
        GradientClip = 0,
        Patience = 10,
    };

    /// <summary>Trainings at a time. The results are the same for any number.</summary>
    /// <value>Default 2.</value>
    public int Workers { get; init; } = 2;

    /// <summary>
    /// A file that keeps the forecasts of every finished training, a JSON object a line, so that a study that was stopped
    /// goes on where it was; null keeps none. Lines of other data or options are left alone.
    /// </summary>
    /// <value>Default null.</value>
    public string? PartialResults { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ConfigurationException">Lists each option out of range.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        Require(From <= To, $"from ({From:yyyy-MM-dd}) lies after to ({To:yyyy-MM-dd}).");
        Require(TestRows >= 2, $"test-rows is {TestRows}; it must be at least 2.");
        Require(Targets.Count > 0, "there is no target; give at least one.");
        Require(Targets.All(Enum.IsDefined), "targets must be PriceLevel or LogReturn.");
        Require(Models.Count > 0, "there is no model; give at least one.");
        Require(LookBacks.Count > 0, "there is no look-back; give at least one.");
        Require(LookBacks.All(lookBack => lookBack >= 1), "look-backs must be at least 1.");
        Require(Seeds >= 1, $"seeds is {Seeds}; it must be at least 1.");
        Require(Workers >= 1, $"workers is {Workers}; it must be at least 1.");
        Require(
            ValidationFraction is >= 0 and < 1, $"validation-fraction is {ValidationFraction}; it must be in [0, 1).");
        foreach (var model in Models)
        {
            Require(
                NeuralCatalogue.List.Any(entry => string.Equals(entry.Name, model, StringComparison.Ordinal)),
                $"there is no neural model '{model}'.");
        }

        Require(
            Distinct(Targets) && Distinct(Models) && Distinct(LookBacks),
            "a target, model or look-back is given twice.");
        try
        {
            Training.Validate();
        }
        catch (ConfigurationException exception)
        {
            faults.AddRange(exception.Faults);
        }

        ConfigurationException.ThrowIfAny(faults);

        void Require(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }
    }

    private static bool Distinct<T>(IReadOnlyList<T> items) => items.Distinct().Count() == items.Count;
}
