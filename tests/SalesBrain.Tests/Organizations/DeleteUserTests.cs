using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

public sealed class DeleteUserTests(TestApp app)
{
    [Fact]
    public async Task User_is_disabled_and_references_stay()
    {
        var place = await CrmPlace.CreateAsync(app);
        var admin = await place.CreateUserAsync(app, "admin");
        var member = await app.CreateUserAsync("member", place.OrganizationId, password: "a long enough password");
        var lead = await app.CreateLeadAsync(
            place.OrganizationId, await app.CreateContactAsync(place.OrganizationId), assignedTo: member.Id);
        using var client = app.As(admin);

        using var response = await client.SendAsync(HttpMethod.Delete, PathOf(member));
        using var again = await client.SendAsync(HttpMethod.Delete, PathOf(member));

        Assert.Equal("disabled", (await response.DataAsync()).GetProperty("status").GetString());
        Assert.Equal(response.Headers.ETag, again.Headers.ETag);
        Assert.Equal("disabled", (await client.GetDataAsync(PathOf(member))).GetProperty("status").GetString());
        Assert.Equal(member.Id, await app.QuerySingleAsync<Guid>("select assigned_to from app.lead where id = @lead", new { lead }));
        var entry = Assert.Single(await app.AuditOfAsync(member.Id));
        Assert.Equivalent(new { Action = "user.disabled", ActorId = admin.Id }, entry);
        Assert.Equal("""{"after": {"status": "disabled"}, "before": {"status": "active"}}""", entry.Changes);
        using var signIn = await app.Http.PostAsync(
            "/api/v1/auth/login", new { email = member.Email, password = "a long enough password" });
        await signIn.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Theory]
    [InlineData("sb_admin")]
    [InlineData("owner")]
    [InlineData("admin")]
    [InlineData("client_admin")]
    public async Task User_cannot_disable_themselves(string role)
    {
        var place = await CrmPlace.CreateAsync(app);
        var user = await place.CreateUserAsync(app, role);

        using var response = await app.As(user).SendAsync(HttpMethod.Delete, PathOf(user));

        await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal("active", await app.QuerySingleAsync<string>("select status from app.user where id = @Id", user));
    }

    [Fact]
    public async Task Admin_cannot_disable_an_owner_and_the_last_owner_stays()
    {
        var organization = await app.CreateOrganizationAsync();
        var owner = await app.CreateUserAsync("owner", organization);
        using var asAdmin = app.As(await app.CreateUserAsync("admin", organization));
        using var asPlatform = app.As(await app.CreateUserAsync("sb_admin"));

        using var refused = await asAdmin.SendAsync(HttpMethod.Delete, PathOf(owner));
        using var last = await asPlatform.SendAsync(HttpMethod.Delete, PathOf(owner));

        await refused.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await last.ProblemAsync(HttpStatusCode.Conflict, "last_owner");
        Assert.Equal("active", await app.QuerySingleAsync<string>("select status from app.user where id = @Id", owner));
    }

    private static string PathOf(TestUser user) => $"{CrmWorld.Users}/{user.Id}";
}
