using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using SalesBrain.LocalHost.Postgres;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.Conformance.Worker;

/// <summary>The function app as it is deployed, published into a git-ignored folder.</summary>
internal static class PublishedApp
{
    /// <summary>The project that is deployed: its folder in <c>src</c> and the name of its assembly.</summary>
    private const string Name = "SalesBrain.FunctionApp";

    /// <summary>What the published app is made of, seen from the repository's root.</summary>
    private static readonly string[] Sources =
        ["src", "sql", "docs/openapi.json", "host.json", "global.json", "Directory.Build.props", "Directory.Packages.props"];

    private static string Build => Path.Combine(RepositoryFolder.Local, "conformance");

    internal static string Folder => Path.Combine(Build, "app");

    internal static string Assembly => Path.Combine(Folder, $"{Name}.dll");

    /// <summary>
    /// Publishes the app unless it is up to date. Its build shares no folder with other builds, because <c>dotnet test</c> may be building
    /// another project at the same time. One run at a time: the lock is between processes.
    /// </summary>
    internal static async Task PublishAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Build);
        using var alone = await FileLock.ExclusiveAsync(Path.Combine(Build, "publish.lock"), cancellationToken);
        var published = Path.Combine(Build, "published");
        var fingerprint = Fingerprint();
        if (File.Exists(Assembly) && File.Exists(published) && await File.ReadAllTextAsync(published, cancellationToken) == fingerprint)
        {
            return;
        }
        File.Delete(published);
        await RunAsync(
            [
                "publish", $"src/{Name}", "-c", "Release", "--artifacts-path", Build, "-o", Folder, "-v", "quiet",
                // A build node or compiler server that outlived the build would keep its output open.
                "-maxcpucount:1", "-nodeReuse:false", "-p:UseSharedCompilation=false",
                // Analyzers take most of the compiler's time and change nothing that is built. The build of the app that is deployed runs
                // them.
                "-p:RunAnalyzers=false",
            ],
            cancellationToken);
        await File.WriteAllTextAsync(published, fingerprint, cancellationToken);
    }

    /// <summary>Changes with every source file's name, length or time.</summary>
    private static string Fingerprint()
    {
        var root = RepositoryFolder.Find();
        var files = Sources.Select(source => Path.Combine(root, source))
            .SelectMany(path => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories) : [path])
            .Select(path => new FileInfo(path))
            .Where(file => !Path.GetRelativePath(root, file.FullName).Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj"))
            .Select(file => $"{file.FullName} {(file.Exists ? file.Length : -1)} {file.LastWriteTimeUtc.Ticks}")
            .Order(StringComparer.Ordinal);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', files))));
    }

    private static async Task RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = RepositoryFolder.Find(),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The build that runs the tests passes its own settings on; this build must find its own.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} failed:\n{string.Concat(await output)}");
    }
}
