using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SalesBrain.Integrations;
using SalesBrain.Integrations.Composition;
using SalesBrain.LocalHost.Sandbox;

namespace SalesBrain.Tests.App;

/// <summary>
/// An app with the real adapters, pointed at stand-ins of the vendors, and a clock that moves only when the test says so.
/// </summary>
public sealed class SourcesApp : TestApp
{
    private readonly WebApplication _sandbox = BuildSandbox();

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public override TimeProvider? Clock => Time;

    /// <summary>Where the stand-ins are.</summary>
    public Uri Sandbox => new(_sandbox.Urls.Single());

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("salesbrain-files-");

    protected override string FilesFolder => Folder.FullName;

    public override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("Sources:AllowLoopback", "true"),
        new("Sources:ApolloUrl", new Uri(Sandbox, "sandbox/apollo").AbsoluteUri),
        new("Sources:ZoominfoUrl", new Uri(Sandbox, "sandbox/zoominfo").AbsoluteUri),
        new("Sources:ZoominfoTokenUrl", new Uri(Sandbox, "sandbox/zoominfo/token").AbsoluteUri),
        new("Sources:LinkedinUrl", new Uri(Sandbox, "sandbox/linkedin").AbsoluteUri),
    ];

    protected override void AddServices(IServiceCollection services) =>
        services.AddSingleton<ISourceAdapters>(provider => provider.GetRequiredService<SourceAdapters>());

    private static WebApplication BuildSandbox()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        SandboxServer.Map(app, TimeSpan.Zero, TimeProvider.System);
        app.StartAsync().GetAwaiter().GetResult();
        return app;
    }
}
