using System.Globalization;

namespace Sequence.LongRangeArena;

/// <summary>What a run folder belongs to; a run goes on only in a folder of its own identity.</summary>
/// <param name="Task">Name of the task.</param>
/// <param name="Model">Name of the model.</param>
/// <param name="Preset">The preset.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Epochs">Passes over the training examples.</param>
/// <param name="TimeBudgetSeconds">Longest time of training; null for no limit.</param>
public sealed record ArenaIdentity(
    string Task, string Model, ArenaPreset Preset, ulong Seed, int Epochs, double? TimeBudgetSeconds)
{
    /// <summary>What differs from another identity, a phrase each.</summary>
    internal IReadOnlyList<string> Differences(ArenaIdentity other)
    {
        var differences = new List<string>();
        Compare("task", Task, other.Task);
        Compare("model", Model, other.Model);
        Compare("preset", Preset, other.Preset);
        Compare("seed", Seed, other.Seed);
        Compare("epochs", Epochs, other.Epochs);
        Compare("time budget", TimeBudgetSeconds, other.TimeBudgetSeconds);
        return differences;

        void Compare<T>(string name, T mine, T theirs)
        {
            if (!EqualityComparer<T>.Default.Equals(mine, theirs))
            {
                differences.Add(string.Create(
                    CultureInfo.InvariantCulture, $"{name} {mine?.ToString() ?? "none"}, there {theirs?.ToString() ?? "none"}"));
            }
        }
    }
}
