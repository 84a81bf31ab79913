using System.Diagnostics;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>Starts the server program and waits until it takes connections.</summary>
internal sealed class ServerLaunch(ClusterFolder folder, ServerBinaries binaries, ServerAccount account)
{
    // In words: the watcher, detached from us and from the server, waits until no host holds the pipe open any more, then asks the server
    // for a fast shutdown, if the process of the number in its note still is a server on this data. The shell itself becomes the command.
    private const string Script = """
        pipe=$1 data=$2 log=$3
        shift 3
        watch() {
            read -r _
            read -r pid <"$data/postmaster.pid" || return
            case "$(tr '\0' ' ' <"/proc/$pid/cmdline" || ps -o args= -p "$pid")" in
                *" -D $data "*) kill -INT "$pid" ;;
            esac
        }
        ( watch <"$pipe" >/dev/null 2>&1 & )
        exec "$@" </dev/null >>"$log" 2>&1
        """;

    private const long KeptLogBytes = 5 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal enum Outcome
    {
        Ready,
        PortTaken,

        /// <summary>Processes of a killed server still hold its shared memory.</summary>
        RemainsAlive,
    }

    /// <summary>Throws <see cref="StartupException"/> with the server's own reason when it gives up.</summary>
    public async Task<Outcome> TryAsync(int port, IReadOnlyList<string> settings, CancellationToken ct)
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
        while (Postmaster.Read(folder.Data) is not { Ready: true })
        {
            ct.ThrowIfCancellationRequested();
            if (exited())
            {
                return Judge(ReadLog(logStart), port);
            }

            if (Environment.TickCount64 > until)
            {
                throw new StartupException($"PostgreSQL did not get ready within {Patience.TotalSeconds:0} s. Its log {folder.Log} says why; mend that and run this again.");
            }

            await Task.Delay(5, ct);
        }

        return Outcome.Ready;
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
        var started = await Command.RunAsync([binaries.PgCtl, "start", "-w", "-D", folder.Data, "-l", folder.Log, "-o", options], ct);
        return () => started.ExitCode != 0;
    }

    private Outcome Judge(string log, int port)
    {
        if (log.Contains("could not create any TCP/IP sockets", StringComparison.Ordinal))
        {
            return Outcome.PortTaken;
        }

        if (log.Contains("is still in use", StringComparison.Ordinal))
        {
            return Outcome.RemainsAlive;
        }

        var advice = log.Contains("incompatible with server", StringComparison.Ordinal)
            ? $"Delete {folder.Root} to start afresh"
            : "Mend that and run this again";
        throw new StartupException($"PostgreSQL did not start on port {port}: {Command.ReasonIn(log)}. {advice}; more is in {folder.Log}.");
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
