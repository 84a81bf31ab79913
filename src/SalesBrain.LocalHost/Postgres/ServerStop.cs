using System.Diagnostics;
using System.Runtime.InteropServices;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>Ends a running server.</summary>
internal sealed class ServerStop(ClusterFolder folder, ServerBinaries binaries)
{
    private const int Interrupt = 2;
    private const int KillSignal = 9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>PostgreSQL's fast shutdown: transactions are rolled back, the data is written out. Harder after half a minute.</summary>
    public async Task FastAsync(Postmaster server, CancellationToken ct)
    {
        if (!server.IsAlive(folder.Data))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            await Command.RunAsync([binaries.PgCtl, "stop", "-m", "fast", "-D", folder.Data], ct);
        }
        else
        {
            _ = Kill(server.ProcessId, Interrupt);
        }

        if (!await IsGoneAsync(server, Patience, ct))
        {
            await HardAsync(server, ct);
        }
    }

    /// <summary>SIGKILL to the server and all its processes, as a power cut would end them.</summary>
    public async Task HardAsync(Postmaster server, CancellationToken ct)
    {
        if (!server.IsAlive(folder.Data))
        {
            return;
        }

        KillTree(server.ProcessId);
        if (!await IsGoneAsync(server, Patience, ct))
        {
            throw new StartupException(
                $"PostgreSQL (process {server.ProcessId}) could not be stopped. Stop it yourself and run this again.");
        }
    }

    /// <summary>
    /// Ends the processes that a killed server left behind. Idle ones end by themselves; a busy one does not notice, and the data cannot be
    /// opened before it has ended. Does nothing on systems other than Linux, where processes do not show their folder.
    /// </summary>
    public void EndRemains()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (process.ProcessName.StartsWith("postgres", StringComparison.Ordinal) && FolderOf(process) == folder.Data)
                {
                    process.Kill();
                }
            }
        }
    }

    /// <summary>
    /// On Linux not with <see cref="Process.Kill(bool)"/> for the whole tree, which stops each process before: su and runuser, where they
    /// hold the server, then stop themselves and stay.
    /// </summary>
    private static void KillTree(int processId)
    {
        if (OperatingSystem.IsLinux())
        {
            foreach (var id in ChildrenOf(processId).Prepend(processId))
            {
                _ = Kill(id, KillSignal);
            }

            return;
        }

        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill(entireProcessTree: true);
        }
        catch (ArgumentException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Listed before their parent is killed, because afterwards they have no parent.</summary>
    private static int[] ChildrenOf(int processId)
    {
        try
        {
            var ids = File.ReadAllText($"/proc/{processId}/task/{processId}/children");
            return [.. ids.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(int.Parse)];
        }
        catch (IOException)
        {
            // Ended by itself, or a kernel without this list: idle children notice by themselves.
            return [];
        }
    }

    private static string? FolderOf(Process process)
    {
        try
        {
            return new FileInfo($"/proc/{process.Id}/cwd").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private async Task<bool> IsGoneAsync(Postmaster server, TimeSpan patience, CancellationToken ct)
    {
        var until = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (server.IsAlive(folder.Data))
        {
            if (Environment.TickCount64 > until)
            {
                return false;
            }

            await Task.Delay(5, ct);
        }

        return true;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int processId, int signal);
}
