namespace Sequence.Backtesting;

/// <summary>How a sweep is run.</summary>
public sealed record SweepOptions
{
    /// <summary>Trials at the same time; at least 1. The result is the same for any number.</summary>
    /// <value>Default: the number of processors.</value>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>What makes a trial the best.</summary>
    /// <value>Default: <see cref="SweepMeasure.Sharpe"/>.</value>
    public SweepMeasure Measure { get; init; }

    /// <summary>
    /// Folder that receives the results as Parquet files, one for each <see cref="PartTrials"/> trials in order, each written whole as soon as
    /// its trials are done. The same sweep begun again reads them and does the rest. Null writes nothing.
    /// </summary>
    /// <value>Default: null.</value>
    public string? Folder { get; init; }

    /// <summary>Trials in a file; at least 1.</summary>
    /// <value>Default: 256.</value>
    public int PartTrials { get; init; } = 256;

    /// <summary>Throws when an option cannot be used.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Workers < 1)
        {
            faults.Add($"Workers is {Workers}; give at least 1.");
        }

        if (!Enum.IsDefined(Measure))
        {
            faults.Add($"Measure is {Measure}; give Sharpe, TotalReturn or MaximumDrawdown.");
        }

        if (PartTrials < 1)
        {
            faults.Add($"PartTrials is {PartTrials}; give at least 1.");
        }

        ConfigurationException.ThrowIfAny(faults);
    }
}
