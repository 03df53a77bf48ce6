using System.Text.Json;

namespace Sequence.Daemon;

/// <summary>
/// What the daemon and a worker say to each other over the worker's standard input and output, a line each: the worker says
/// "ready HASH" once its model is loaded, with the hash of the checkpoint that it opened; then to each line of questions it answers
/// a line with as many answers, in their order, both as JSON; it ends when its input does.
/// </summary>
public static class WorkerProtocol
{
    private const string Ready = "ready ";

    /// <summary>Answers questions until there are no more.</summary>
    /// <param name="input">Where the questions come from.</param>
    /// <param name="output">Where the answers go.</param>
    /// <param name="version">Hash of the checkpoint that answers, as its manifest has it.</param>
    /// <param name="answer">Answers one batch; what it throws ends the worker.</param>
    public static async Task ServeAsync(TextReader input, TextWriter output, string version, Func<WorkerQuestion[], WorkerAnswer[]> answer)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(answer);
        await SayAsync(output, Ready + version);
        while (await input.ReadLineAsync() is { } line)
        {
            await SayAsync(output, JsonSerializer.Serialize(answer(JsonSerializer.Deserialize<WorkerQuestion[]>(line)!)));
        }
    }

    /// <summary>The hash in the first line of a worker; null when it says something else.</summary>
    internal static string? ReadyVersion(string line) => line.StartsWith(Ready, StringComparison.Ordinal) ? line[Ready.Length..] : null;

    internal static string Line(WorkerQuestion[] questions) => JsonSerializer.Serialize(questions);

    /// <exception cref="JsonException">It is no line of that many answers.</exception>
    internal static WorkerAnswer[] Answers(string line, int count) =>
        JsonSerializer.Deserialize<WorkerAnswer[]>(line) is { } answers && answers.Length == count
        && answers.All(one => one is not null && (one.Forecast is null) != (one.Fault is null))
            ? answers
            : throw new JsonException($"The answer has not {count} forecasts or reasons.");

    private static async Task SayAsync(TextWriter output, string line)
    {
        await output.WriteLineAsync(line);
        await output.FlushAsync();
    }
}
