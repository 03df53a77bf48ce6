using System.CommandLine;

namespace Sequence.Cli;

internal sealed class StudyInput
{
    public StudyInput(Command command) { }
    public bool IsAsked(ParseResult parsed) => false;
    public Task<int> RunAsync(ParseResult parsed, SeriesInput input, string? folder, bool json, CancellationToken cancellationToken) => Task.FromResult(0);
}
