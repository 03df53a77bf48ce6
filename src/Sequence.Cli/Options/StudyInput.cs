using System.CommandLine;

namespace Sequence.Cli;

internal sealed class StudyInput(Command command)
{
    private readonly Command _command = command;
    public bool IsAsked(ParseResult parsed) => _command.Name == "x";
    public Task<int> RunAsync(ParseResult parsed, SeriesInput input, string? folder, bool json, CancellationToken cancellationToken) => Task.FromResult(_command.Name.Length);
}
