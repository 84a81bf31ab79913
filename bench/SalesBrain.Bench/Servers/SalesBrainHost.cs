using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using SalesBrain.Core.Access;
using SalesBrain.LocalHost.Development;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Bench.Servers;

/// <summary>The app as a process of its own, built for Release, on a database of the bench.</summary>
internal sealed class SalesBrainHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly AccessTokens _tokens;
    private readonly ChildProcess _process;

    private SalesBrainHost(ChildProcess process, Uri address, string jwtKey)
    {
        _process = process;
        // The longest lifetime there is: nothing here measures signing in.
        _tokens = new AccessTokens(
            new AccessTokenOptions
            {
                Keys = [new AccessTokenKey { Id = HostSettings.KeyId, Secret = jwtKey }],
                Lifetime = TimeSpan.FromDays(1),
            });
        Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    public HttpClient Http { get; }

    public Uri Address => Http.BaseAddress!;

    public int ProcessId => _process.Id;

    /// <summary>From the start of the process to its first answer that needed the database.</summary>
    public TimeSpan StartTime { get; private set; }

    public static async Task<SalesBrainHost> StartAsync(
        string repository, string workFolder, BenchDatabase database, CancellationToken cancellationToken)
    {
        var program = Path.Combine(repository, "src", "SalesBrain.LocalHost", "bin", "Release", "net10.0", "SalesBrain.LocalHost.dll");
        if (!File.Exists(program))
        {
            throw new StartupException("The host is not built for Release: run bench/run.sh, which builds it.");
        }
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var started = Stopwatch.GetTimestamp();
        var process = ChildProcess.Start(
            "dotnet", [program, "--urls", address.OriginalString], HostSettings.For(database.Connections),
            Path.Combine(workFolder, "host.log"));
        var host = new SalesBrainHost(process, address, HostSettings.JwtKey);
        try
        {
            await process.WaitUntilAsync(() => IsReadyAsync(host.Http, cancellationToken), Patience, cancellationToken);
            host.StartTime = Stopwatch.GetElapsedTime(started);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// An access token of a user with the role, in the organization or (null) as a platform operator, of the session that
    /// <see cref="Data.BenchWorld"/> made.
    /// </summary>
    public string TokenFor(Guid userId, Role role, Guid? organizationId) =>
        _tokens.Issue(new AccessTokenClaims(userId, role, userId, organizationId), TimeProvider.System.GetUtcNow()).Token;

    /// <summary>The answer's text. Throws <see cref="InvalidOperationException"/> with it when it is not 2xx.</summary>
    public async Task<string> GetAsync(string path, string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await Http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? text
            : throw new InvalidOperationException($"GET {path} answered {(int)response.StatusCode}: {text}");
    }

    /// <summary>Resident memory now and at its highest, in bytes.</summary>
    public (long Now, long Peak) ReadMemory() => _process.ReadMemory();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync("/api/health/ready", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

/// <summary>What the host is told beyond its defaults.</summary>
internal static class HostSettings
{
    public const string KeyId = "bench";

    public static readonly string JwtKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The same in every run: the data sets keep what is sealed with it.</summary>
    public static readonly string DataKey = Convert.ToBase64String(SHA256.HashData("bench"u8));

    public const string WhatsappSecret = "secret-of-bench";

    public static Dictionary<string, string> For(DatabaseConnections connections) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ConnectionStrings__SalesBrainTenant"] = connections.Tenant,
        ["ConnectionStrings__SalesBrainPlatform"] = connections.Platform,
        ["Jwt__Keys__0__Id"] = KeyId,
        ["Jwt__Keys__0__Secret"] = JwtKey,
        ["DataKeys__Keys__0__Id"] = KeyId,
        ["DataKeys__Keys__0__Secret"] = DataKey,
        ["Whatsapp__AppId"] = "900000000000001",
        ["Whatsapp__AppSecret"] = WhatsappSecret,
        ["Whatsapp__VerifyToken"] = "verify-token-of-bench",
        ["Portal__BaseUrl"] = "https://portal.example",
        ["Mail__Transport"] = "folder",
        ["Files__Storage"] = "folder",
        // A run over night must not lose its data set.
        ["Webhooks__ProcessedRetentionDays"] = "3650",
        ["Webhooks__PayloadRetentionDays"] = "3650",
        ["Webhooks__DeadRetentionDays"] = "3650",
    };
}

internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
