using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>A lock between processes on an open file. The operating system releases it when its holder dies.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>
    /// Waits for the others, once <paramref name="waiting"/> has been called; <see cref="StartupException"/> after ten minutes.
    /// </summary>
    public static async Task<FileLock> ExclusiveAsync(string path, CancellationToken ct, Action? waiting = null)
    {
        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            if (TryExclusive(path) is { } held)
            {
                return held;
            }

            if (Environment.TickCount64 > until)
            {
                throw new StartupException(
                    $"Another process has locked {path} for {Patience.TotalMinutes:0} minutes. Stop it and run this again.");
            }

            waiting?.Invoke();
            waiting = null;
            await Task.Delay(20, ct);
        }
    }

    /// <summary>Null if the lock is held, shared or exclusively.</summary>
    public static FileLock? TryExclusive(string path)
    {
        try
        {
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken) when (IsTaken(taken))
        {
            return null;
        }
    }

    /// <summary>Takes a shared lock. Throws <see cref="IOException"/> if the lock is held exclusively.</summary>
    public static FileLock Shared(string path) => new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read));

    public void Dispose() => _file.Dispose();

    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsTaken(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
