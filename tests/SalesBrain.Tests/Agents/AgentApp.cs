using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SalesBrain.LocalHost.Sandbox.Genesys;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Agents;

/// <summary>
/// An app with a clock of the test's own, whose agents sign in at a Genesys sandbox on another port of this machine, where a small portal
/// is too.
/// </summary>
public class AgentApp : TestApp, IAsyncLifetime
{
    /// <summary>The collection of the test classes that share it.</summary>
    public const string Collection = "agents";

    private readonly WebApplication _stub;

    public AgentApp()
    {
        Sandbox = new GenesysSandbox(Time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        _stub = builder.Build();
        Sandbox.Map(_stub);
        _stub.MapGet("/portal", () => Results.Content(PortalPage, "text/html"));
        // The app's settings need the port.
        _stub.StartAsync().GetAwaiter().GetResult();
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public GenesysSandbox Sandbox { get; }

    /// <summary>A page to which sign-in returns, and whose script exchanges the code.</summary>
    public Uri Portal => new(_stub.Urls.Single() + "/portal");

    public override TimeProvider? Clock => Time;

    public override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("Network:TrustedProxies", "1"),
        new("Webhooks:PublicBaseUrl", PublicUrl),
        new("Genesys:PortalOrigins", PortalOrigin),
        new("Cors:AllowedOrigins", PortalOrigin),
        new("Genesys:SandboxUrl", _stub.Urls.Single() + GenesysSandbox.Path),
    ];

    /// <summary>Where browsers find the app.</summary>
    protected virtual string PublicUrl => "https://api.example";

    protected virtual string PortalOrigin => "https://agents.example";

    private string PortalPage => $$$"""
        <!doctype html><title>Portal</title><script>
        (async () => {
          const code = new URL(location).searchParams.get('code')
          history.replaceState(null, '', location.pathname)
          const answer = await fetch('{{{PublicUrl}}}/api/agents/auth/token', {
            method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify({code})})
          const {access_token: token} = await answer.json()
          const profile = await fetch('{{{PublicUrl}}}/api/agents/profile', {headers: {authorization: 'Bearer ' + token}})
          document.title = 'Signed in as ' + (await profile.json()).data.first_name
        })()
        </script>
        """;

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _stub.DisposeAsync();
    }
}

[CollectionDefinition(AgentApp.Collection)]
public sealed class AgentCollection : ICollectionFixture<AgentApp>;
