using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Data.Sessions;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Database;

/// <summary>The password of a role is the token, so a connection opens only if the token reaches the server.</summary>
public sealed class EntraSignInTests(ClonedDatabase database) : IClassFixture<ClonedDatabase>, IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);
    private readonly string _login = $"entra_{Guid.NewGuid():N}";
    private readonly IssuedTokens _tokens = new(IssuedTokens.New());
    private readonly LogCapture _log = new();

    public async ValueTask InitializeAsync() => await AsSuperuserAsync($"create role {_login} login password '{_tokens.Token}'");

    public async ValueTask DisposeAsync() => await AsSuperuserAsync($"drop role {_login}");

    [Fact]
    public async Task A_token_for_the_database_is_the_password()
    {
        await using var source = CreateSource();

        Assert.Equal(_login, await UserAsync(source));
        Assert.Equal("https://ossrdbms-aad.database.windows.net/.default", _tokens.Scopes[0]);
    }

    [Fact]
    public async Task A_new_token_replaces_the_old_one_before_it_is_needed()
    {
        await using var source = CreateSource();
        await UserAsync(source);

        _tokens.Token = IssuedTokens.New();
        await AsSuperuserAsync($"alter role {_login} password '{_tokens.Token}'");

        // The old token is refused from now on.
        await EventuallyAsync(async () => Assert.Equal(_login, await UserAsync(source)));
    }

    [Fact]
    public async Task While_there_is_no_token_the_previous_one_is_used_and_the_reason_is_logged_without_it()
    {
        await using var source = CreateSource();
        await UserAsync(source);

        _tokens.Failure = $"The identity service is down.\nLast response: {{\"access_token\": \"{_tokens.Token}\"}}";
        await EventuallyAsync(() =>
        {
            Assert.True(_log.Lines.Count > 1);
            return Task.CompletedTask;
        });

        Assert.Equal(_login, await UserAsync(source));
        Assert.All(_log.Lines, line =>
        {
            Assert.Contains($"No access token for the database login {_login}", line, StringComparison.Ordinal);
            Assert.Contains("The identity service is down. Last response", line, StringComparison.Ordinal);
            Assert.DoesNotContain(_tokens.Token.Split('.')[1], line, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_start_without_a_token_is_retried()
    {
        _tokens.Failure = "The identity service is down.";
        await using var source = CreateSource();

        var failure = await Assert.ThrowsAnyAsync<NpgsqlException>(() => UserAsync(source));
        Assert.Equal($"There is no access token for the login {_login}: The identity service is down.", failure.GetBaseException().Message);

        _tokens.Failure = null;
        await EventuallyAsync(async () => Assert.Equal(_login, await UserAsync(source)));
    }

    [Fact]
    public async Task Sessions_of_the_app_sign_in_with_their_own_identities()
    {
        await using var app = new SalesBrainDatabase(new DatabaseOptions
        {
            TenantConnectionString = ConnectionString(),
            TenantCredential = _tokens,
            PlatformConnectionString = ConnectionString(),
            PlatformCredential = new IssuedTokens(IssuedTokens.New()),
        });
        var context = new TenantContext(Guid.CreateVersion7(), Guid.CreateVersion7(), "owner", null, null);
        var user = await app.ReadTenant(context)
            .QuerySingleAsync<string>("select session_user::text", null, TestContext.Current.CancellationToken);
        var refusal = await Assert.ThrowsAsync<PostgresException>(
            () => app.ReadPlatform().QuerySingleAsync<int>("select 1", null, TestContext.Current.CancellationToken));

        Assert.Equal(_login, user);
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
    }

    private string ConnectionString() => new NpgsqlConnectionStringBuilder(database.Connections.Owner) { Username = _login, Password = null, Pooling = false }.ConnectionString;

    /// <summary>Without a pool: every connection signs in.</summary>
    private NpgsqlDataSource CreateSource()
    {
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(_log));
        var builder = new NpgsqlDataSourceBuilder(ConnectionString());
        new EntraSignIn(_tokens, factory.CreateLogger<EntraSignIn>()) { RefreshInterval = Soon, RetryInterval = Soon }.Configure(builder);
        return builder.Build();
    }

    private static async Task<string> UserAsync(NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return await connection.QuerySingleAsync<string>("select session_user::text");
    }

    private async Task AsSuperuserAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(database.SuperuserConnectionString);
        await connection.ExecuteAsync(sql);
    }

    /// <summary>Repeats until it holds, until the limit of <see cref="Eventually"/>.</summary>
    private static async Task EventuallyAsync(Func<Task> check)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            try
            {
                await check();
                return;
            }
            catch (Exception) when (TimeProvider.System.GetElapsedTime(began) < Eventually.Limit)
            {
                await Task.Delay(Soon, TestContext.Current.CancellationToken);
            }
        }
    }
}
