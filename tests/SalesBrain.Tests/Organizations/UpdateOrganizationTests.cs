using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

public sealed class UpdateOrganizationTests(TestApp app)
{
    [Theory]
    [InlineData("owner")]
    [InlineData("admin")]
    [InlineData("sb_admin")]
    public async Task Name_time_zone_and_settings_change_as_far_as_they_are_sent(string role)
    {
        var organization = await app.CreateOrganizationAsync();
        var user = await app.CreateUserAsync(role, role == "sb_admin" ? null : organization);
        using var client = app.As(user);

        using var first = await client.PutTextAsync(PathOf(organization), """{"timezone": "america/new_york", "settings": {"a": [1]}}""");
        using var second = await client.PutTextAsync(PathOf(organization), """{"name": " Renamed ", "settings": null}""");

        Assert.Equal("America/New_York", (await first.DataAsync()).GetProperty("timezone").GetString());
        var data = await second.DataAsync();
        data.AssertIncludes(new { Name = "Renamed", Timezone = "America/New_York", Settings = new { } });
        var audit = await app.AuditOfAsync(organization);
        Assert.Equal(2, audit.Count);
        Assert.All(audit, entry => Assert.Equivalent(
            new { Action = "organization.updated", ActorId = user.Id, OrganizationId = organization }, entry));
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse(
                """{"before": {"timezone": "UTC", "settings": {}}, "after": {"timezone": "America/New_York", "settings": {"a": [1]}}}"""),
            audit[0].Json), audit[0].Changes);
    }

    [Theory]
    [InlineData("owner", """{"status": "suspended"}""")]
    [InlineData("owner", """{"status": "active"}""")]
    [InlineData("admin", """{"slug": "mine", "name": "Mine"}""")]
    public async Task Status_and_slug_are_the_platforms(string role, string body)
    {
        var user = await app.CreateUserAsync(role);
        var row = await app.RowAsync("organization", user.OrganizationId!.Value);

        using var response = await app.As(user).PutTextAsync(PathOf(user.OrganizationId!.Value), body);

        await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(row, await app.RowAsync("organization", user.OrganizationId!.Value));
    }

    [Fact]
    public async Task Users_of_a_suspended_organization_cannot_sign_in_until_it_is_active()
    {
        const string Password = "a long enough password";
        var owner = await app.CreateUserAsync("owner", password: Password);
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        using var suspended = await client.PutTextAsync(PathOf(owner.OrganizationId!.Value), """{"status": "suspended"}""");
        using var refused = await app.Http.PostAsync("/api/v1/auth/login", new { email = owner.Email, password = Password });
        using var active = await client.PutTextAsync(PathOf(owner.OrganizationId!.Value), """{"status": "active"}""");
        using var taken = await app.Http.PostAsync("/api/v1/auth/login", new { email = owner.Email, password = Password });

        Assert.Equal("suspended", (await suspended.DataAsync()).GetProperty("status").GetString());
        await refused.ProblemAsync(HttpStatusCode.Forbidden, "organization_suspended");
        Assert.Equal("active", (await active.DataAsync()).GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    [Fact]
    public async Task Used_slug_is_409()
    {
        var (one, two) = (await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync());
        using var client = app.As(await app.CreateUserAsync("sb_admin"));
        var slug = $"own-{two.ToString("N")[^8..]}";

        using var changed = await client.PutTextAsync(PathOf(two), $$"""{"slug": "{{slug}}"}""");
        using var taken = await client.PutTextAsync(PathOf(one), $$"""{"slug": "{{slug}}"}""");

        Assert.Equal(slug, (await changed.DataAsync()).GetProperty("slug").GetString());
        await taken.ProblemAsync(HttpStatusCode.Conflict, "already_exists");
    }

    [Theory]
    [InlineData("""{"name": null}""", "name")]
    [InlineData("""{"name": ""}""", "name")]
    [InlineData("""{"timezone": null}""", "timezone")]
    [InlineData("""{"timezone": "Mars/Olympus"}""", "timezone")]
    [InlineData("""{"timezone": "localtime"}""", "timezone")]
    [InlineData("""{"settings": "none"}""", "settings")]
    [InlineData("""{"status": null}""", "status")]
    [InlineData("""{"slug": ""}""", "slug")]
    [InlineData("""{"tenant_key": "mine"}""", "tenant_key")]
    public async Task Bad_input_is_refused_by_member_and_changes_nothing(string body, string members)
    {
        var owner = await app.CreateUserAsync("owner");
        var row = await app.RowAsync("organization", owner.OrganizationId!.Value);

        using var response = await app.As(owner).PutTextAsync(PathOf(owner.OrganizationId!.Value), body);

        Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(row, await app.RowAsync("organization", owner.OrganizationId!.Value));
    }

    private static string PathOf(Guid organization) => $"{CrmWorld.Organizations}/{organization}";
}
