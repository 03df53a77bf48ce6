using System.Globalization;
using System.Security.Cryptography;

namespace Sequence.Cli.Tests;

/// <summary>Small files that commands are run on.</summary>
internal static class Files
{
    /// <summary>A CSV file of business days: a line with a weekly wave and a slower one, so that there is something to learn.</summary>
    public static string WriteSeries(TemporaryFolder folder, int rows, string column = "close", string name = "series.csv")
    {
        var path = folder.File(name);
        var day = new DateOnly(2020, 1, 1);
        using var writer = new StreamWriter(path);
        writer.Write($"date,{column}\n");
        for (var row = 0; row < rows; day = day.AddDays(1))
        {
            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            {
                continue;
            }

            var value = 100 + (0.1 * row) + (2 * Math.Sin(2 * Math.PI * row / 5)) + (3 * Math.Sin(row / 7.0));
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd},{value:F4}\n"));
            row++;
        }

        return path;
    }

    public static string WriteText(TemporaryFolder folder, string text, string name = "bad.csv")
    {
        var path = folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }

    public static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    /// <summary>The directory of Sequence.sln.</summary>
    public static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Sequence.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new AssertInconclusiveException("Not run from within the repository.");
    }
}
