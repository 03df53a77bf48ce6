namespace Sequence.Datasets;

/// <summary>One number a generator can be given.</summary>
/// <param name="Name">Name in kebab case.</param>
/// <param name="Description">What it does, with its unit.</param>
/// <param name="Default">Value when none is given.</param>
/// <param name="Minimum">Least value accepted.</param>
/// <param name="Maximum">Greatest value accepted.</param>
/// <param name="IsWhole">Whether only whole numbers are accepted.</param>
public sealed record GeneratorParameter(
    string Name, string Description, double Default, double Minimum, double Maximum, bool IsWhole = false);
