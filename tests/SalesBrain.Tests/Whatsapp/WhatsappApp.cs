using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SalesBrain.Integrations.Whatsapp;
using SalesBrain.LocalHost.Sandbox.Whatsapp;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp;

/// <summary>The app with WhatsApp's sandbox, which is on another port of this machine. Nothing is pushed to the app by itself.</summary>
public class WhatsappApp : TestApp, IAsyncLifetime
{
    /// <summary>The collection of the test classes that share it.</summary>
    public const string Collection = "whatsapp";

    /// <summary>The secret of the app in every test.</summary>
    public const string AppSecret = "test-app-secret";

    private readonly WebApplication _stub;

    public WhatsappApp()
    {
        Sandbox = new WhatsappSandbox(Time) { Secret = AppSecret };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        _stub = builder.Build();
        Sandbox.Map(_stub);
        // The app's settings need the port.
        _stub.StartAsync().GetAwaiter().GetResult();
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public WhatsappSandbox Sandbox { get; }

    public string SandboxUrl => _stub.Urls.Single() + WhatsappSandbox.Path;

    /// <summary>The app's client of the Graph API.</summary>
    internal IWhatsappApi Api => Services.GetRequiredService<IWhatsappApi>();

    public override TimeProvider? Clock => Time;

    public override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Whatsapp:SandboxUrl", SandboxUrl)];

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _stub.DisposeAsync();
    }
}

[CollectionDefinition(WhatsappApp.Collection)]
public sealed class WhatsappCollection : ICollectionFixture<WhatsappApp>;
