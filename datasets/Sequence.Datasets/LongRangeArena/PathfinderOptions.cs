using System.Globalization;

namespace Sequence.Datasets;

/// <summary>
/// All parameters of the Pathfinder images (Linsley, Kim, Veerabadran, Windolf and Serre, "Learning long-range spatial
/// dependencies with horizontal gated recurrent units", 2018), by the names of the original generator. Lengths are in pixels.
/// </summary>
public sealed record PathfinderOptions
{
    private const int LargestSize = 1024;

    private const int LargestScale = 16;

    /// <summary>Images of 32 by 32, contours of 14 paddles: the hard setting of Pathfinder in the Long Range Arena.</summary>
    public static PathfinderOptions Pathfinder32 { get; } = new();

    /// <summary>Images of 128 by 128, contours of 14 paddles: Path-X in the Long Range Arena.</summary>
    public static PathfinderOptions PathX128 { get; } = new()
    {
        Size = 128,
        SeedDistance = 20,
        MarkerRadius = 3,
        DistractorSnakes = 8,
        PaddleLength = 5,
        PaddleThickness = 1.5,
        PaddleMargins = [2, 3],
        Continuity = 1.8,
        SnakeContrasts = [0.9],
        PaddleContrasts = [1],
    };

    /// <summary>Height and width of an image.</summary>
    public int Size { get; init; } = 32;

    /// <summary>Width of the rim that no paddle may cover.</summary>
    public int Padding { get; init; } = 1;

    /// <summary>Pixels are drawn this many times finer and then reduced.</summary>
    public int AntialiasScale { get; init; } = 2;

    /// <summary>Distance between the first tips of the two target snakes; the first lies twice this far from the rim.</summary>
    public int SeedDistance { get; init; } = 7;

    /// <summary>Radius of the discs that mark two tips.</summary>
    public double MarkerRadius { get; init; } = 1.5;

    /// <summary>Paddles of each of the two target snakes.</summary>
    public int ContourLength { get; init; } = 14;

    /// <summary>Paddles of each distractor snake; published: a third of the contour length, rounded down.</summary>
    public int DistractorLength { get; init; } = 4;

    /// <summary>Most distractor snakes; one for which there is no room is left out.</summary>
    public int DistractorSnakes { get; init; } = 5;

    /// <summary>Length of a paddle, which is one dash of a snake.</summary>
    public int PaddleLength { get; init; } = 2;

    /// <summary>Width of a paddle; times the anti-aliasing scale it is a whole number.</summary>
    public double PaddleThickness { get; init; } = 0.5;

    /// <summary>Half the gaps between paddles, one of them drawn for each image.</summary>
    public IReadOnlyList<int> PaddleMargins { get; init; } = [1];

    /// <summary>How straight snakes are: a turn of d has a weight of cos(min(continuity d, pi / 2))^2.</summary>
    public double Continuity { get; init; } = 1;

    /// <summary>Brightness of a snake; drawn for each target snake and for each paddle of a distractor.</summary>
    public IReadOnlyList<double> SnakeContrasts { get; init; } = [2];

    /// <summary>Factors of the brightness of target snakes, drawn for each paddle.</summary>
    public IReadOnlyList<double> PaddleContrasts { get; init; } = [0.75];

    /// <summary>Further places tried for a paddle that does not fit.</summary>
    public int MaximumPaddleRetrials { get; init; } = 2;

    /// <summary>Further places tried for a distractor snake that does not fit.</summary>
    public int MaximumDistractorRetrials { get; init; } = 4;

    /// <summary>The parameters in one line. Options are the same where this text is.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"size={Size} padding={Padding} antialias_scale={AntialiasScale} seed_distance={SeedDistance} marker_radius={MarkerRadius} contour_length={ContourLength} distractor_length={DistractorLength} num_distractor_snakes={DistractorSnakes} paddle_length={PaddleLength} paddle_thickness={PaddleThickness} paddle_margin_list=[{Join(PaddleMargins)}] continuity={Continuity} snake_contrast_list=[{Join(SnakeContrasts)}] paddle_contrast_list=[{Join(PaddleContrasts)}] max_paddle_retrial={MaximumPaddleRetrials} max_distractor_contour_retrial={MaximumDistractorRetrials}");

    /// <summary>Checks all parameters.</summary>
    /// <exception cref="ConfigurationException">They cannot be used; lists every fault.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        Whole(nameof(Size), Size, 8, LargestSize);
        Whole(nameof(Padding), Padding, 1, Size / 4);
        Whole(nameof(AntialiasScale), AntialiasScale, 1, LargestScale);
        Whole(nameof(SeedDistance), SeedDistance, 1, (Size - 1) / 4);
        Real(nameof(MarkerRadius), MarkerRadius, 0.5, Size / 4.0);
        Whole(nameof(ContourLength), ContourLength, 2, 1000);
        Whole(nameof(DistractorLength), DistractorLength, 1, 1000);
        Whole(nameof(DistractorSnakes), DistractorSnakes, 0, 1000);
        Whole(nameof(PaddleLength), PaddleLength, 2, Size / 4);
        Real(nameof(PaddleThickness), PaddleThickness, 1.0 / LargestScale, Size / 8.0);
        var blown = PaddleThickness * AntialiasScale;
        if (blown < 1 || blown != Math.Round(blown))
        {
            faults.Add(
                $"{nameof(PaddleThickness)} {PaddleThickness} times {nameof(AntialiasScale)} {AntialiasScale} is {blown}: choose them so that it is a whole number from 1.");
        }

        List(nameof(PaddleMargins), PaddleMargins);
        foreach (var margin in PaddleMargins ?? [])
        {
            Whole(nameof(PaddleMargins), margin, 1, Size / 8);
        }

        Real(nameof(Continuity), Continuity, 0.1, 100);
        List(nameof(SnakeContrasts), SnakeContrasts);
        List(nameof(PaddleContrasts), PaddleContrasts);
        foreach (var contrast in SnakeContrasts ?? [])
        {
            Real(nameof(SnakeContrasts), contrast, 0.01, 100);
        }

        foreach (var contrast in PaddleContrasts ?? [])
        {
            Real(nameof(PaddleContrasts), contrast, 0.01, 100);
        }

        Whole(nameof(MaximumPaddleRetrials), MaximumPaddleRetrials, 0, 1000);
        Whole(nameof(MaximumDistractorRetrials), MaximumDistractorRetrials, 0, 1000);
        ConfigurationException.ThrowIfAny(faults);

        void Whole(string name, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                faults.Add($"{name} is {value}: choose {least} to {most}{(most == LargestSize ? string.Empty : $" for images of {Size} pixels")}.");
            }
        }

        void Real(string name, double value, double least, double most)
        {
            // Written so that a value that is no number is a fault.
            if (!(value >= least && value <= most))
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}: choose {least} to {most}."));
            }
        }

        void List<T>(string name, IReadOnlyList<T>? values)
        {
            if (values is null || values.Count == 0)
            {
                faults.Add($"{name} is empty: give at least one.");
            }
        }
    }

    private static string Join<T>(IReadOnlyList<T> values)
        where T : IFormattable =>
        string.Join(',', values.Select(value => value.ToString(null, CultureInfo.InvariantCulture)));
}
