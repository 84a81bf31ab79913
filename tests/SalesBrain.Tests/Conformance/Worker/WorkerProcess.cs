using System.Collections.Concurrent;
using System.Diagnostics;

namespace SalesBrain.Tests.Conformance.Worker;

/// <summary>The published app as a process, started with the arguments that the Functions host gives it.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const int MaxMessageLength = int.MaxValue;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly Process _process;
    private readonly Process? _watcher;

    private WorkerProcess(Process process)
    {
        _process = process;
        _watcher = OperatingSystem.IsWindows() ? null : Watch(process.Id);
    }

    /// <summary>Completes when the process has ended.</summary>
    internal Task Ended => _process.WaitForExitAsync();

    /// <summary>Everything the process wrote.</summary>
    internal string Output => string.Join('\n', _output);

    /// <summary>Starts it with these settings as environment variables; the host's gRPC service listens at the address.</summary>
    internal static WorkerProcess Start(Uri host, string workerId, IReadOnlyDictionary<string, string> settings)
    {
        var requestId = Guid.NewGuid().ToString();
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                PublishedApp.Assembly,
                "--host", host.Host,
                "--port", host.Port.ToString(),
                "--workerId", workerId,
                "--requestId", requestId,
                "--grpcMaxMessageLength", MaxMessageLength.ToString(),
                "--functions-uri", host.ToString(),
                "--functions-worker-id", workerId,
                "--functions-request-id", requestId,
                "--functions-grpc-max-message-length", MaxMessageLength.ToString(),
            },
            WorkingDirectory = PublishedApp.Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // Settings of whoever runs the tests must not reach the worker.
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
        {
            start.Environment.Remove(name);
        }
        // The host sets these.
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = PublishedApp.Folder;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }
        var worker = new WorkerProcess(Process.Start(start)!);
        worker._process.OutputDataReceived += worker.Keep;
        worker._process.ErrorDataReceived += worker.Keep;
        worker._process.BeginOutputReadLine();
        worker._process.BeginErrorReadLine();
        return worker;
    }

    /// <summary>Waits a moment for it to end by itself, then kills it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAny(Ended, Task.Delay(TimeSpan.FromSeconds(5)));
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await Ended;
        }
        _process.Dispose();
        _watcher?.Kill(entireProcessTree: true);
        _watcher?.Dispose();
    }

    /// <summary>Kills the worker when this process is killed: then the watcher's input ends.</summary>
    private static Process Watch(int worker) => Process.Start(new ProcessStartInfo("/bin/sh")
    {
        ArgumentList = { "-c", "cat >/dev/null; kill -9 $0", worker.ToString() },
        UseShellExecute = false,
        RedirectStandardInput = true,
    })!;

    private static bool IsSetting(string name) =>
        name.Contains("__", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.Equals("urls", StringComparison.OrdinalIgnoreCase);

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            _output.Enqueue(text);
        }
    }
}
