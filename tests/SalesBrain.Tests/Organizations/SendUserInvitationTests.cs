using System.Net;
using SalesBrain.Core.Security;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

public sealed class SendUserInvitationTests(TestApp app)
{
    [Theory]
    [InlineData("sb_admin")]
    [InlineData("admin")]
    [InlineData("agency_admin")]
    public async Task Invited_user_gets_another_link_and_the_earlier_one_ends(string role)
    {
        var place = await CrmPlace.CreateAsync(app);
        var caller = await place.CreateUserAsync(app, role);
        using var client = app.As(caller);

        using var first = await client.SendAsync(HttpMethod.Post, PathOf(place.Staff));
        var old = app.Mails.LastTokenTo(place.Staff.Email);
        using var second = await client.SendAsync(HttpMethod.Post, PathOf(place.Staff));

        var data = await second.DataAsync();
        data.AssertIncludes(new { email = place.Staff.Email, sent = true });
        Assert.InRange(data.GetProperty("expires_at").GetDateTime(), DateTime.UtcNow.AddDays(6), DateTime.UtcNow.AddDays(8));
        Assert.Equal(2, app.Mails.To(place.Staff.Email).Count);
        Assert.NotEqual(old, app.Mails.LastTokenTo(place.Staff.Email));
        Assert.Equal(
            [OpaqueTokens.Hash(app.Mails.LastTokenTo(place.Staff.Email))],
            await app.QueryAsync<byte[]>("select token_hash from app.password_token where user_id = @Id", place.Staff));
        var audit = await app.AuditOfAsync(place.Staff.Id);
        Assert.Equal(2, audit.Count);
        Assert.All(audit, entry => Assert.Equivalent(new { Action = "user.invited", ActorId = caller.Id }, entry));
    }

    [Theory]
    [InlineData("active")]
    [InlineData("disabled")]
    public async Task Who_is_not_invited_cannot_be_invited_again(string status)
    {
        var place = await CrmPlace.CreateAsync(app);
        var member = await app.CreateUserAsync("member", place.OrganizationId, status: status);

        using var response = await app.As(await place.CreateUserAsync(app, "owner")).SendAsync(HttpMethod.Post, PathOf(member));

        var problem = await response.ProblemAsync(HttpStatusCode.Conflict, "conflict");
        Assert.Contains(status, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(app.Mails.To(member.Email));
    }

    [Fact]
    public async Task Admin_invites_no_owner()
    {
        var place = await CrmPlace.CreateAsync(app);
        var owner = await app.CreateUserAsync("owner", place.OrganizationId, status: "invited");

        using var response = await app.As(await place.CreateUserAsync(app, "admin")).SendAsync(HttpMethod.Post, PathOf(owner));

        await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Empty(app.Mails.To(owner.Email));
    }

    [Fact]
    public async Task Address_receives_three_invitations_a_day_whoever_sends_them_and_however_many_at_once()
    {
        var place = await CrmPlace.CreateAsync(app);
        TestUser[] callers = [await app.CreateUserAsync("sb_admin"), await place.CreateUserAsync(app, "owner"), await place.CreateUserAsync(app, "agency_admin")];

        var responses = await Task.WhenAll(
            Enumerable.Range(0, 9).Select(number => app.As(callers[number % 3]).SendAsync(HttpMethod.Post, PathOf(place.Staff))));

        Assert.Equal(3, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
        Assert.Equal(3, app.Mails.To(place.Staff.Email).Count);
        foreach (var refused in responses.Where(response => response.StatusCode != HttpStatusCode.OK))
        {
            var problem = await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_mails");
            Assert.Contains("three invitations", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromHours(23), TimeSpan.FromDays(1));
        }
        // What was refused changed nothing.
        Assert.Equal(3, (await app.AuditOfAsync(place.Staff.Id)).Count);

        await app.ExecuteAsync("update app.mail_limit set counted_at = array(select t - interval '1 day' from unnest(counted_at) t)");
        using var tomorrow = await app.As(callers[1]).SendAsync(HttpMethod.Post, PathOf(place.Staff));
        Assert.Equal(HttpStatusCode.OK, tomorrow.StatusCode);
    }

    [Fact]
    public async Task Address_that_had_its_invitations_gets_none_by_other_ways()
    {
        var place = await CrmPlace.CreateAsync(app);
        var (owner, email) = (await place.CreateUserAsync(app, "owner"), $"{Guid.NewGuid():N}@test.example");
        using var client = app.As(owner);
        await app.ExecuteAsync("""
            insert into app.mail_limit (kind, key, counted_at, last_counted_at) values ('invitation', encode(sha256(@email::bytea), 'hex'), array[now(), now(), now()], now())
            """, new { email });

        using var created = await client.PostAsync(CrmWorld.Users, new { email, role = "member" });
        using var moved = await client.PutTextAsync($"{CrmWorld.Users}/{place.Staff.Id}", $$"""{"email": "{{email}}"}""");
        using var organization = await app.As(await app.CreateUserAsync("sb_admin")).PostAsync(
            CrmWorld.Organizations, new { name = $"Made {Guid.NewGuid()}", owner = new { email } });

        foreach (var response in new[] { created, moved, organization })
        {
            await response.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_mails");
        }
        Assert.Empty(app.Mails.To(email));
        Assert.Empty(await app.QueryAsync<Guid>("select id from app.user where email_norm = @email", new { email }));
    }

    [Fact]
    public async Task Failing_mail_server_is_told()
    {
        await using var own = new TestApp();
        await own.InitializeAsync();
        var place = await CrmPlace.CreateAsync(own);
        own.Mails.Fails = true;

        using var response = await own.As(await place.CreateUserAsync(own, "owner")).SendAsync(HttpMethod.Post, PathOf(place.Staff));

        var answer = await response.JsonAsync();
        Assert.False(answer.GetProperty("data").GetProperty("sent").GetBoolean());
        Assert.NotEmpty(answer.GetProperty("message").GetString()!);
        // It was not sent, so it does not count.
        Assert.Equal(0, await own.QuerySingleAsync<int>("select sum(cardinality(counted_at))::int from app.mail_limit"));
    }

    private static string PathOf(TestUser user) => $"{CrmWorld.Users}/{user.Id}/invitation";
}
