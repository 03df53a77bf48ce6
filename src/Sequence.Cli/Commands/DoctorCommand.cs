using System.CommandLine;
using Sequence.Torch;

namespace Sequence.Cli.Commands;

/// <summary>sequence doctor: what works on this machine, and how to mend what does not.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Check what works on this machine and say how to mend what does not.");
        var json = JsonOption.Create();
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var findings = TorchDoctor.Examine(Environment.CurrentDirectory);
            var hasFailure = findings.Any(finding => finding.Verdict == DoctorVerdict.Failure);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(findings);
            }
            else
            {
                Terminal.WriteList(
                    ["check", "verdict", "found", "what to do"],
                    findings.Select(finding => new[]
                    {
                        finding.Name, finding.Verdict.ToString(), finding.Found, finding.Remedy ?? string.Empty,
                    }));
            }

            return hasFailure ? ExitCode.Failed : ExitCode.Success;
        });
        return command;
    }
}
