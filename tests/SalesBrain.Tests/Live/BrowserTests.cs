using System.Diagnostics;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Live;

/// <summary>A page of a real browser listens to live updates with EventSource.</summary>
public sealed class BrowserTests(TestApp app)
{
    private static readonly string[] Programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    [Fact]
    public async Task Page_listens_with_tickets_and_misses_nothing_when_it_reconnects()
    {
        var browser = Find();
        Assert.SkipWhen(browser is null, $"No browser is installed ({string.Join(", ", Programs)}).");
        var user = await app.CreateUserAsync("member");
        var sent = new List<Guid>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var node = Process.Start(new ProcessStartInfo("node")
        {
            ArgumentList = { await WriteScriptAsync(), browser!, app.Http.BaseAddress!.ToString().TrimEnd('/'), app.TokenOf(user) },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var errors = node.StandardError.ReadToEndAsync(limit.Token);
            JsonElement? heard = null;
            while (await node.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line == "notify")
                {
                    sent.Add(await app.CreateNotificationAsync(user));
                }
                else
                {
                    heard = JsonElement.Parse(line);
                }
            }
            await node.WaitForExitAsync(limit.Token);

            Assert.True(heard is not null && node.ExitCode == 0, await errors);
            Assert.Equal(3, sent.Count);
            Assert.Equal(sent, heard.Value.GetProperty("events").EnumerateArray().Select(told => told.GetProperty("entity").GetGuid()));
            Assert.Equal(3, heard.Value.GetProperty("events").EnumerateArray().Select(told => told.GetProperty("id").GetString()).Distinct().Count());
            Assert.True(heard.Value.GetProperty("closed").GetBoolean());
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
    private static async Task<string> WriteScriptAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(TestCluster.Current.DevFolder, "node_modules", ".salesbrain")).FullName;
        await using var script = typeof(BrowserTests).Assembly.GetManifestResourceStream("browser.mjs")!;
        var path = Path.Combine(folder, "browser.mjs");
        await using var file = File.Create(path);
        await script.CopyToAsync(file);
        return path;
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Programs.Select(program => Path.Combine(folder, program))).FirstOrDefault(File.Exists);
}
