using System.Text.Json;
using System.Text.Json.Serialization;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Http;

/// <summary>The body of PUT /series/{id}.</summary>
internal sealed record SeriesRequest
{
    private const int LongestHorizon = 1000;
    private const int MostLevels = 10;

    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(366);

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        MaxDepth = 4,
    };

    /// <summary>Spacing of the event times, for example "D", "15min" or "H".</summary>
    public required string Frequency { get; init; }

    /// <summary>A baseline's name, for example "theta", or checkpoint:NAME.</summary>
    public required string Model { get; init; }

    /// <summary>Steps ahead of the forecasts issued.</summary>
    /// <value>Default: 1.</value>
    public int Horizon { get; init; } = 1;

    /// <summary>Coverage of their intervals in percent.</summary>
    /// <value>Default: 80 and 95.</value>
    public double[] Levels { get; init; } = [80, 95];

    /// <summary>
    /// Period of the schedule by which forecasts are issued, from 1 s to 366 days: "00:15:00" issues one at each quarter of an hour, UTC, from the
    /// newest observation.
    /// </summary>
    /// <value>Default: null, one is issued at each append.</value>
    public TimeSpan? ForecastEvery { get; init; }

    /// <exception cref="DaemonException">The body is no such JSON.</exception>
    public static SeriesRequest Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<SeriesRequest>(body, Strict) ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            throw new DaemonException(
                DaemonFault.Invalid,
                $"The body describes no series{(error.Path is null ? string.Empty : $" (at {error.Path})")}. It takes frequency and model, and " +
                "optionally horizon, levels and forecastEvery, for example {\"frequency\":\"D\",\"model\":\"theta\",\"horizon\":7,\"levels\":[80,95]}.",
                error);
        }
    }

    /// <summary>The series it describes.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public SeriesDefinition Describe(string id)
    {
        List<string> faults = [];
        if (!SeriesName.IsValid(id))
        {
            faults.Add($"The id of a series is {SeriesName.Rule}.");
        }

        if (!Data.Frequency.TryParse(Frequency, out var frequency))
        {
            faults.Add("The frequency is an optional count and one of S, min, H, D, B, W, M, Q, Y, for example D or 15min.");
        }

        CheckForecast(Horizon, Levels, faults);
        if (ForecastEvery < ShortestPeriod || ForecastEvery > LongestPeriod)
        {
            faults.Add($"Forecasts are to be issued every {ForecastEvery}; give 00:00:01 to 366.00:00:00, or leave forecastEvery out for one at each append.");
        }

        ConfigurationException.ThrowIfAny(faults);
        return new SeriesDefinition(id, frequency!, Model, Horizon, [.. Levels.Order()], ForecastEvery ?? TimeSpan.Zero);
    }

    /// <summary>Adds what is wrong with a horizon and levels.</summary>
    public static void CheckForecast(int? horizon, double[]? levels, List<string> faults)
    {
        if (horizon is < 1 or > LongestHorizon)
        {
            faults.Add($"The horizon is {horizon}; give 1 to {LongestHorizon} steps.");
        }

        if (levels is not null && (levels.Length > MostLevels || levels.Distinct().Count() != levels.Length || levels.Any(level => level is not (> 0 and < 100))))
        {
            faults.Add($"The levels are at most {MostLevels} different numbers between 0 and 100, for example 80 and 95.");
        }
    }
}
