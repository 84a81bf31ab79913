using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using SalesBrain.LocalHost.Postgres;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.Conformance.Worker;

/// <summary>
/// The function app as it is deployed, published into a git-ignored folder. Only its own project is compiled: the other assemblies are the
/// ones that the tests themselves run, so that both hosts of a comparison have the same.
/// </summary>
internal static class PublishedApp
{
    /// <summary>The project that is deployed: its folder in <c>src</c> and the name of its assembly.</summary>
    private const string Name = "SalesBrain.FunctionApp";

    /// <summary>What the published app is made of besides the assemblies, seen from the repository's root.</summary>
    private static readonly string[] Sources =
        [$"src/{Name}", "host.json", "global.json", "Directory.Build.props", "Directory.Packages.props"];

    /// <summary>The configuration that the tests were built in, such as Debug.</summary>
    private static readonly string Configuration =
        typeof(PublishedApp).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private static string Build => Path.Combine(RepositoryFolder.Local, "conformance");

    internal static string Folder => Path.Combine(Build, "app");

    internal static string Assembly => Path.Combine(Folder, $"{Name}.dll");

    /// <summary>
    /// Publishes the app unless it is up to date. <c>dotnet test</c> may be building other projects at the same time, but none that the app
    /// references, and not the app. One run at a time: the lock is between processes.
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
                "publish", $"src/{Name}", "-c", Configuration, "-o", Folder, "-v", "quiet", "-p:BuildProjectReferences=false",
                // A build node that outlived the build would keep its output open.
                "-maxcpucount:1", "-nodeReuse:false",
                // Analyzers take most of the compiler's time and change nothing that is built. The build of the app that is deployed runs
                // them.
                "-p:RunAnalyzers=false",
            ],
            cancellationToken);
        await File.WriteAllTextAsync(published, fingerprint, cancellationToken);
    }

    /// <summary>Changes with the name, length or time of every source file and assembly.</summary>
    private static string Fingerprint()
    {
        var root = RepositoryFolder.Find();
        var files = Sources.Select(source => Path.Combine(root, source))
            .SelectMany(path => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories) : [path])
            .Where(path => !Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj"))
            .Concat(Directory.EnumerateFiles(AppContext.BaseDirectory, "SalesBrain.*.dll")
                .Where(path => !path.EndsWith("Tests.dll", StringComparison.Ordinal)))
            .Select(path => new FileInfo(path))
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
