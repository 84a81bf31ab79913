using System.Net;
using System.Net.Sockets;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Agents;

/// <summary>
/// A browser walks through the sign-in: the app's redirect, the sandbox's page, back to the portal, whose script exchanges the code.
/// </summary>
public sealed class BrowserSignInTests(BrowserSignInTests.BrowserApp app) : IClassFixture<BrowserSignInTests.BrowserApp>
{
    [Fact]
    public async Task Agent_signs_in_in_a_browser_and_another_browser_cannot_take_it_over()
    {
        var organization = await app.CreateOrganizationAsync();
        var person = await app.CreateGenesysPersonAsync(organization);
        var login = new Uri(
            app.Http.BaseAddress!, $"{AgentWorld.Auth}/login?region=sandbox&redirect={Uri.EscapeDataString(app.Portal.AbsoluteUri)}");

        var shown = await BrowserScript.RunAsync("agent-sign-in.mjs", [login.AbsoluteUri, person.Id]);

        // The portal's script has removed the code from the address.
        shown.AssertIncludes(new { agent = new { title = "Signed in as Ada Agent", address = app.Portal.AbsoluteUri, cookie = "" } });
        Assert.Contains("invalid_state", shown.GetProperty("other").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, await app.CountAgentsAsync(organization));
    }

    /// <summary>An app whose port is known before it starts: Genesys sends the browser back to it.</summary>
    public sealed class BrowserApp : AgentApp
    {
        private readonly string _url = $"http://127.0.0.1:{FreePort()}";

        protected override string Url => _url;

        protected override string PublicUrl => _url;

        protected override string PortalOrigin => Portal.GetLeftPart(UriPartial.Authority);

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
