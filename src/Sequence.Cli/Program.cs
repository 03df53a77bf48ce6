using Sequence.Cli;

return CommandHost.Run(args);
