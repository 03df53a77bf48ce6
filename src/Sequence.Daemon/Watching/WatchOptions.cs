using Sequence.Forecasting;

namespace Sequence.Daemon;

/// <summary>How the daemon watches its models, and when it says that something has drifted.</summary>
public sealed record WatchOptions
{
    /// <summary>Forecasts whose outcomes are known, and newest observations, that the measures are over; 30 to 10,000.</summary>
    /// <value>Default: 200.</value>
    public int Window { get; init; } = 200;

    /// <summary>
    /// How far one forecast moves the miss rate that intervals are made for, g of <see cref="AdaptiveConformal"/>; 0 keeps intervals
    /// at the levels of their calibration, at most 0.5. They follow a change within about 1/g forecasts.
    /// </summary>
    /// <value>Default: 0.02.</value>
    public double Gamma { get; init; } = 0.02;

    /// <summary>How much of the distribution of coverage counts as the promised one; in (0, 1).</summary>
    /// <value>Default: 0.99, so that one in 200 is called under-covered though it is not.</value>
    public double Confidence { get; init; } = 0.99;

    /// <summary>
    /// The test on absolute one-step errors. They are divided by the mean of its first <see cref="PageHinkley.MinimumValues"/>, so
    /// tolerance and threshold count in usual errors. With these, errors that double are seen after about 60 more of them.
    /// </summary>
    /// <value>Default: tolerance 0.1, threshold 50, minimum 30.</value>
    public PageHinkley Errors { get; init; } = new() { Tolerance = 0.1, Threshold = 50 };

    /// <summary>Population stability index from which on inputs have drifted, if their distribution also differs beyond chance; above 0.</summary>
    /// <value>Default: 0.25.</value>
    public double InputStability { get; init; } = 0.25;

    /// <summary>P-value of the Kolmogorov-Smirnov test below which inputs differ beyond chance; in (0, 1).</summary>
    /// <value>Default: 0.001.</value>
    public double InputPValue { get; init; } = 0.001;

    /// <summary>Rows of the reference that inputs are compared with; 50 to 10,000.</summary>
    /// <value>Default: 500.</value>
    public int ReferenceRows { get; init; } = 500;

    /// <summary>Observations of a series after which its inputs are compared again; at least 1.</summary>
    /// <value>Default: 100.</value>
    public int InputsEvery { get; init; } = 100;

    /// <summary>Time between two comparisons of a series' inputs, at least; not negative.</summary>
    /// <value>Default: one minute.</value>
    public TimeSpan InputsPause { get; init; } = TimeSpan.FromMinutes(1);

    internal void Check(List<string> faults)
    {
        Require(Window is >= 30 and <= 10_000, $"Watch.Window is {Window}; give 30 to 10,000 forecasts.");
        Require(Gamma is >= 0 and <= 0.5, $"Watch.Gamma is {Gamma}; give 0 to 0.5.");
        Require(Confidence is > 0 and < 1, $"Watch.Confidence is {Confidence}; give a share between 0 and 1.");
        Require(InputStability > 0 && double.IsFinite(InputStability), $"Watch.InputStability is {InputStability}; give a number above 0.");
        Require(InputPValue is > 0 and < 1, $"Watch.InputPValue is {InputPValue}; give a probability between 0 and 1.");
        Require(ReferenceRows is >= 50 and <= 10_000, $"Watch.ReferenceRows is {ReferenceRows}; give 50 to 10,000.");
        Require(InputsEvery >= 1, $"Watch.InputsEvery is {InputsEvery}; give at least 1 observation.");
        Require(InputsPause >= TimeSpan.Zero, $"Watch.InputsPause is {InputsPause}; give no negative time.");
        try
        {
            Errors.Start();
        }
        catch (ConfigurationException error)
        {
            faults.Add($"Watch.Errors: {error.Message}");
        }

        void Require(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }
    }
}
