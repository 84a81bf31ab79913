using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using SalesBrain.Core.Security;
using SalesBrain.LocalHost.Sandbox.Genesys;
using SalesBrain.Tests.Agents;

namespace SalesBrain.Tests.App;

/// <summary>Agents who sign in with the Genesys sandbox, as a browser does.</summary>
public static class AgentWorld
{
    public const string Auth = "/api/agents/auth";
    public const string Profile = "/api/agents/profile";

    /// <summary>Follows no redirects and keeps no cookies: the test is the browser.</summary>
    private static readonly HttpClient Browser = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    /// <summary>A person of the organization's Genesys organization, which is mapped if it is not.</summary>
    public static async Task<GenesysPerson> CreateGenesysPersonAsync(
        this AgentApp app, Guid? organizationId = null, Func<GenesysPerson, GenesysPerson>? change = null)
    {
        var organization = organizationId ?? await app.CreateOrganizationAsync();
        await app.MapToGenesysAsync(organization, organization.ToString());
        await app.ExecuteAsync("update app.tenant set genesys_region = null where organization_id = @organization", new { organization });
        var person = new GenesysPerson(Guid.NewGuid().ToString(), "Ada Agent", "ada@agents.example", organization.ToString(), "Acme");
        person = change is null ? person : change(person);
        app.Sandbox.People[person.Id] = person;
        return person;
    }

    /// <summary>Begins a sign-in. Returns where the browser goes, and its cookie.</summary>
    public static async Task<(Uri Authorize, string Cookie)> StartAsync(
        this AgentApp app, string region = "sandbox", string? redirect = "https://agents.example/in?x=1", string? cookie = null)
    {
        var query = redirect is null ? "" : $"&redirect={Uri.EscapeDataString(redirect)}";
        using var response = await SendAsync(app, $"{Auth}/login?region={region}{query}", cookie);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        var set = response.Headers.GetValues("Set-Cookie").Single();
        return (response.Headers.Location!, set.Split(';')[0]);
    }

    /// <summary>The person signs in at Genesys. Returns the path to which the browser is sent back.</summary>
    public static async Task<string> ChooseAsync(this GenesysPerson? person, Uri authorize)
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["person"] = person?.Id ?? "" });
        using var response = await Browser.PostAsync(authorize, form);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return response.Headers.Location!.PathAndQuery;
    }

    /// <summary>The browser comes back from Genesys.</summary>
    public static Task<HttpResponseMessage> ReturnAsync(this AgentApp app, string path, string? cookie) => SendAsync(app, path, cookie);

    /// <summary>A whole sign-in up to the return from Genesys.</summary>
    public static async Task<HttpResponseMessage> TrySignInAsync(this AgentApp app, GenesysPerson person)
    {
        var (authorize, cookie) = await app.StartAsync();
        return await app.ReturnAsync(await person.ChooseAsync(authorize), cookie);
    }

    /// <summary>A whole sign-in.</summary>
    public static async Task<TestTokens> SignInAsync(this AgentApp app, GenesysPerson person)
    {
        using var response = await app.TrySignInAsync(person);
        return await TestTokens.OfAsync(await app.ExchangeAsync(CodeOf(response)));
    }

    public static Task<HttpResponseMessage> ExchangeAsync(this TestApp app, string code) =>
        app.Http.PostAsync($"{Auth}/token", new { code });

    /// <summary>The code with which a sign-in returned to the portal.</summary>
    public static string CodeOf(HttpResponseMessage response)
    {
        Assert.True(response.StatusCode == HttpStatusCode.Redirect, response.Content.ReadAsStringAsync().GetAwaiter().GetResult());
        return QueryHelpers.ParseQuery(response.Headers.Location!.Query)["code"].Single()!;
    }

    /// <summary>
    /// A code that signs a user in, as after a return from Genesys. The user's tenant is mapped to a Genesys organization if it is not.
    /// </summary>
    public static async Task<string> CreateSignInCodeAsync(this TestApp app, TestUser user)
    {
        var code = OpaqueTokens.Create();
        await app.ExecuteAsync("""
            update app.tenant set genesys_org_id = @OrganizationId where organization_id = @OrganizationId and genesys_org_id is null;
            insert into app.genesys_user (organization_id, user_id, genesys_user_id, genesys_org_id, state)
            select organization_id, @Id, @Id, genesys_org_id, 'active' from app.tenant where organization_id = @OrganizationId
            on conflict (organization_id, user_id) do nothing;
            insert into app.genesys_sign_in (state_hash, expires_at, code_hash, code_expires_at, user_id, region)
            values (@hash, now() + interval '10 minutes', @hash, now() + interval '10 minutes', @Id, 'eu-central-1')
            """, new { user.Id, user.OrganizationId, hash = OpaqueTokens.Hash(code) });
        return code;
    }

    /// <summary>The users of an organization that sign in with Genesys.</summary>
    public static Task<int> CountAgentsAsync(this TestApp app, Guid organizationId) =>
        app.QuerySingleAsync<int>(
            "select count(*)::int from app.user where organization_id = @organizationId and role = 'agent'", new { organizationId });

    private static async Task<HttpResponseMessage> SendAsync(AgentApp app, string path, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }
        return await app.Http.SendAsync(request);
    }
}
