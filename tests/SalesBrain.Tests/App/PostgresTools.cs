using Npgsql;
using SalesBrain.LocalHost.Postgres;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.App;

/// <summary>PostgreSQL's own client programs, from the npm package of <c>dev/postgres-tools</c>.</summary>
internal static class PostgresTools
{
    private static readonly Lazy<Task<string>> Programs = new(RestoreAsync);

    /// <summary>Runs a program on a database, and fails with its output unless it succeeds.</summary>
    public static async Task RunAsync(string program, string connectionString, params string[] arguments)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        var database = $"postgresql://{target.Username}:{target.Password}@{target.Host}:{target.Port}/{target.Database}";
        var result = await Command.RunAsync(
            [Path.Combine(await Programs.Value, program), $"--dbname={database}", .. arguments], TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, $"{program} failed: {result.Output}");
    }

    private static async Task<string> RestoreAsync()
    {
        var folder = Path.Combine(RepositoryFolder.Find(), "dev", "postgres-tools");
        using var alone = await FileLock.ExclusiveAsync(
            Path.Combine(Directory.CreateDirectory(RepositoryFolder.Local).FullName, "postgres-tools.lock"), CancellationToken.None);
        if (!File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json")))
        {
            var npm = await Npm.FindAsync(Environment.GetEnvironmentVariable("PATH") ?? "", CancellationToken.None);
            await npm.InstallAsync(folder, CancellationToken.None);
        }
        var unpacked = await Command.RunAsync(["node", "unpack.mjs"], CancellationToken.None, folder);
        return unpacked.ExitCode == 0
            ? unpacked.Output.Trim()
            : throw new InvalidOperationException($"unpack.mjs failed: {unpacked.Output}");
    }
}
