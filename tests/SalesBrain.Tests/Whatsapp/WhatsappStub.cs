using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using SalesBrain.LocalHost.Sandbox.Whatsapp;

namespace SalesBrain.Tests.Whatsapp;

/// <summary>WhatsApp's sandbox on a port of this machine. It pushes nothing to the app by itself.</summary>
public sealed class WhatsappStub : IAsyncDisposable
{
    /// <summary>The secret of the app in every test.</summary>
    public const string AppSecret = "test-app-secret";

    private static readonly Lazy<WhatsappStub> One = new(() => new WhatsappStub(TimeProvider.System));

    private readonly WebApplication _server;

    public WhatsappStub(TimeProvider clock)
    {
        Sandbox = new WhatsappSandbox(clock) { Secret = AppSecret };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        _server = builder.Build();
        Sandbox.Map(_server);
        // The app's settings need the port.
        _server.StartAsync().GetAwaiter().GetResult();
    }

    /// <summary>The one that every app of the run has unless it has one of its own.</summary>
    public static WhatsappStub Shared => One.Value;

    public WhatsappSandbox Sandbox { get; }

    public string Url => _server.Urls.Single() + WhatsappSandbox.Path;

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
