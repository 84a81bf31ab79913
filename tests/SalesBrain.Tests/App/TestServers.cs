using SalesBrain.LocalHost.Postgres;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.App;

/// <summary>
/// The servers that the tests use, chosen by environment variables. Without any: the embedded PostgreSQL that developers use, reached
/// directly. <c>SALESBRAIN_TEST_POSTGRES=17</c>: PostgreSQL 17. <c>SALESBRAIN_TEST_PGBOUNCER=1</c>: the app's two logins go through
/// PgBouncer in transaction mode; a path instead of 1 is the program to run. <c>SALESBRAIN_TEST_LARGE=1</c>: the tests of
/// <see cref="LargeRun"/> run too.
/// </summary>
internal static class TestServers
{
    /// <summary>Null: no PgBouncer.</summary>
    public static string? PgBouncerProgram { get; } = Setting("PGBOUNCER") switch
    {
        null or "0" => null,
        "1" => PgBouncer.FindProgram(),
        var path => path,
    };

    public static bool Large { get; } = Setting("LARGE") is "1";

    /// <summary>The folder with the package.json of the PostgreSQL under test.</summary>
    public static string DevFolder { get; } = Path.Combine(RepositoryFolder.Find(), "dev", Setting("POSTGRES") switch
    {
        null or "18" => "",
        "17" => "postgres-17",
        var version => throw new InvalidOperationException($"SALESBRAIN_TEST_POSTGRES is {version}; it must be 17 or 18."),
    });

    /// <summary>A server with a data folder of this name.</summary>
    public static Task<EmbeddedPostgres> StartPostgresAsync(
        string name, int maxConnections = 200, IReadOnlyDictionary<string, string>? settings = null) => EmbeddedPostgres.StartAsync(
        new EmbeddedPostgresOptions
        {
            DevFolder = DevFolder,
            DataFolder = DataFolder(name),
            Durable = false,
            MaxConnections = maxConnections,
            Settings = settings ?? new Dictionary<string, string>(),
        },
        Console.WriteLine, CancellationToken.None);

    /// <summary>Where a server of this name keeps its data and its log.</summary>
    public static string DataFolder(string name) => Path.Combine(RepositoryFolder.Local, Setting("POSTGRES") is "17" ? $"{name}-17" : name);

    private static string? Setting(string name) =>
        Environment.GetEnvironmentVariable($"SALESBRAIN_TEST_{name}") is { Length: > 0 } value ? value : null;
}
