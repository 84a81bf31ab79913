using System.Net;
using System.Net.Sockets;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Agents;

/// <summary>A browser walks through the sign-in: the app's redirect, the sandbox's page, back to the portal, whose script exchanges the code.</summary>
public sealed class BrowserSignInTests(BrowserSignInTests.BrowserApp app) : IClassFixture<BrowserSignInTests.BrowserApp>
{
    [Fact]
    public async Task Agent_signs_in_in_a_browser_and_another_browser_cannot_take_it_over()
    {
        Assert.SkipWhen(HeadlessBrowser.Program is null, "There is no Chromium on this machine.");
        var organization = await app.CreateOrganizationAsync();
        var person = await app.CreateGenesysPersonAsync(organization);
        await using var browser = await HeadlessBrowser.StartAsync();

        await browser.OpenAsync(new Uri(app.Http.BaseAddress!, $"{AgentWorld.Auth}/login?region=sandbox&redirect={Uri.EscapeDataString(app.Portal.AbsoluteUri)}"));
        await browser.WaitForAsync("document.title.startsWith('Genesys Cloud sandbox')");
        var page = (await browser.EvaluateAsync("location.href")).GetString()!;
        await browser.EvaluateAsync($"document.querySelector('button[value=\"{person.Id}\"]').click()");
        await browser.WaitForAsync("document.title.startsWith('Signed in')");

        Assert.Equal("Signed in as Ada Agent", (await browser.EvaluateAsync("document.title")).GetString());
        // The portal's script has removed the code from the address.
        Assert.Equal(app.Portal.AbsoluteUri, (await browser.EvaluateAsync("location.href")).GetString());
        Assert.Equal("", (await browser.EvaluateAsync("document.cookie")).GetString());
        Assert.Equal(1, await app.CountAgentsAsync(organization));

        await using var other = await HeadlessBrowser.StartAsync();
        await other.OpenAsync(new Uri(page));
        await other.WaitForAsync("document.title.startsWith('Genesys Cloud sandbox')");
        await other.EvaluateAsync($"document.querySelector('button[value=\"{person.Id}\"]').click()");
        await other.WaitForAsync("document.documentElement.innerText.includes('invalid_state')");
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
