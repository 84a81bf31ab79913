using System.ComponentModel;
using System.Text.RegularExpressions;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>Node.js' package manager.</summary>
internal sealed partial class Npm
{
    private const string NodeMissing = "Node.js 20 or newer was not found. Install it from your package manager and run this again.";
    private const string NpmMissing = "npm was not found next to Node.js. Install it from your package manager and run this again.";
    private readonly string _program;

    private Npm(string program) => _program = program;

    /// <summary>Throws <see cref="StartupException"/> if Node.js or npm is missing or too old.</summary>
    public static async Task<Npm> FindAsync(string searchPath, CancellationToken ct)
    {
        var node = Find("node", searchPath) ?? throw new StartupException(NodeMissing);
        var program = Find("npm", searchPath) ?? throw new StartupException(NpmMissing);
        try
        {
            var version = await Command.RunAsync([node, "--version"], ct);
            return int.TryParse(version.Output.TrimStart('v').Split('.')[0], out var major) && major >= 20
                ? new(program)
                : throw new StartupException(NodeMissing);
        }
        catch (Win32Exception broken)
        {
            throw new StartupException(NodeMissing, broken);
        }
    }

    /// <summary>Installs the packages in the lock file. Throws <see cref="StartupException"/> with npm's reason.</summary>
    public async Task InstallAsync(string folder, CancellationToken ct)
    {
        string[] quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
        var locked = File.Exists(Path.Combine(folder, "package-lock.json"));
        var result = locked ? await Command.RunAsync([_program, "ci", .. quiet], ct, folder) : null;
        // EUSAGE: the lock file does not fit package.json, which is the developer's to mend; the packages can be had all the same.
        if (result is null || (result.ExitCode != 0 && result.Output.Contains("EUSAGE", StringComparison.Ordinal)))
        {
            result = await Command.RunAsync([_program, "install", "--no-save", "--no-package-lock", .. quiet], ct, folder);
        }

        if (result.ExitCode != 0)
        {
            var reason = Explanation().Match(result.Output) is { Success: true } match
                ? match.Groups["text"].Value.Trim().TrimEnd('.')
                : result.Reason;
            throw new StartupException(
                $"npm could not restore {folder}: {reason}. Fix that and run this again; \"npm ci\" in that folder shows details.");
        }
    }

    private static string? Find(string program, string searchPath)
    {
        string[] names = OperatingSystem.IsWindows() ? [$"{program}.exe", $"{program}.cmd"] : [program];
        return searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>The first explanatory line; codes come before it, advice and a stack trace after it.</summary>
    [GeneratedRegex(
        @"^npm (error|ERR!) (?!code |syscall |errno |path |dest )(?<text>\S.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Explanation();
}
