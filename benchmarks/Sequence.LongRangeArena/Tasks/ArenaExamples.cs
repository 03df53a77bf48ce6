using Sequence.Training;

namespace Sequence.LongRangeArena;

/// <summary>The data of a task, as a training takes it.</summary>
/// <param name="Training">What is trained on.</param>
/// <param name="Validation">What chooses the best epoch.</param>
/// <param name="Test">What is reported.</param>
/// <param name="Vocabulary">Number of distinct tokens; 0 where inputs are numbers.</param>
/// <param name="Source">Where the data came from, in words.</param>
/// <param name="IsOriginal">
/// Whether it is the data that the published results are of, whole; a part or a substitute is not reported under its name.
/// </param>
public sealed record ArenaExamples(
    IExampleSet Training, IExampleSet Validation, IExampleSet Test, int Vocabulary, string Source, bool IsOriginal);
