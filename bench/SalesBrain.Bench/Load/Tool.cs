using System.Diagnostics;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Bench.Load;

/// <summary>An installed program that measures or is measured.</summary>
internal sealed record Tool(string Path)
{
    /// <summary>With many connections the same reason comes many times.</summary>
    private const int ReasonLines = 6;

    /// <summary>Throws <see cref="StartupException"/> that says which package brings it.</summary>
    public static Tool Find(string name, string package)
    {
        // Debian keeps pgbench out of the path.
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .Concat(Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal)
                    .Select(version => System.IO.Path.Combine(version, "bin"))
                : []);
        return folders.Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } path
            ? new Tool(path)
            : throw new StartupException($"{name} is missing: install {package}, then run this again.");
    }

    /// <summary>What it says its name and version are.</summary>
    public async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        // wrk takes --version for a wrong use of it, and answers all the same.
        var (_, output, error) = await ExecuteAsync(["--version"], null, cancellationToken);
        return (output + error).Split(['\n', '['], StringSplitOptions.TrimEntries)[0];
    }

    /// <summary>
    /// Runs it to its end and answers what it wrote to standard output. Throws <see cref="InvalidOperationException"/> when it fails.
    /// </summary>
    public async Task<string> RunAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment, CancellationToken cancellationToken)
    {
        var (exitCode, output, error) = await ExecuteAsync(arguments, environment, cancellationToken);
        return exitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"{System.IO.Path.GetFileName(Path)} ended with {exitCode}: {string.Join('\n', error.Split('\n').Take(ReasonLines))}");
    }

    private async Task<(int ExitCode, string Output, string Error)> ExecuteAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(Path, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
