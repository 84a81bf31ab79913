using System.Diagnostics;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>Starts the server program and waits until it takes connections.</summary>
internal sealed class ServerLaunch(ClusterFolder folder, ServerBinaries binaries, ServerAccount account)
{
    // The watcher is detached from this process and from the server. It waits until no host has the pipe open, then requests a fast
    // shutdown of the server. First it checks that the folder is still the same (it may have been deleted and created again), and that the
    // process id in postmaster.pid still belongs to a server on that data. The shell itself becomes the command.
    private const string Script = """
        pipe=$1 data=$2 log=$3
        shift 3
        inode=$(ls -i "$pipe")
        watch() {
            read -r _
            [ "$inode" = "$(ls -i "$pipe")" ] && read -r pid <"$data/postmaster.pid" || return
            case "$(tr '\0' ' ' <"/proc/$pid/cmdline" || ps -o args= -p "$pid")" in
                *" -D $data "*) kill -INT "$pid" ;;
            esac
        }
        ( watch <"$pipe" >/dev/null 2>&1 & )
        exec "$@" </dev/null >>"$log" 2>&1
        """;

    private const long KeptLogBytes = 5 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal enum Hindrance
    {
        PortTaken,

        /// <summary>Processes of a killed server still hold its shared memory.</summary>
        RemainsAlive,
    }

    /// <summary>
    /// Either the server or what can be overcome. Throws <see cref="StartupException"/> with the server's own reason when it gives up.
    /// </summary>
    public async Task<(Postmaster? Server, Hindrance? Hindrance)> TryAsync(int port, IReadOnlyList<string> settings, CancellationToken ct)
    {
        RotateLog();
        var logStart = File.Exists(folder.Log) ? new FileInfo(folder.Log).Length : 0;
        // The caller has made sure that no server of ours is behind it, and PostgreSQL itself refuses data that still has processes.
        File.Delete(Postmaster.FileIn(folder.Data));
        IReadOnlyList<string> arguments = ["-D", folder.Data, "-p", $"{port}", .. settings.SelectMany(setting => new[] { "-c", setting })];
        var exited = OperatingSystem.IsWindows()
            ? await StartOnWindowsAsync(arguments, ct)
            : StartWatched(account.Running([binaries.Postgres, .. arguments]));

        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            if (Postmaster.Read(folder.Data) is { Ready: true } server)
            {
                return (server, null);
            }

            ct.ThrowIfCancellationRequested();
            if (exited())
            {
                return (null, FindRefusal(ReadLog(logStart), port));
            }

            if (Environment.TickCount64 > until)
            {
                throw new StartupException(
                    $"PostgreSQL was not ready within {Patience.TotalSeconds:0} s. The reason is in its log {folder.Log}. Fix "
                    + "that and run this again.");
            }

            await Task.Delay(5, ct);
        }
    }

    /// <summary>For a server that runs already and may have lost its watcher.</summary>
    public void Watch()
    {
        if (!OperatingSystem.IsWindows())
        {
            StartWatched(["true"]);
        }
    }

    /// <summary>In a session of its own, so that Ctrl-C in the host's terminal does not reach it before the host is done with it.</summary>
    private Func<bool> StartWatched(IReadOnlyList<string> command)
    {
        IReadOnlyList<string> detach = OperatingSystem.IsMacOS() ? ["perl", "-MPOSIX=setsid", "-e", "setsid(); exec @ARGV"] : ["setsid"];
        var process = Process.Start(Command.Info(
            [.. detach, "/bin/sh", "-c", Script, "sh", folder.HostsPipe, folder.Data, folder.Log, .. command]))!;
        return () => process.HasExited;
    }

    private async Task<Func<bool>> StartOnWindowsAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        // pg_ctl gives up an administrator's rights, which the server refuses, and sends the output to the log.
        var options = string.Join(' ', arguments.Skip(2).Select(argument => $"\"{argument}\""));
        // Not Command.RunAsync: the server inherits the output, whose end would be waited for.
        var start = Process.Start(Command.Info([binaries.PgCtl, "start", "-w", "-D", folder.Data, "-l", folder.Log, "-o", options]))!;
        await start.WaitForExitAsync(ct);
        return () => start.ExitCode != 0;
    }

    private Hindrance FindRefusal(string log, int port)
    {
        if (log.Contains("could not create any TCP/IP sockets", StringComparison.Ordinal))
        {
            return Hindrance.PortTaken;
        }

        if (log.Contains("is still in use", StringComparison.Ordinal))
        {
            return Hindrance.RemainsAlive;
        }

        throw new StartupException(
            $"PostgreSQL did not start on port {port}: {Command.ReasonIn(log)}. {Advice(log)}. Details are in {folder.Log}.");
    }

    private string Advice(string log)
    {
        bool Says(string words) => log.Contains(words, StringComparison.Ordinal);
        return Says("incompatible with server") ? $"Delete {folder.Root} to start with an empty database"
            : Says("Permission denied") || Says("wrong ownership") ? "Run this as the user who created the data, or delete the data as that user"
            : "Fix that and run this again";
    }

    private void RotateLog()
    {
        if (File.Exists(folder.Log) && new FileInfo(folder.Log).Length > KeptLogBytes)
        {
            File.Move(folder.Log, $"{folder.Log}.1", overwrite: true);
        }
    }

    private string ReadLog(long start)
    {
        using var file = new FileStream(folder.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(start, SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
