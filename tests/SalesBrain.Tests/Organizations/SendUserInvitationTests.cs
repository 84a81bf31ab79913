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
        Assert.Equal((place.Staff.Email, true), (data.GetProperty("email").GetString(), data.GetProperty("sent").GetBoolean()));
        Assert.InRange(data.GetProperty("expires_at").GetDateTime(), DateTime.UtcNow.AddDays(6), DateTime.UtcNow.AddDays(8));
        Assert.Equal(2, app.Mails.To(place.Staff.Email).Count);
        Assert.NotEqual(old, app.Mails.LastTokenTo(place.Staff.Email));
        Assert.Equal(
            [OpaqueTokens.Hash(app.Mails.LastTokenTo(place.Staff.Email))],
            await app.QueryAsync<byte[]>("select token_hash from app.password_token where user_id = @Id", place.Staff));
        Assert.Equal([("user.invited", caller.Id), ("user.invited", caller.Id)], (await app.AuditOfAsync(place.Staff.Id)).Select(entry => (entry.Action, entry.ActorId!.Value)));
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
    }

    private static string PathOf(TestUser user) => $"{CrmWorld.Users}/{user.Id}/invitation";
}
