using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SalesBrain.Integrations;
using SalesBrain.Integrations.Composition;
using SalesBrain.Integrations.Files;
using SalesBrain.Integrations.Outbound;
using SalesBrain.LocalHost.Sandbox;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Integrations;

/// <summary>The vendors' stand-ins on a server of their own, and adapters that are pointed at them.</summary>
public sealed class SandboxHost : IAsyncLifetime
{
    private static readonly JsonElement None = JsonSerializer.SerializeToElement(new { });

    private WebApplication _app = null!;
    private ServiceProvider _services = null!;
    private ServiceProvider _impatient = null!;

    public Uri Url { get; private set; } = null!;

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    internal SandboxServer Sandbox { get; private set; } = null!;

    public ISourceAdapters Adapters => _services.GetRequiredService<ISourceAdapters>();

    /// <summary>Adapters that soon give up a vendor which does not respond. A busy machine may be slower than they are patient.</summary>
    public ISourceAdapters ImpatientAdapters => _impatient.GetRequiredService<ISourceAdapters>();

    public IFileStore Files => _services.GetRequiredService<IFileStore>();

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("salesbrain-files-");

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        Sandbox = SandboxServer.Map(_app, TimeSpan.Zero, Time);
        await _app.StartAsync();
        Url = new Uri(_app.Urls.Single());
        _services = CreateServices();
        _impatient = CreateServices(attempt: TimeSpan.FromMilliseconds(150));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _impatient.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Folder.Delete(recursive: true);
    }

    /// <summary>The services of the app, with small limits. The clock of timeouts is the real one.</summary>
    internal ServiceProvider CreateServices(
        bool allowLoopback = true, INameResolver? names = null, TimeProvider? clock = null, TimeSpan? attempt = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(new OutboundLimits
        {
            Attempt = attempt ?? Eventually.Limit,
            Total = Eventually.Limit,
            MaxBody = 1024 * 1024,
            Retries = 1,
            RetryDelay = TimeSpan.FromMilliseconds(5),
        });
        services.AddSingleton(clock ?? TimeProvider.System);
        if (names is not null)
        {
            services.AddSingleton(names);
        }
        services.AddIntegrations(
            new SourceOptions
            {
                AllowLoopback = allowLoopback,
                ApolloUrl = new Uri(Url, "sandbox/apollo"),
                ZoominfoUrl = new Uri(Url, "sandbox/zoominfo"),
                ZoominfoTokenUrl = new Uri(Url, "sandbox/zoominfo/token"),
                LinkedinUrl = new Uri(Url, "sandbox/linkedin"),
            },
            new FileStoreOptions
            {
                Storage = FileStoreOptions.ToFolder,
                ContainerUrl = new Uri("https://unused.example/files"),
                Folder = Folder.FullName,
            });
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    /// <summary>A credential of its own, so that no test counts another's requests.</summary>
    public static string Credential(string mode) => $"sandbox-{mode}-{Guid.NewGuid():N}";

    public ISourceAdapter Open(
        SourceType type, object? config = null, object? credentials = null, SourceRequest? request = null, int? perMinute = null,
        ISourceAdapters? adapters = null, Guid? sourceId = null) =>
        (adapters ?? Adapters).Open(new SourceConnection(
            Guid.NewGuid(), sourceId ?? Guid.NewGuid(), type, config is null ? None : JsonSerializer.SerializeToElement(config),
            credentials is null ? null : JsonSerializer.SerializeToElement(credentials), perMinute, request ?? new SourceRequest()));

    /// <summary>Every page, as a job would read them.</summary>
    public static async Task<List<SourcePage>> ReadAllAsync(ISourceAdapter adapter, int limit, int maxPages = 1000)
    {
        var pages = new List<SourcePage>();
        string? cursor = null;
        do
        {
            pages.Add(await adapter.FetchAsync(cursor, limit, TestContext.Current.CancellationToken));
            cursor = pages[^1].NextCursor;
        }
        while (cursor is not null && pages.Count < maxPages);
        return pages;
    }

    /// <summary>The code with which the first page fails, and how long the vendor asks to wait.</summary>
    public static async Task<(string Code, TimeSpan? RetryAfter)> FailureAsync(ISourceAdapter adapter)
    {
        var failure = await Assert.ThrowsAsync<SourceException>(() => adapter.FetchAsync(null, 100, TestContext.Current.CancellationToken));
        return (failure.Code, failure.RetryAfter);
    }
}

/// <summary>A resolver whose answers change: each is given once, the last for ever.</summary>
internal sealed class ChangingNames(params string[] answers) : INameResolver
{
    private int _asked;

    internal int Asked => _asked;

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        Task.FromResult(
            answers[Math.Min(Interlocked.Increment(ref _asked), answers.Length) - 1].Split(' ').Select(IPAddress.Parse).ToArray());
}
