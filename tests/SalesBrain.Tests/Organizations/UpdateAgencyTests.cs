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

        using var first = await client.PutTextAsync(PathOf(place.AgencyId), """{"city": "Vienna", "email": "a@b.example", "metadata": {"a": 1}}""");
        using var second = await client.PutTextAsync(PathOf(place.AgencyId), """{"email": null, "metadata": null, "status": "inactive"}""");

        Assert.Equal("Vienna", (await first.DataAsync()).GetProperty("city").GetString());
        var data = await second.DataAsync();
        Assert.Equal(("Agency", "Vienna", "inactive", "{}", JsonValueKind.Null), (
            data.GetProperty("name").GetString(), data.GetProperty("city").GetString(), data.GetProperty("status").GetString(), data.GetProperty("metadata").GetRawText(),
            data.GetProperty("email").ValueKind));
        var entry = (await app.AuditOfAsync(place.AgencyId))[^1];
        Assert.Equal(("agency.updated", user.Id, place.OrganizationId), (entry.Action, entry.ActorId, entry.OrganizationId));
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
