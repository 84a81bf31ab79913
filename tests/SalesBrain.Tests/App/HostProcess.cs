using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SalesBrain.LocalHost.Development;
using SalesBrain.LocalHost.Hosting;

namespace SalesBrain.Tests.App;

/// <summary>The local host as a process of its own, for tests that kill it.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output;

    private HostProcess(Process process, HttpClient http, ConcurrentQueue<string> output)
    {
        _process = process;
        Http = http;
        _output = output;
    }

    public HttpClient Http { get; }

    public int Id => _process.Id;

    /// <summary>The lines it has written so far.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>
    /// Starts it on a database that is migrated already, with the timers on their schedules, and returns when it answers.
    /// </summary>
    public static async Task<HostProcess> StartAsync(
        DatabaseConnections database, params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { typeof(HostBuilding).Assembly.Location, "--urls", $"http://127.0.0.1:{port}" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        start.Environment["ConnectionStrings__SalesBrainTenant"] = database.Tenant;
        start.Environment["ConnectionStrings__SalesBrainPlatform"] = database.Platform;
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }
        var process = Process.Start(start)!;
        var output = new ConcurrentQueue<string>();
        DataReceivedEventHandler keep = (_, line) => output.Enqueue(line.Data ?? "");
        process.OutputDataReceived += keep;
        process.ErrorDataReceived += keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // Without a propagator: a test that listens to spans of this process must not decide which requests of others are traced.
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 100, ActivityHeadersPropagator = null })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        };
        for (var attempt = 0; attempt < 600; attempt++)
        {
            Assert.False(process.HasExited, $"The host ended: {string.Join('\n', output)}");
            try
            {
                using var response = await http.GetAsync("/api/health/ready");
                if (response.IsSuccessStatusCode)
                {
                    return new HostProcess(process, http, output);
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(50);
        }
        process.Kill(entireProcessTree: true);
        throw new InvalidOperationException($"The host did not become ready: {string.Join('\n', output)}");
    }

    /// <summary>SIGKILL: no handler of ours runs.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }
        _process.Dispose();
        Http.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
