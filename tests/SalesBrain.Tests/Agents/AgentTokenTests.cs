using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using SalesBrain.LocalHost.Sandbox.Genesys;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Agents;

/// <summary>The code and the tokens that the portal gets, and the sessions that they begin.</summary>
[Collection(AgentApp.Collection)]
public sealed class AgentTokenTests(AgentApp app)
{
    [Fact]
    public async Task Sign_in_returns_to_the_portal_with_a_code_and_never_a_token()
    {
        using var response = await app.TrySignInAsync(await app.CreateGenesysPersonAsync());

        var location = response.Headers.Location!;
        Assert.StartsWith("https://agents.example/in?x=1&code=", location.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(43, AgentWorld.CodeOf(response).Length);
    }

    [Fact]
    public async Task Code_works_once_and_for_a_minute()
    {
        var person = await app.CreateGenesysPersonAsync();
        using var first = await app.TrySignInAsync(person);
        using var second = await app.TrySignInAsync(person);
        var exchanges = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.ExchangeAsync(AgentWorld.CodeOf(first))));
        app.Time.Advance(TimeSpan.FromMinutes(1));

        using var late = await app.ExchangeAsync(AgentWorld.CodeOf(second));

        Assert.Equal(
            [HttpStatusCode.OK, .. Enumerable.Repeat(HttpStatusCode.Unauthorized, 7)],
            exchanges.Select(response => response.StatusCode).Order());
        await late.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_sign_in_code");
        Array.ForEach(exchanges, response => response.Dispose());
    }

    [Fact]
    public async Task Refresh_rotates_and_sign_out_ends_one_or_all_sessions()
    {
        var person = await app.CreateGenesysPersonAsync();
        var (one, other, third) = (await app.SignInAsync(person), await app.SignInAsync(person), await app.SignInAsync(person));

        var child = await TestTokens.OfAsync(
            await app.Http.PostAsync($"{AgentWorld.Auth}/refresh", new { refresh_token = one.RefreshToken }));
        await TestTokens.OfAsync(await app.Http.PostAsync($"{AgentWorld.Auth}/refresh", new { refresh_token = child.RefreshToken }));
        using var reused = await app.Http.PostAsync($"{AgentWorld.Auth}/refresh", new { refresh_token = one.RefreshToken });
        await reused.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        Assert.Equal(HttpStatusCode.Unauthorized, await app.WriteAsync(child.AccessToken));

        using var ended = await app.Http.PostAsync($"{AgentWorld.Auth}/logout", new { refresh_token = other.RefreshToken });
        Assert.Equal(1, (await ended.DataAsync()).GetProperty("sessions_ended").GetInt32());
        Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(other.AccessToken));
        Assert.Equal(HttpStatusCode.OK, await app.ReadAsync(third.AccessToken));

        await app.SignInAsync(person);
        using var all = await app.CallAsync(third.AccessToken, HttpMethod.Post, $"{AgentWorld.Auth}/logout-all");
        Assert.Equal(2, (await all.DataAsync()).GetProperty("sessions_ended").GetInt32());
        Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(third.AccessToken));
    }

    [Fact]
    public async Task Secrets_codes_and_tokens_are_in_no_log_and_no_table()
    {
        var person = await app.CreateGenesysPersonAsync(change: person => person with { Email = "private.address@agents.example" });
        var (authorize, cookie) = await app.StartAsync();
        var path = await person.ChooseAsync(authorize);
        using var response = await app.ReturnAsync(path, cookie);
        var code = AgentWorld.CodeOf(response);
        var tokens = await TestTokens.OfAsync(await app.ExchangeAsync(code));
        var query = QueryHelpers.ParseQuery(path[path.IndexOf('?', StringComparison.Ordinal)..]);
        string[] secrets =
        [
            GenesysSandbox.ClientSecret, "a-secret", cookie.Split('=')[1], query["code"].Single()!, query["state"].Single()!, code,
            tokens.AccessToken, tokens.RefreshToken, person.Email, .. app.Sandbox.Tokens,
            .. app.Sandbox.Verifiers.Where(verifier => verifier.Length > 0),
        ];

        var log = string.Join('\n', app.Logs.Lines);
        var rows = string.Join('\n', await app.QueryAsync<string>("""
            select row_to_json(s)::text from app.genesys_sign_in s
            union all select row_to_json(s)::text from app.genesys_user_session s
            union all select row_to_json(a)::text from app.audit_log a
            """));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, rows, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_grant_type_is_refused_with_the_one_that_is_accepted()
    {
        using var response = await app.Http.PostAsync($"{AgentWorld.Auth}/token", new { code = "code", grant_type = "password" });

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal("must be one of authorization_code", problem.GetProperty("errors").GetProperty("grant_type")[0].GetString());
    }
}
