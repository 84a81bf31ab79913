using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Access;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Http;

/// <summary>What becomes of an access token whose user or session changes: writes notice at once, reads within a minute.</summary>
[Collection(SignInApp.Collection)]
public sealed class SessionGuardTests(SignInApp app)
{
    public static TheoryData<string, string> Changes => new()
    {
        { "admin", "update app.user set status = 'disabled' where id = @Id" },
        { "admin", "update app.organization set status = 'suspended' where id = @OrganizationId" },
        { "admin", "update app.user set role = 'read_only' where id = @Id" },
        { "read_only", "update app.user set role = 'owner' where id = @Id" },
        { "sb_admin", "update app.user set role = 'sb_operator' where id = @Id" },
        { "agency_staff", "update app.user set agency_id = @otherAgency where id = @Id" },
        { "client_user", "update app.user set client_id = @otherClient where id = @Id" },
        { "member", "update app.refresh_token set revoked_at = now() where id = family_id and user_id = @Id" },
        { "sb_operator", "update app.refresh_token set revoked_at = now() where id = family_id and user_id = @Id" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_is_noticed_at_once_by_writes_and_within_a_minute_by_reads(string role, string change)
    {
        var user = await app.CreateUserAsync(role, password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);
        Assert.Equal(HttpStatusCode.OK, await app.ReadAsync(tokens.AccessToken));
        var otherAgency = user.OrganizationId is { } organization ? await app.CreateAgencyAsync(organization) : Guid.Empty;
        var otherClient = user.OrganizationId is { } same ? await app.CreateClientAsync(same, otherAgency) : Guid.Empty;
        await app.ExecuteAsync(change, new { user.Id, user.OrganizationId, otherAgency, otherClient });

        // The last look-up for a read was now: a minute later it is not trusted any more, whatever else was read meanwhile.
        app.Time.Advance(TimeSpan.FromSeconds(30));
        await app.ReadAsync(tokens.AccessToken);
        app.Time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(tokens.AccessToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await app.WriteAsync(tokens.AccessToken));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Write_right_after_the_change_is_refused_and_after_it_every_read(string role, string change)
    {
        var user = await app.CreateUserAsync(role, password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);
        Assert.Equal(HttpStatusCode.OK, await app.ReadAsync(tokens.AccessToken));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await app.WriteAsync(tokens.AccessToken));
        var otherAgency = user.OrganizationId is { } organization ? await app.CreateAgencyAsync(organization) : Guid.Empty;
        var otherClient = user.OrganizationId is { } same ? await app.CreateClientAsync(same, otherAgency) : Guid.Empty;
        await app.ExecuteAsync(change, new { user.Id, user.OrganizationId, otherAgency, otherClient });

        Assert.Equal(HttpStatusCode.Unauthorized, await app.WriteAsync(tokens.AccessToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(tokens.AccessToken));
    }

    [Theory]
    [InlineData("post", "/api/admin/webhooks/endpoints")]
    [InlineData("put", "/api/admin/webhooks/endpoints/019c0f3a-5b1e-7c44-9d52-3f8a6b2e1c70")]
    [InlineData("delete", "/api/admin/webhooks/endpoints/019c0f3a-5b1e-7c44-9d52-3f8a6b2e1c70")]
    public async Task Every_writing_method_checks_the_database(string method, string path)
    {
        var user = await app.CreateUserAsync("admin");
        var token = app.TokenOf(user);
        Assert.Equal(HttpStatusCode.OK, await app.ReadAsync(token));
        await app.ExecuteAsync("update app.user set status = 'disabled' where id = @Id", new { user.Id });

        using var response = await app.CallAsync(token, HttpMethod.Parse(method), path);

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Token_of_a_session_that_never_was_or_is_another_persons_is_refused()
    {
        var (user, other) = (await app.CreateUserAsync("owner"), await app.CreateUserAsync("owner"));
        app.TokenOf(other);
        var child = (await app.RefreshAsync((await app.SignInAsync(await app.CreateUserAsync("owner", password: AuthWorld.Password))).RefreshToken)).SessionId;
        var tokens = app.Services.GetRequiredService<IAccessTokens>();
        string TokenWith(Guid session) =>
            tokens.Issue(new AccessTokenClaims(user.Id, Role.Owner, session, user.OrganizationId), app.Time.GetUtcNow()).Token;

        foreach (var session in new[] { Guid.NewGuid(), other.Id, child })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(TokenWith(session)));
            Assert.Equal(HttpStatusCode.Unauthorized, await app.WriteAsync(TokenWith(session)));
        }
    }

    /// <summary>The round trips of a read, counted in the database: the look-up of the session happens once a minute.</summary>
    [Fact]
    public async Task Get_is_one_round_trip_when_the_session_is_known_and_two_when_it_is_not()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);
        var endpoint = await app.CreateEndpointAsync(user.OrganizationId!.Value);
        Task GetAsync() => app.CallAsync(tokens.AccessToken, HttpMethod.Get, endpoint.Path);

        var cold = await app.StatementsAsync(GetAsync);
        var warm = await app.StatementsAsync(GetAsync);
        app.Time.Advance(TimeSpan.FromSeconds(61));
        var later = await app.StatementsAsync(GetAsync);

        Assert.Single(cold, statement => statement.Contains("app.refresh_token", StringComparison.Ordinal));
        // The context and the statement travel together.
        Assert.Equal(2, warm.Count);
        Assert.Single(warm, statement => statement.Contains("app.webhook_endpoint", StringComparison.Ordinal));
        Assert.Single(warm, statement => statement.StartsWith("select set_config(", StringComparison.Ordinal));
        Assert.Equal(cold, later);
        Assert.Equal(4, cold.Count);
    }
}
