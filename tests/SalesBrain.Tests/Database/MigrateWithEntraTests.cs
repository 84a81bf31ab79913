using Npgsql;
using SalesBrain.Tests.App;
using SalesBrain.Tests.LocalHost;

namespace SalesBrain.Tests.Database;

/// <summary><c>migrate --entra</c> with a stand-in for the Azure CLI, whose token is the owner's password.</summary>
public sealed class MigrateWithEntraTests(ClonedDatabase database) : IClassFixture<ClonedDatabase>, IDisposable
{
    private readonly AzureCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_token_of_the_Azure_CLI_signs_in_as_the_owner()
    {
        await using var empty = await EmptyDatabase.CreateAsync(database);
        var owner = new NpgsqlConnectionStringBuilder(empty.OwnerConnectionString);
        _cli.SignIn(owner.Password!);

        var (exitCode, output, errors) = await RunAsync("migrate", "--connection", WithoutPassword(owner), "--entra");

        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
        Assert.Contains("applied migrations/0001_organizations_agencies_clients_users.sql", output, StringComparison.Ordinal);
    }

    /// <summary>On this server the logins exist, and the extension that maps them does not.</summary>
    [Fact]
    public async Task Logins_are_mapped_first_and_a_failure_ends_it_in_one_line()
    {
        await using var empty = await EmptyDatabase.CreateAsync(database);
        var owner = new NpgsqlConnectionStringBuilder(empty.OwnerConnectionString);
        _cli.SignIn(owner.Password!);

        var (exitCode, output, errors) = await RunAsync(
            "migrate", "--connection", WithoutPassword(owner), "--entra", "--tenant-identity", $"{Guid.NewGuid()}", "--platform-identity",
            $"{Guid.NewGuid()}");

        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        Assert.Equal("--connection: the database returned an error (security label provider \"pgaadauth\" is not loaded).", errors.Trim());
    }

    [Fact]
    public async Task Nobody_signed_in_ends_it_in_one_line()
    {
        _cli.SignOut();

        var (exitCode, _, errors) = await RunAsync(
            "migrate", "--connection", "Host=127.0.0.1;Username=owner;Database=salesbrain", "--entra");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("--entra: sign in first, with az login or azd auth login.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', errors.Trim());
    }

    [Theory]
    [InlineData("Host=db.example;Username=owner;Password=hunter2;Ssl Mode=VerifyFull", "--connection must not contain a password")]
    [InlineData("Host=db.example;Username=owner", "--connection must contain Ssl Mode=VerifyFull")]
    [InlineData("Hots=db.example;Password=hunter2", "--connection is not a PostgreSQL connection string")]
    public async Task A_connection_that_a_token_must_not_be_used_with_is_refused(string connection, string expected)
    {
        var (exitCode, _, errors) = await RunAsync("migrate", "--connection", connection, "--entra");

        Assert.Equal(1, exitCode);
        Assert.StartsWith(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "Usage:", "--connection", "Host=127.0.0.1;Username=owner", "--tenant-identity", "11111111-1111-4111-8111-111111111111")]
    [InlineData(2, "Usage:", "--connection", "Host=127.0.0.1;Username=owner", "--entra", "--tenant-identity", "11111111-1111-4111-8111-111111111111")]
    [InlineData(2, "Usage:", "--entra")]
    [InlineData(1, "--platform-identity must be a GUID", "--connection", "Host=127.0.0.1;Username=owner", "--entra", "--tenant-identity", "11111111-1111-4111-8111-111111111111", "--platform-identity", "id-salesbrain")]
    public async Task Options_that_do_not_fit_together_are_refused(int expectedExitCode, string expected, params string[] options)
    {
        var (exitCode, _, errors) = await RunAsync(["migrate", .. options]);

        Assert.Equal(expectedExitCode, exitCode);
        Assert.StartsWith(expected, errors, StringComparison.Ordinal);
    }

    private static string WithoutPassword(NpgsqlConnectionStringBuilder owner) =>
        new NpgsqlConnectionStringBuilder(owner.ConnectionString) { Password = null }.ConnectionString;

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => LocalHostProcess.RunAsync(
        arguments, new Dictionary<string, string>([_cli.Variable], StringComparer.Ordinal));
}
