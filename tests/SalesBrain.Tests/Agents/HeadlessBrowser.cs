using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;

namespace SalesBrain.Tests.Agents;

/// <summary>A headless Chromium with an empty profile, driven through its DevTools protocol.</summary>
internal sealed class HeadlessBrowser : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly DirectoryInfo _profile;
    private readonly ClientWebSocket _socket = new();
    private int _id;

    private HeadlessBrowser(Process process, DirectoryInfo profile)
    {
        _process = process;
        _profile = profile;
    }

    /// <summary>Where Chromium is; null if this machine has none.</summary>
    internal static string? Program => new[] { Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }
        .FirstOrDefault(File.Exists);

    internal static async Task<HeadlessBrowser> StartAsync()
    {
        var profile = Directory.CreateTempSubdirectory("salesbrain-browser-");
        var start = new ProcessStartInfo(Program!) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[]
        {
            "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage", "--no-proxy-server",
            "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", "about:blank",
        })
        {
            start.ArgumentList.Add(argument);
        }
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var browser = new HeadlessBrowser(process, profile);
        try
        {
            await browser.ConnectAsync();
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    internal Task OpenAsync(Uri url) => SendAsync("Page.navigate", new { url = url.AbsoluteUri });

    /// <summary>Waits until a JavaScript expression is true in the page that is open then.</summary>
    internal async Task WaitForAsync(string expression)
    {
        var until = Stopwatch.StartNew();
        while (!await IsTrueAsync(expression))
        {
            Assert.True(until.Elapsed < Patience, $"Still not: {expression}, in {await EvaluateAsync("location.href + ' ' + document.documentElement.innerText")}");
            await Task.Delay(50);
        }
    }

    /// <summary>The value of a JavaScript expression.</summary>
    internal async Task<JsonElement> EvaluateAsync(string expression)
    {
        var result = await SendAsync("Runtime.evaluate", new { expression, returnByValue = true });
        return result.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child process that is just ending still writes. The folder is in the folder for temporary files.
        }
    }

    private async Task<bool> IsTrueAsync(string expression) => (await EvaluateAsync(expression)).ValueKind == JsonValueKind.True;

    private async Task ConnectAsync()
    {
        var portFile = Path.Combine(_profile.FullName, "DevToolsActivePort");
        var until = Stopwatch.StartNew();
        string[] lines;
        while ((lines = File.Exists(portFile) ? await File.ReadAllLinesAsync(portFile) : []).Length < 2)
        {
            Assert.True(until.Elapsed < Patience && !_process.HasExited, "Chromium did not start.");
            await Task.Delay(50);
        }
        using var http = new HttpClient();
        var targets = JsonElement.Parse(await http.GetStringAsync($"http://127.0.0.1:{lines[0]}/json/list"));
        var page = targets.EnumerateArray().First(target => target.GetProperty("type").GetString() == "page");
        await _socket.ConnectAsync(new Uri(page.GetProperty("webSocketDebuggerUrl").GetString()!), CancellationToken.None);
    }

    private async Task<JsonElement> SendAsync(string method, object parameters)
    {
        using var limit = new CancellationTokenSource(Patience);
        var id = ++_id;
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters }), WebSocketMessageType.Text, true, limit.Token);
        while (true)
        {
            using var message = new MemoryStream();
            var buffer = new byte[16 * 1024];
            WebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(buffer, limit.Token);
                message.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);
            var json = JsonElement.Parse(message.ToArray());
            if (json.TryGetProperty("id", out var answered) && answered.GetInt32() == id)
            {
                return json.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException(json.ToString());
            }
        }
    }
}
