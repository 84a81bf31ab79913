using System.Net.Http.Headers;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Core.Access;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Mail;
using SalesBrain.Integrations;
using SalesBrain.LocalHost.Development;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.Documentation;
using SalesBrain.Tests.Whatsapp;

namespace SalesBrain.Tests.App;

/// <summary>
/// The app as it runs: real Kestrel, real pipeline, a real database, connected as the two application logins. One is shared by the whole
/// run, and its tests keep apart by making their own organizations. A class that needs its own clock, settings or database, counts
/// statements or counts a whole table takes one as its class fixture.
/// </summary>
public class TestApp : IAsyncLifetime
{
    private WebApplication? _app;
    private NpgsqlDataSource? _owner;
    private DocumentedResponses? _handler;
    private int _disposed;

    public TestApp() : this(LogLevel.Information)
    {
    }

    protected TestApp(LogLevel leastLogged) => Logs = new LogCapture(leastLogged);

    /// <summary>The clock of the app. Null (the default) = the system's.</summary>
    public virtual TimeProvider? Clock => null;

    /// <summary>Where the app listens; a free port unless a test has to know it before.</summary>
    protected virtual string Url => "http://127.0.0.1:0";

    /// <summary>Settings beside the usual ones.</summary>
    public virtual IEnumerable<KeyValuePair<string, string?>> Settings => [];

    /// <summary>Where uploaded files are stored.</summary>
    protected virtual string FilesFolder => Path.Combine(Path.GetTempPath(), "salesbrain-test-files");

    /// <summary>Every setting the app is started with; another process needs the same to serve the same database.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> AllSettings =>
    [
        new("ConnectionStrings:SalesBrainTenant", Database.Tenant),
        new("ConnectionStrings:SalesBrainPlatform", Database.Platform),
        .. Keys,
        new("Portal:BaseUrl", "https://portal.example"),
        new("Mail:Transport", "folder"),
        new("Genesys:Clients", "eu-central-1=the-client:a-secret"),
        .. HasMetaApp ? MetaApp : [],
        // No test calls Meta.
        .. Settings.Any(setting => setting.Key == "Whatsapp:SandboxUrl")
            ? []
            : new[] { KeyValuePair.Create("Whatsapp:SandboxUrl", (string?)WhatsappStub.Shared.Url) },
        new("Files:Storage", "folder"),
        new("Files:Folder", FilesFolder),
        .. Settings,
    ];

    /// <summary>Whether organizations can use WhatsApp.</summary>
    protected virtual bool HasMetaApp => true;

    private static KeyValuePair<string, string?>[] MetaApp =>
        [new("Whatsapp:AppId", "900000000000001"), new("Whatsapp:AppSecret", WhatsappStub.AppSecret), new("Whatsapp:VerifyToken", "a-verify-token")];

    /// <summary>The keys that sign access tokens and seal secrets.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string?>> Keys =>
    [
        new("Jwt:Keys:0:Id", "test"),
        new("Jwt:Keys:0:Secret", Convert.ToBase64String(new byte[32].Select((_, i) => (byte)i).ToArray())),
        new("DataKeys:Keys:0:Id", "test"),
        new("DataKeys:Keys:0:Secret", Convert.ToBase64String(new byte[32].Select((_, i) => (byte)(i + 1)).ToArray())),
    ];

    /// <summary>Whether the server counts the statements in this app's database, for <see cref="StatementLog"/>.</summary>
    public virtual bool CountsStatements => false;

    /// <summary>Services in place of the usual ones.</summary>
    protected virtual void AddServices(IServiceCollection services)
    {
        // None.
    }

    /// <summary>Connection strings of this app's database.</summary>
    public DatabaseConnections Database { get; private set; } = null!;

    /// <summary>Unauthenticated client; it follows no redirects.</summary>
    public HttpClient Http { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    /// <summary>Everything the app logged.</summary>
    public LogCapture Logs { get; }

    /// <summary>Every mail the app sent.</summary>
    public MailCapture Mails { get; } = new();

    public async ValueTask InitializeAsync()
    {
        TestCluster.Current.StopBefore(this);
        Database = await CreateDatabaseAsync();
        // Filling a database takes as long as it takes while other test classes run.
        _owner = NpgsqlDataSource.Create($"{Database.Owner};Command Timeout=300");
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Interlocked.Exchange(ref _disposed, 1) == 0 && _owner is not null)
        {
            await StopAsync();
            await _owner.DisposeAsync();
            await DropDatabaseAsync();
        }
    }

    /// <summary>Stops the host and starts it again on the same database.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>A client that is signed in as a user of the test's own making.</summary>
    public HttpClient As(TestUser user)
    {
        var client = new HttpClient(_handler!, disposeHandler: false) { BaseAddress = Http.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TokenOf(user));
        return client;
    }

    /// <summary>
    /// An access token for the user, as sign-in would give. All of a user's are of one session, whose id is the user's own.
    /// </summary>
    public string TokenOf(TestUser user)
    {
        Assert.True(Roles.TryParse(user.Role, out var role));
        var now = (Clock ?? TimeProvider.System).GetUtcNow();
        using (var connection = _owner!.OpenConnection())
        {
            connection.Execute("""
                insert into app.refresh_token (id, family_id, organization_id, user_id, token_hash, created_at, expires_at)
                select u.id, u.id, u.organization_id, u.id, sha256(u.id::text::bytea), @now, @now + interval '14 days'
                from app.user u where u.id = @Id
                on conflict (id) do nothing
                """, new { user.Id, now });
        }
        var claims = new AccessTokenClaims(user.Id, role, user.Id, user.OrganizationId, user.AgencyId, user.ClientId);
        return Services.GetRequiredService<IAccessTokens>().Issue(claims, now).Token;
    }

    /// <summary>Forgets the test's own connections, after its server was killed.</summary>
    public void Reconnect() => _owner!.Clear();

    /// <summary>Looks into the database, or changes it behind the app's back, as its owner.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? arguments = null)
    {
        await using var connection = await _owner!.OpenConnectionAsync();
        return (await connection.QueryAsync<T>(sql, arguments)).AsList();
    }

    /// <summary>One value or row, as the owner.</summary>
    public async Task<T> QuerySingleAsync<T>(string sql, object? arguments = null) => (await QueryAsync<T>(sql, arguments)).Single();

    /// <summary>Rows as a JSON array of objects, as the owner. Each column is a member; two columns of one name are an error.</summary>
    public async Task<JsonElement> QueryJsonAsync(string sql, object? arguments = null)
    {
        await using var connection = await _owner!.OpenConnectionAsync();
        await using var reader = await connection.ExecuteReaderAsync(sql, arguments);
        var rows = new List<Dictionary<string, object?>>();
        while (await reader.ReadAsync())
        {
            var row = new Dictionary<string, object?>();
            for (var i = 0; i < reader.FieldCount; i++)
            {
                row.Add(reader.GetName(i), await reader.IsDBNullAsync(i) ? null : reader.GetValue(i));
            }
            rows.Add(row);
        }
        return JsonSerializer.SerializeToElement(rows);
    }

    /// <summary>One row as a JSON object, as the owner.</summary>
    public async Task<JsonElement> QuerySingleJsonAsync(string sql, object? arguments = null) =>
        (await QueryJsonAsync(sql, arguments)).EnumerateArray().Single();

    /// <summary>Rows as a user's own session sees them: as the tenant login, inside the user's organization.</summary>
    public Task<List<T>> QueryAsAsync<T>(TestUser user, string sql, object arguments)
    {
        var context = new TenantContext(user.OrganizationId!.Value, user.Id, user.Role, user.AgencyId, user.ClientId);
        return Services.GetRequiredService<SalesBrainDatabase>().ReadTenant(context).QueryAsync<T>(sql, arguments, CancellationToken.None);
    }

    /// <summary>Runs a statement as the owner.</summary>
    public async Task<int> ExecuteAsync(string sql, object? arguments = null)
    {
        await using var connection = await _owner!.OpenConnectionAsync();
        return await connection.ExecuteAsync(sql, arguments);
    }

    /// <summary>Runs a statement as a replica does, without triggers and without checking foreign keys. It may take minutes.</summary>
    protected async Task FillAsync(string sql, object? arguments = null)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(TestCluster.Current.SuperuserConnectionString)
        {
            Database = new NpgsqlConnectionStringBuilder(Database.Owner).Database,
            Pooling = false,
            Options = "-c session_replication_role=replica -c auto_explain.log_min_duration=-1 -c maintenance_work_mem=256MB",
        }.ConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync(sql, arguments, commandTimeout: 300);
    }

    /// <summary>Where the app's data is; a clone of the run's template unless a test class needs a server of its own.</summary>
    protected virtual Task<DatabaseConnections> CreateDatabaseAsync() => TestCluster.Current.CloneAsync(CountsStatements);

    protected virtual Task DropDatabaseAsync() => TestCluster.Current.DropAsync(Database);

    private async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection([new("urls", Url), .. AllSettings]);
        builder.Logging.ClearProviders().AddProvider(Logs).SetMinimumLevel(Logs.Least);
        builder.Services.AddSingleton<IMailSender>(Mails);
        builder.Services.AddSingleton<ISourceAdapters>(new TestSources());
        AddServices(builder.Services);
        if (Clock is { } clock)
        {
            builder.Services.AddSingleton(clock);
        }
        _app = HostBuilding.Build(builder);
        await _app.StartAsync();
        _handler = new DocumentedResponses(
            new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 400 });
        Http = new HttpClient(_handler, disposeHandler: false) { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    private async Task StopAsync()
    {
        Http.Dispose();
        _handler!.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
    }
}
