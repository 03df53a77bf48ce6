namespace Sequence.Daemon.Security;

/// <summary>
/// Names for RequireAuthorization. An endpoint that names none needs the scope read for GET and HEAD, and write for any
/// other method.
/// </summary>
internal static class Policies
{
    public const string Read = "read";

    public const string Write = "write";

    public const string Admin = "admin";
}
