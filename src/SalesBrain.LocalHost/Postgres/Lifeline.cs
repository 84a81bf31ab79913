namespace SalesBrain.LocalHost.Postgres;

/// <summary>
/// Held by every host that uses the server. It is released when the host disposes it or ends in any way, including SIGKILL. A watcher that
/// is started with the server reads a pipe that all hosts keep open. When the last host has ended, the watcher sees the end of the pipe and
/// stops the server. The shared lock shows a leaving host whether others remain.
/// </summary>
internal sealed class Lifeline : IDisposable
{
    private readonly FileLock _user;
    private readonly FileStream? _pipe;

    private Lifeline(FileLock user, FileStream? pipe)
    {
        _user = user;
        _pipe = pipe;
    }

    /// <summary>The caller holds the start lock, so that no other process is checking for remaining users.</summary>
    public static async Task<Lifeline> TakeAsync(ClusterFolder folder, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows())
        {
            // No watcher there: a server whose hosts were killed is found again by the next start.
            return new(FileLock.Shared(folder.UsersLock), null);
        }

        if (!File.Exists(folder.HostsPipe))
        {
            var made = await Command.RunAsync(["mkfifo", "-m", "600", folder.HostsPipe], ct);
            if (made.ExitCode != 0)
            {
                throw new IOException(made.Reason);
            }
        }

        var user = FileLock.Shared(folder.UsersLock);
        try
        {
            // For reading as well: opening a pipe only for writing waits for a reader.
            return new(user, new FileStream(folder.HostsPipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0));
        }
        catch
        {
            user.Dispose();
            throw;
        }
    }

    /// <summary>Whether no other process uses the server. The caller holds the start lock and no lifeline.</summary>
    public static bool IsUnused(ClusterFolder folder)
    {
        using var alone = FileLock.TryExclusive(folder.UsersLock);
        return alone is not null;
    }

    /// <summary>Lets go of the lock alone; the watcher still sees this host.</summary>
    public void Leave() => _user.Dispose();

    public void Dispose()
    {
        _user.Dispose();
        _pipe?.Dispose();
    }
}
