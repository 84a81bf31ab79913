using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>Ends a running server.</summary>
internal sealed class ServerStop(ClusterFolder folder, ServerBinaries binaries)
{
    private const int Interrupt = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>PostgreSQL's fast shutdown: transactions are rolled back, the data is written out. Harder after half a minute.</summary>
    public async Task FastAsync(CancellationToken ct)
    {
        if (Postmaster.Read(folder.Data) is not { } server || !server.IsAlive(folder.Data))
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
            await HardAsync(ct);
        }
    }

    /// <summary>SIGKILL to the server and all its processes, as a power cut would end them.</summary>
    public async Task HardAsync(CancellationToken ct)
    {
        if (Postmaster.Read(folder.Data) is not { } server || !server.IsAlive(folder.Data))
        {
            return;
        }

        using var process = Process.GetProcessById(server.ProcessId);
        process.Kill(entireProcessTree: true);
        if (!await IsGoneAsync(server, Patience, ct))
        {
            throw new StartupException($"PostgreSQL (process {server.ProcessId}) cannot be ended. End it yourself and run this again.");
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
