using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

public sealed class UpdateAgencyTests(TestApp app)
{
    [Theory]
    [InlineData("owner")]
    [InlineData("agency_admin")]
    [InlineData("sb_admin")]
    public async Task Only_the_members_sent_change_and_null_clears(string role)
    {
        var place = await CrmPlace.CreateAsync(app);
        var user = await place.CreateUserAsync(app, role);
        using var client = app.As(user);

        using var first = await client.PutTextAsync(
            PathOf(place.AgencyId), """{"city": "Vienna", "email": "a@b.example", "metadata": {"a": 1}}""");
        using var second = await client.PutTextAsync(PathOf(place.AgencyId), """{"email": null, "metadata": null, "status": "inactive"}""");

        Assert.Equal("Vienna", (await first.DataAsync()).GetProperty("city").GetString());
        var data = await second.DataAsync();
        data.AssertIncludes(new { Name = "Agency", City = "Vienna", Status = "inactive", Metadata = new { }, Email = (string?)null });
        var entry = (await app.AuditOfAsync(place.AgencyId))[^1];
        Assert.Equivalent(new { Action = "agency.updated", ActorId = user.Id, place.OrganizationId }, entry);
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse("""{"before": {"email": "a@b.example", "metadata": {"a": 1}, "status": "active"}, "after": {"email": null, "metadata": {}, "status": "inactive"}}"""),
            entry.Json), entry.Changes);
    }

    [Theory]
    [InlineData("""{"name": null}""", "name")]
    [InlineData("""{"status": null}""", "status")]
    [InlineData("""{"email": ""}""", "email")]
    [InlineData("""{"website": "ftp://example.com"}""", "website")]
    [InlineData("""{"metadata": [1]}""", "metadata")]
    [InlineData("""{"organization_id": "00000000-0000-7000-8000-000000000001"}""", "organization_id")]
    [InlineData("""{"id": "00000000-0000-7000-8000-000000000001"}""", "id")]
    public async Task Bad_input_is_refused_by_member_and_changes_nothing(string body, string members)
    {
        var place = await CrmPlace.CreateAsync(app);
        var row = await app.RowAsync("agency", place.AgencyId);

        using var response = await app.As(await place.CreateUserAsync(app, "owner")).PutTextAsync(PathOf(place.AgencyId), body);

        Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(row, await app.RowAsync("agency", place.AgencyId));
    }

    private static string PathOf(Guid agency) => $"{CrmWorld.Agencies}/{agency}";
}
