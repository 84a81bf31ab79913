using System.Diagnostics;
using System.Text.Json;

namespace SalesBrain.Tests.App;

/// <summary>Scripts of this project that drive a real browser with playwright-core, from the npm packages of <c>dev/</c>.</summary>
internal static class BrowserScript
{
    private static readonly string[] Programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Runs a script with the browser's program and further arguments. Returns the JSON object that it prints; every other line it prints
    /// is a request to the test. Skips the test if no browser is installed.
    /// </summary>
    internal static async Task<JsonElement> RunAsync(string name, IEnumerable<string> arguments, Func<string, Task>? request = null)
    {
        var browser = Find();
        Assert.SkipWhen(browser is null, $"No browser is installed ({string.Join(", ", Programs)}).");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var node = Process.Start(new ProcessStartInfo("node", [await WriteAsync(name), browser!, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var errors = node.StandardError.ReadToEndAsync(limit.Token);
            JsonElement? result = null;
            while (await node.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith('{'))
                {
                    result = JsonElement.Parse(line);
                }
                else
                {
                    await request!(line);
                }
            }
            await node.WaitForExitAsync(limit.Token);
            Assert.True(result is not null && node.ExitCode == 0, await errors);
            return result.Value;
        }
        finally
        {
            if (!node.HasExited)
            {
                node.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Beside the npm packages, where the script finds playwright-core.</summary>
    private static async Task<string> WriteAsync(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(TestCluster.Current.DevFolder, "node_modules", ".salesbrain")).FullName;
        await using var script = typeof(BrowserScript).Assembly.GetManifestResourceStream(name)!;
        var path = Path.Combine(folder, name);
        await using var file = File.Create(path);
        await script.CopyToAsync(file);
        return path;
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Programs.Select(program => Path.Combine(folder, program))).FirstOrDefault(File.Exists);
}
