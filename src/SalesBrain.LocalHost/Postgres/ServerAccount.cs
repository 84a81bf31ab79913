using System.ComponentModel;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>
/// The account that the server runs under: the current one, or an unprivileged one if the current user is root, which PostgreSQL refuses.
/// </summary>
internal sealed class ServerAccount
{
    private static readonly ServerAccount OurOwn = new(null, command => command);
    private readonly string? _owner;
    private readonly Func<IReadOnlyList<string>, IReadOnlyList<string>> _wrap;

    private ServerAccount(string? owner, Func<IReadOnlyList<string>, IReadOnlyList<string>> wrap)
    {
        _owner = owner;
        _wrap = wrap;
    }

    public bool IsOurOwn => _owner is null;

    /// <summary>
    /// As root: the account <c>postgres</c>, or else <c>nobody</c>, through the first available tool that can switch to it.
    /// </summary>
    public static async Task<ServerAccount> ChooseAsync(CancellationToken ct)
    {
        // On Windows initdb and pg_ctl give up an administrator's rights themselves.
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return OurOwn;
        }

        foreach (var account in Candidates())
        {
            if (await account.SucceedsAsync("true", ct))
            {
                return account;
            }
        }

        throw new StartupException(
            "PostgreSQL refuses to run as root, and changing to the user postgres or nobody failed. Run this as an ordinary user, or "
            + "install setpriv (util-linux).");
    }

    /// <summary>The command line that runs <paramref name="command"/> under this account.</summary>
    public IReadOnlyList<string> Running(params IReadOnlyList<string> command) => _wrap(command);

    /// <summary>Whether it can run the programs and enter the folder: not below /root or a private temporary folder, for one.</summary>
    public async Task<bool> CanUseAsync(ServerBinaries binaries) =>
        IsOurOwn || await SucceedsAsync($"test -x {Quote(binaries.Postgres)} && test -r {Quote(binaries.Sample)}", CancellationToken.None);

    public async Task<bool> CanEnterAsync(string folder) => IsOurOwn || await SucceedsAsync($"cd {Quote(folder)}", CancellationToken.None);

    /// <summary>Hands the folder and what is in it to this account.</summary>
    public async Task OwnAsync(string folder, CancellationToken ct)
    {
        if (_owner is not null)
        {
            var result = await Command.RunAsync(["chown", "-R", _owner, folder], ct);
            if (result.ExitCode != 0)
            {
                throw new IOException(result.Reason);
            }
        }
    }

    private static IEnumerable<ServerAccount> Candidates()
    {
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4)
            .ToLookup(fields => fields[0]);
        foreach (var fields in new[] { "postgres", "nobody" }.SelectMany(name => accounts[name].Take(1)))
        {
            var (name, uid, gid) = (fields[0], fields[2], fields[3]);
            var owner = $"{uid}:{gid}";
            yield return new(owner, command => ["setpriv", "--reuid", uid, "--regid", gid, "--clear-groups", "--", .. command]);
            yield return new(owner, command => ["runuser", "-u", name, "--", .. command]);
            yield return new(owner, command => ["su", "-s", "/bin/sh", "-c", string.Join(' ', command.Select(Quote)), name]);
            yield return new(owner, command => ["sudo", "-n", "-u", name, "--", .. command]);
        }
    }

    private async Task<bool> SucceedsAsync(string script, CancellationToken ct)
    {
        try
        {
            return (await Command.RunAsync(Running("/bin/sh", "-c", script), ct)).ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
