using System.Diagnostics;

namespace SalesBrain.Bench.Servers;

/// <summary>A server under measurement; its output goes to a file, and it ends with us.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly string _log;
    private readonly StreamWriter _writer;

    private ChildProcess(ProcessStartInfo info, string log)
    {
        _log = log;
        _writer = new StreamWriter(log) { AutoFlush = true };
        _process = new Process { StartInfo = info };
        _process.OutputDataReceived += Write;
        _process.ErrorDataReceived += Write;
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public static ChildProcess Start(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string log, string? folder = null)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? "",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }
        return new ChildProcess(info, log);
    }

    /// <summary>
    /// Asks every few milliseconds. Throws <see cref="InvalidOperationException"/> when the process ends first or time is up.
    /// </summary>
    public async Task WaitUntilAsync(Func<Task<bool>> isReady, TimeSpan patience, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (!await isReady())
        {
            if (_process.HasExited || waited.Elapsed > patience)
            {
                throw new InvalidOperationException(
                    $"{_process.StartInfo.FileName} did not get ready; {_log} says why: {await LastLineAsync()}");
            }
            await Task.Delay(5, cancellationToken);
        }
    }

    /// <summary>Resident memory now and at its highest, in bytes.</summary>
    public (long Now, long Peak) ReadMemory()
    {
        var lines = File.ReadAllLines($"/proc/{Id}/status");
        long Read(string name) =>
            long.Parse(lines.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':', 'k')[1].Trim()) * 1024;
        return (Read("VmRSS:"), Read("VmHWM:"));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // .NET itself can only kill.
            using var terminate = Process.Start("kill", ["-TERM", $"{Id}"]);
            using var limit = new CancellationTokenSource(StopPatience);
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited)
            {
                _process.Kill();
            }
        }
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _writer.DisposeAsync();
    }

    private void Write(object sender, DataReceivedEventArgs line)
    {
        // Null marks the end of one of the two streams.
        if (line.Data is not null)
        {
            lock (_writer)
            {
                _writer.WriteLine(line.Data);
            }
        }
    }

    private async Task<string> LastLineAsync()
    {
        var lines = await File.ReadAllLinesAsync(_log);
        return lines.LastOrDefault() ?? "nothing";
    }
}
