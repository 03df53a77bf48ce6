namespace Sequence.Daemon;

/// <summary>How the log is written.</summary>
public enum LogFormat
{
    /// <summary>A line for people.</summary>
    Text,

    /// <summary>A JSON object a line, with the values of each message as members.</summary>
    Json,
}
