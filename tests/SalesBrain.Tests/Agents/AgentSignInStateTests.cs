using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using SalesBrain.LocalHost.Sandbox.Genesys;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Agents;

/// <summary>The way of the browser to Genesys and back: region, state and challenge.</summary>
[Collection(AgentApp.Collection)]
public sealed class AgentSignInStateTests(AgentApp app)
{
    [Fact]
    public async Task Browser_goes_to_the_region_with_a_state_and_a_challenge_of_its_own()
    {
        var (one, cookie) = await app.StartAsync("eu-central-1");
        var (other, sameCookie) = await app.StartAsync("eu-central-1", cookie: cookie);

        Assert.Equal("https://login.mypurecloud.de/oauth/authorize", one.GetLeftPart(UriPartial.Path));
        Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal);
        Assert.Equal(cookie, sameCookie);
        var query = QueryHelpers.ParseQuery(one.Query);
        Assert.Equal(
            ["client_id", "code_challenge", "code_challenge_method", "redirect_uri", "response_type", "state"],
            query.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            "the-client S256 code https://api.example/api/agents/auth/callback",
            $"{query["client_id"]} {query["code_challenge_method"]} {query["response_type"]} {query["redirect_uri"]}");
        Assert.NotEqual(query["state"], QueryHelpers.ParseQuery(other.Query)["state"]);
        Assert.NotEqual(query["code_challenge"], QueryHelpers.ParseQuery(other.Query)["code_challenge"]);
        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*)::int from app.genesys_sign_in where region = 'eu-central-1'"));
    }

    [Theory]
    [InlineData("?region=us-east-1", "region")]
    [InlineData("?region=evil.example", "region")]
    [InlineData("?region=eu-central-1.evil.example", "region")]
    [InlineData("", "region")]
    [InlineData("?region=", "region")]
    [InlineData("?region=eu-central-1&redirect=https://evil.example/", "redirect")]
    [InlineData("?region=eu-central-1&redirect=https://agents.example.evil.example/", "redirect")]
    [InlineData("?region=eu-central-1&redirect=https://agents.example@evil.example/", "redirect")]
    [InlineData("?region=eu-central-1&redirect=http://agents.example/", "redirect")]
    [InlineData("?region=eu-central-1&redirect=javascript:alert(1)", "redirect")]
    [InlineData("?region=eu-central-1&redirect=/in", "redirect")]
    public async Task Other_regions_and_other_places_to_return_to_are_refused(string query, string member)
    {
        using var response = await app.Http.GetAsync($"{AgentWorld.Auth}/login{query}");

        Assert.Equal(member, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task State_works_once()
    {
        var person = await app.CreateGenesysPersonAsync();
        var (authorize, cookie) = await app.StartAsync();
        var path = await person.ChooseAsync(authorize);
        using var first = await app.ReturnAsync(path, cookie);

        using var second = await app.ReturnAsync(path, cookie);
        using var withAnotherCode = await app.ReturnAsync(await person.ChooseAsync(authorize), cookie);

        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        await second.ProblemAsync(HttpStatusCode.BadRequest, "invalid_state");
        await withAnotherCode.ProblemAsync(HttpStatusCode.BadRequest, "invalid_state");
    }

    [Fact]
    public async Task Two_returns_with_one_state_at_once_sign_in_once()
    {
        var (authorize, cookie) = await app.StartAsync();
        var path = await (await app.CreateGenesysPersonAsync()).ChooseAsync(authorize);

        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.ReturnAsync(path, cookie)));

        Assert.Equal(
            [HttpStatusCode.Redirect, .. Enumerable.Repeat(HttpStatusCode.BadRequest, 7)],
            responses.Select(response => response.StatusCode).Order());
        Array.ForEach(responses, response => response.Dispose());
    }

    [Fact]
    public async Task State_of_another_browser_a_forged_one_and_none_are_refused()
    {
        var person = await app.CreateGenesysPersonAsync();
        var (authorize, cookie) = await app.StartAsync();
        var (_, othersCookie) = await app.StartAsync();
        var path = await person.ChooseAsync(authorize);
        var state = QueryHelpers.ParseQuery(authorize.Query)["state"].Single()!;

        foreach (var (returned, with) in new[]
        {
            (path, othersCookie), (path, null), (path, "__Host-salesbrain-sign-in=short"),
            (path.Replace("state=", "other=", StringComparison.Ordinal), cookie),
            (path.Replace(state, state[..^1] + (state[^1] == 'A' ? 'Q' : 'A'), StringComparison.Ordinal), cookie),
            (path.Replace(state, 'e' + state, StringComparison.Ordinal), cookie),
            (path.Replace(state, "x.y", StringComparison.Ordinal), cookie),
        })
        {
            using var response = await app.ReturnAsync(returned, with);
            await response.ProblemAsync(HttpStatusCode.BadRequest, "invalid_state");
        }
        using var right = await app.ReturnAsync(path, cookie);
        Assert.Equal(HttpStatusCode.Redirect, right.StatusCode);
    }

    [Fact]
    public async Task State_expires_after_ten_minutes()
    {
        var person = await app.CreateGenesysPersonAsync();
        var (inTime, cookie) = await app.StartAsync();
        var (late, lateCookie) = await app.StartAsync();
        app.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(2));
        using var accepted = await app.ReturnAsync(await person.ChooseAsync(inTime), cookie);
        app.Time.Advance(TimeSpan.FromMilliseconds(3));

        using var refused = await app.ReturnAsync(await person.ChooseAsync(late), lateCookie);

        Assert.Equal(HttpStatusCode.Redirect, accepted.StatusCode);
        await refused.ProblemAsync(HttpStatusCode.BadRequest, "invalid_state");
    }

    [Fact]
    public async Task Verifier_of_PKCE_goes_to_the_token_endpoint_only()
    {
        var (authorize, cookie) = await app.StartAsync();
        using var response = await app.ReturnAsync(await (await app.CreateGenesysPersonAsync()).ChooseAsync(authorize), cookie);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        var challenge = QueryHelpers.ParseQuery(authorize.Query)["code_challenge"].Single()!;

        var verifier = Assert.Single(app.Sandbox.Verifiers, verifier =>
            System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(verifier))) == challenge);

        Assert.Matches("^[A-Za-z0-9._~-]{43,128}$", verifier);
        Assert.DoesNotContain(verifier, authorize.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_and_failure_of_Genesys_are_told()
    {
        var (authorize, cookie) = await app.StartAsync();
        using var refused = await app.ReturnAsync(await ((GenesysPerson?)null).ChooseAsync(authorize), cookie);
        await refused.ProblemAsync(HttpStatusCode.Unauthorized, "genesys_refused");
        // A code that Genesys did not issue.
        (authorize, cookie) = await app.StartAsync();
        using var unknown = await app.ReturnAsync(
            $"{AgentWorld.Auth}/callback?code=made-up&state={QueryHelpers.ParseQuery(authorize.Query)["state"]}", cookie);
        await unknown.ProblemAsync(HttpStatusCode.Unauthorized, "genesys_refused");

        var person = await app.CreateGenesysPersonAsync();
        app.Sandbox.FailsWith = 503;
        try
        {
            using var failed = await app.TrySignInAsync(person);
            await failed.ProblemAsync(HttpStatusCode.BadGateway, "genesys_unavailable");
        }
        finally
        {
            app.Sandbox.FailsWith = null;
        }
    }

    [Fact]
    public async Task Place_to_return_to_may_have_2000_characters()
    {
        var person = await app.CreateGenesysPersonAsync();
        var longest = "https://agents.example/?" + string.Concat(Enumerable.Repeat("a=1&", 494));
        var (authorize, cookie) = await app.StartAsync(redirect: longest);

        using var response = await app.ReturnAsync(await person.ChooseAsync(authorize), cookie);

        Assert.Equal(2000, longest.Length);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.StartsWith(longest, response.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        // Percent-encoded it has 6 characters for each.
        var longer = Uri.EscapeDataString("https://agents.example/" + new string('ü', 400));
        using var refused = await app.Http.GetAsync($"{AgentWorld.Auth}/login?region=sandbox&redirect={longer}");
        Assert.Equal("redirect", (await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }
}
