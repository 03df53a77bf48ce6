namespace Sequence.Daemon.Storage;

/// <summary>
/// The names of series and checkpoints: 1 to 128 of A-Z, a-z, 0-9, '.', '_' and '-', the first a letter or a digit. Safe as
/// part of an address and as the name of a file.
/// </summary>
internal static class SeriesName
{
    public const string Rule = "1 to 128 of A-Z, a-z, 0-9, '.', '_' and '-', beginning with a letter or a digit";

    public static bool IsValid(string name) =>
        name.Length is >= 1 and <= 128 && char.IsAsciiLetterOrDigit(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    /// <exception cref="DaemonException">It can be no series' identifier.</exception>
    public static void Require(string id) => Require(id, "id of a series");

    /// <exception cref="DaemonException">It can be no model's name.</exception>
    public static void RequireModel(string name) => Require(name, "name of a model");

    private static void Require(string name, string what)
    {
        if (!IsValid(name))
        {
            throw new DaemonException(DaemonFault.Invalid, $"The {what} is {Rule}.");
        }
    }
}
