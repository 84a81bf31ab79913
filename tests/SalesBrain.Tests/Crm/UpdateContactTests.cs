using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

public sealed class UpdateContactTests(TestApp app)
{
    [Theory]
    [InlineData("admin")]
    [InlineData("agency_admin")]
    [InlineData("client_staff")]
    [InlineData("sb_admin")]
    public async Task Only_the_members_sent_change_and_null_clears(string role)
    {
        var organization = await app.CreateOrganizationAsync();
        var agency = await app.CreateAgencyAsync(organization);
        var client = await app.CreateClientAsync(organization, agency);
        var user = await app.CreateUserAsync(
            role, role == "sb_admin" ? null : organization, role == "agency_admin" ? agency : null, role == "client_staff" ? client : null);
        var id = await app.ContactOfAsync(
            await app.CreateLeadAsync(organization, "Ann", "Lee", "Acme", "ann@acme.example", agencyId: agency, clientId: client));
        using var http = app.As(user);

        using var first = await http.PutTextAsync(
            PathOf(id), """{"title": "CFO", "tags": ["a"], "custom_fields": {"x": 1}, "phone": "+1 555"}""");
        using var second = await http.PutTextAsync(PathOf(id), """{"phone": null, "tags": null, "customFields": null, "lastName": "Li"}""");

        (await first.DataAsync())
            .AssertIncludes(new { Title = "CFO", Tags = new[] { "a" }, Phone = "+1 555", LastName = "Lee", CustomFields = new { X = 1 } });
        (await second.DataAsync()).AssertIncludes(new
        {
            Title = "CFO",
            Tags = Array.Empty<string>(),
            Phone = (string?)null,
            LastName = "Li",
            FirstName = "Ann",
            Email = "ann@acme.example",
            CustomFields = new { },
        });
        var entries = await app.AuditOfAsync(id);
        Assert.Equal(["contact.updated", "contact.updated"], entries.Select(entry => entry.Action));
        Assert.Equal((user.Id, role, organization), (entries[1].ActorId!.Value, entries[1].ActorRole, entries[1].OrganizationId));
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse("""
                {"before": {"last_name": "Lee", "phone": "+1 555", "tags": ["a"], "custom_fields": {"x": 1}},
                "after": {"last_name": "Li", "phone": null, "tags": [], "custom_fields": {}}}
                """), entries[1].Json), entries[1].Changes);
    }

    [Fact]
    public async Task Change_that_changes_nothing_writes_nothing()
    {
        var (http, id) = await ContactAsync();
        var before = await app.RowAsync("contact", id);

        using var response = await http.PutTextAsync(
            PathOf(id), """{"email": "Ann@ACME.example", "tags": ["a", "a"], "suppression": "none"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(before, await app.RowAsync("contact", id));
        Assert.Empty(await app.AuditOfAsync(id));
    }

    [Fact]
    public async Task Edit_of_an_older_version_is_refused_and_events_raise_the_version_too()
    {
        var (http, id) = await ContactAsync();
        using var shown = await http.GetAsync(PathOf(id));
        var tag = shown.Headers.ETag!.ToString();

        using var first = await http.PutTextAsync(PathOf(id), """{"city": "Rome"}""", tag);
        using var late = await http.PutTextAsync(PathOf(id), """{"city": "Oslo"}""", tag);
        await app.ExecuteAsync("update app.contact set suppression = 'bounced', suppressed_at = now() where id = @id", new { id });
        using var overtaken = await http.PutTextAsync(PathOf(id), """{"city": "Oslo"}""", first.Headers.ETag!.ToString());
        using var last = await http.PutTextAsync(PathOf(id), """{"city": "Bern"}""");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, last.StatusCode));
        await late.ProblemAsync(HttpStatusCode.PreconditionFailed, "changed_meanwhile");
        await overtaken.ProblemAsync(HttpStatusCode.PreconditionFailed, "changed_meanwhile");
    }

    [Fact]
    public async Task Of_many_edits_of_one_version_at_once_one_wins()
    {
        var (http, id) = await ContactAsync();
        using var shown = await http.GetAsync(PathOf(id));

        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            using var response = await http.PutTextAsync(PathOf(id), $$"""{"city": "City {{i}}"}""", shown.Headers.ETag!.ToString());
            return response.StatusCode;
        }));

        Assert.Equal(1, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(7, statuses.Count(status => status == HttpStatusCode.PreconditionFailed));
        Assert.Single(await app.AuditOfAsync(id));
    }

    [Fact]
    public async Task Address_of_another_contact_is_refused_with_its_id()
    {
        var (http, id) = await ContactAsync();
        var organization = await app.QuerySingleAsync<Guid>("select organization_id from app.contact where id = @id", new { id });
        var other = await app.CreatePersonAsync(organization, "bob@acme.example");

        using var taken = await http.PutTextAsync(PathOf(id), """{"email": "BOB@acme.example"}""");
        using var free = await http.PutTextAsync(PathOf(id), """{"email": "Ann.Lee@acme.example"}""");

        Assert.Equal(other, (await taken.ProblemAsync(HttpStatusCode.Conflict, "already_exists")).GetProperty("existing_id").GetGuid());
        Assert.Equal("Ann.Lee@acme.example", (await free.DataAsync()).GetProperty("email").GetString());
        Assert.Equal(
            "ann.lee@acme.example", await app.QuerySingleAsync<string>("select email_norm from app.contact where id = @id", new { id }));
    }

    [Theory]
    [InlineData("""{"suppression": null}""", "suppression")]
    [InlineData("""{"suppression": "bounced"}""", "suppression")]
    [InlineData("""{"tags": [""]}""", "tags")]
    [InlineData("""{"organization_id": "5e9b8c0d-0000-4000-8000-000000000001"}""", "organization_id")]
    [InlineData("""{"lift_unsubscription": null}""", "lift_unsubscription")]
    public async Task Bad_member_is_refused(string json, string member)
    {
        var (http, id) = await ContactAsync();

        using var response = await http.PutTextAsync(PathOf(id), json);

        Assert.Equal(member, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Address_from_before_addresses_were_cleaned_stays_until_it_is_changed()
    {
        var (http, id) = await ContactAsync();
        var organization = await app.QuerySingleAsync<Guid>("select organization_id from app.contact where id = @id", new { id });
        var legacy = await app.CreatePersonAsync(organization);
        await app.ExecuteAsync(
            "update app.contact set email = 'ann@acme.example.', email_norm = 'ann@acme.example.', clean_email_norm = 'ann@acme.example' "
            + "where id = @legacy",
            new { legacy });

        using var other = await http.PutTextAsync(PathOf(legacy), """{"city": "Rome"}""");
        using var address = await http.PutTextAsync(PathOf(legacy), """{"email": "ann.2@acme.example"}""");

        Assert.Equal("ann@acme.example.", (await other.DataAsync()).GetProperty("email").GetString());
        Assert.Equal("ann.2@acme.example", (await address.DataAsync()).GetProperty("email").GetString());
        Assert.True(await app.QuerySingleAsync<bool>(
            "select clean_email_norm is null and email_norm = 'ann.2@acme.example' from app.contact where id = @legacy", new { legacy }));
    }

    [Fact]
    public async Task Suppression_is_set_by_hand_and_lifted_with_who_and_when_in_the_audit_log()
    {
        var (http, id) = await ContactAsync();

        using var set = await http.PutTextAsync(PathOf(id), """{"suppression": "manual"}""");
        using var lifted = await http.PutTextAsync(PathOf(id), """{"suppression": "none"}""");

        var data = await set.DataAsync();
        Assert.Equal("manual", data.GetProperty("suppression").GetString());
        Assert.Equal(JsonValueKind.String, data.GetProperty("suppressed_at").ValueKind);
        (await lifted.DataAsync()).AssertIncludes(new { Suppression = "none", SuppressedAt = (DateTime?)null });
        (await app.AuditOfAsync(id))[^1]
            .Json.AssertIncludes(new { Before = new { Suppression = "manual" }, After = new { Suppression = "none" } });
    }

    [Theory]
    [InlineData("manual")]
    [InlineData("none")]
    public async Task Persons_own_unsubscription_ends_only_deliberately(string wanted)
    {
        var organization = await app.CreateOrganizationAsync();
        var agency = await app.CreateAgencyAsync(organization);
        var id = await app.ContactOfAsync(await app.CreateLeadAsync(organization, agencyId: agency));
        await app.ExecuteAsync("update app.contact set suppression = 'unsubscribed', suppressed_at = now() where id = @id", new { id });
        using var owner = app.As(await app.CreateUserAsync("owner", organization));
        using var staff = app.As(await app.CreateUserAsync("agency_admin", organization, agency));

        using var careless = await owner.PutTextAsync(PathOf(id), $$"""{"suppression": "{{wanted}}"}""");
        using var notTheirs = await staff.PutTextAsync(PathOf(id), $$"""{"suppression": "{{wanted}}", "lift_unsubscription": true}""");
        using var other = await staff.PutTextAsync(PathOf(id), """{"city": "Rome"}""");
        using var meant = await owner.PutTextAsync(PathOf(id), $$"""{"suppression": "{{wanted}}", "liftUnsubscription": true}""");

        await careless.ProblemAsync(HttpStatusCode.Conflict, "contact_unsubscribed");
        await notTheirs.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(wanted, (await meant.DataAsync()).GetProperty("suppression").GetString());
        (await app.AuditOfAsync(id))[^1]
            .Json.AssertIncludes(new { Before = new { Suppression = "unsubscribed" }, After = new { Suppression = wanted } });
    }

    private async Task<(HttpClient Http, Guid Id)> ContactAsync()
    {
        var owner = await app.CreateUserAsync("owner");
        return (app.As(owner), await app.CreatePersonAsync(owner.OrganizationId!.Value, "Ann@acme.example", "Ann", tags: ["a"]));
    }

    private static string PathOf(Guid id) => $"{ContactWorld.Path}/{id}";
}
