using System.Diagnostics;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Documentation.Clients;

/// <summary>A temporary folder, in which programs of the npm packages of <c>dev/</c> run.</summary>
internal sealed class NodeFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("salesbrain-node-");

    /// <summary>The description that is under test.</summary>
    internal static string OpenApi { get; } = System.IO.Path.Combine(DocumentedFunctions.Repository, "docs", "openapi.json");

    public void Dispose() => _folder.Delete(recursive: true);

    internal string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    internal Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path(name), text);

    /// <summary>
    /// Runs a script of a package, such as <c>typescript/bin/tsc</c>; fails the test with its output unless it ends with 0.
    /// </summary>
    internal Task<string> RunPackageAsync(string script, params string[] arguments) =>
        RunAsync(System.IO.Path.Combine(TestCluster.Current.DevFolder, "node_modules", script), arguments);

    /// <summary>The same for a script of the folder's own.</summary>
    internal async Task<string> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [script, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
            // No package asks its maker for news or tells it anything.
            Environment = { ["CI"] = "true", ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true", ["NO_COLOR"] = "1" },
        };
        using var node = Process.Start(start)!;
        var output = Task.WhenAll(node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        try
        {
            await node.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2));
        }
        catch (TimeoutException)
        {
            node.Kill(entireProcessTree: true);
            throw;
        }
        var text = await output;
        Assert.True(node.ExitCode == 0, $"{System.IO.Path.GetFileName(script)} failed: {string.Concat(text)}");
        return text[0];
    }
}
