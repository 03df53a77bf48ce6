using System.CommandLine;

namespace Sequence.Cli;

/// <summary>Faults that a room states by the names of its own options, as a person at the command line knows them.</summary>
internal static class OptionFaults
{
    /// <summary>Does the work; a fault that begins with the name of one of these options gets it as it is typed.</summary>
    /// <exception cref="ConfigurationException">The faults of the work, reworded.</exception>
    public static T Reword<T>(IEnumerable<Option> options, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ConfigurationException error)
        {
            var names = options.ToDictionary(
                option => option.Name.Replace("-", string.Empty, StringComparison.Ordinal),
                option => option.Name,
                StringComparer.OrdinalIgnoreCase);
            throw new ConfigurationException([.. error.Faults.Select(Named)]);

            string Named(string fault)
            {
                var words = fault.Split(' ', 2);
                return names.TryGetValue(words[0].Replace("-", string.Empty, StringComparison.Ordinal), out var name)
                    ? $"{name} {words[1]}"
                    : fault;
            }
        }
    }
}
