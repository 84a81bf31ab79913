using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

public sealed class CreateContactTests(TestApp app)
{
    [Fact]
    public async Task Contact_is_stored_with_a_clean_address_and_audited()
    {
        var owner = await app.CreateUserAsync("owner");
        using var http = app.As(owner);

        using var response = await http.PostTextAsync(ContactWorld.Path, """
            {"email": "Jane <Jane.Doe@Acme.EXAMPLE>", "firstName": " Jane ", "last_name": "Doe", "linkedinUrl": "https://linkedin.com/in/jane",
            "tags": [" hot ", "vip", "hot"], "customFields": {"Size": "XL"}, "suppression": "manual", "title": null}
            """);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var data = await response.DataAsync();
        var id = data.GetProperty("id").GetGuid();
        Assert.Equal($"{ContactWorld.Path}/{id}", response.Headers.Location!.ToString());
        data.AssertIncludes(new
        {
            Email = "Jane.Doe@acme.example",
            FirstName = "Jane",
            LastName = "Doe",
            Tags = new[] { "hot", "vip" },
            Suppression = "manual",
            LeadScore = 0,
            OwnerId = (Guid?)null,
        });
        Assert.Equal("XL", data.GetProperty("custom_fields").GetProperty("Size").GetString());
        Assert.Equal(
            "jane.doe@acme.example", await app.QuerySingleAsync<string>("select email_norm from app.contact where id = @id", new { id }));
        var read = await http.GetDataAsync($"{ContactWorld.Path}/{id}");
        Assert.All(data.EnumerateObject(), member => Assert.Equal(member.Value.GetRawText(), read.GetProperty(member.Name).GetRawText()));
        using var unchanged = await http.PutTextAsync(
            $"{ContactWorld.Path}/{id}", """{"city": "Rome"}""", response.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.OK, unchanged.StatusCode);
        var entry = (await app.AuditOfAsync(id))[0];
        Assert.Equal(("contact.created", "contact", owner.Id), (entry.Action, entry.Entity, entry.ActorId!.Value));
        entry.Json.GetProperty("after").AssertIncludes(new { Email = "Jane.Doe@acme.example", Suppression = "manual" });
    }

    [Fact]
    public async Task Address_that_another_contact_has_is_refused_with_its_id_if_the_caller_can_see_it()
    {
        var organization = await app.CreateOrganizationAsync();
        var id = await app.CreatePersonAsync(organization, "taken@acme.example");
        await app.CreatePersonAsync(await app.CreateOrganizationAsync(), "free@acme.example");
        using var owner = app.As(await app.CreateUserAsync("owner", organization));
        using var staff = app.As(await app.CreateUserAsync("agency_staff", organization));

        using var seen = await owner.PostTextAsync(ContactWorld.Path, """{"email": "mailto:TAKEN@acme.example"}""");
        using var hidden = await staff.PostTextAsync(ContactWorld.Path, """{"email": "taken@acme.example"}""");
        using var elsewhere = await owner.PostTextAsync(ContactWorld.Path, """{"email": "free@acme.example"}""");

        var problem = await seen.ProblemAsync(HttpStatusCode.Conflict, "already_exists");
        Assert.Equal(id, problem.GetProperty("existing_id").GetGuid());
        Assert.Contains(id.ToString(), problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            id.ToString(), (await hidden.ProblemAsync(HttpStatusCode.Conflict, "already_exists")).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, elsewhere.StatusCode);
    }

    [Fact]
    public async Task Address_sent_many_times_at_once_makes_one_contact()
    {
        var owner = await app.CreateUserAsync("owner");
        using var http = app.As(owner);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            using var response = await http.PostTextAsync(ContactWorld.Path, """{"email": "once@acme.example"}""");
            return response.StatusCode;
        }));

        Assert.Equal(1, statuses.Count(status => status == HttpStatusCode.Created));
        Assert.Equal(11, statuses.Count(status => status == HttpStatusCode.Conflict));
        Assert.Equal(1, await app.QuerySingleAsync<int>("select count(*) from app.contact where organization_id = @OrganizationId", owner));
    }

    [Fact]
    public async Task Contacts_without_an_address_are_as_many_as_are_sent()
    {
        using var http = app.As(await app.CreateUserAsync("admin"));

        await http.AddContactAsync("""{"last_name": "Doe"}""");
        await http.AddContactAsync("{}");

        Assert.Equal(2, (await http.PageAsync(ContactWorld.Path)).Ids().Length);
    }

    [Fact]
    public async Task Agency_creates_a_contact_that_it_sees_as_soon_as_it_has_a_lead_of_it()
    {
        var staff = await app.CreateUserAsync("agency_staff");
        using var http = app.As(staff);

        var contact = await http.AddContactAsync("""{"email": "mine@acme.example", "first_name": "Ann"}""");

        contact.AssertIncludes(new { Email = "mine@acme.example", FirstName = "Ann", OrganizationId = staff.OrganizationId });
        var id = contact.GetProperty("id").GetGuid();
        Assert.Empty((await http.PageAsync(ContactWorld.Path)).Ids());
        var lead = await app.CreateLeadAsync(staff.OrganizationId!.Value, id);
        await app.ExecuteAsync("update app.lead set agency_id = @AgencyId where id = @lead", new { staff.AgencyId, lead });
        Assert.Equal([id], (await http.PageAsync(ContactWorld.Path)).Ids());
    }

    [Theory]
    [InlineData("""{"email": "no address"}""", "email")]
    [InlineData("""{"email": 7}""", "email")]
    [InlineData("""{"first_name": "see https://evil.example"}""", "first_name")]
    [InlineData("""{"website": "javascript:alert(1)"}""", "website")]
    [InlineData("""{"linkedin_url": "linkedin.com/in/x"}""", "linkedin_url")]
    [InlineData("""{"tags": ["ok", " "]}""", "tags")]
    [InlineData("""{"tags": ["two\nlines"]}""", "tags")]
    [InlineData("""{"tags": "hot"}""", "tags")]
    [InlineData("""{"custom_fields": [1]}""", "custom_fields")]
    [InlineData("""{"suppression": "unsubscribed"}""", "suppression")]
    [InlineData("""{"lead_score": 5}""", "lead_score")]
    [InlineData("""{"organization_id": "5e9b8c0d-0000-4000-8000-000000000001"}""", "organization_id")]
    public async Task Bad_member_is_refused(string json, string member)
    {
        using var http = app.As(await app.CreateUserAsync("owner"));

        using var response = await http.PostTextAsync(ContactWorld.Path, json);

        Assert.Equal(member, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Limits_of_tags_and_custom_fields_are_exact()
    {
        using var http = app.As(await app.CreateUserAsync("owner"));
        foreach (var (json, fits) in new (string, bool)[]
        {
            (JsonSerializer.Serialize(new { tags = Enumerable.Range(0, 50).Select(i => $"tag {i}") }), true),
            (JsonSerializer.Serialize(new { tags = Enumerable.Range(0, 51).Select(i => $"tag {i}") }), false),
            (JsonSerializer.Serialize(new { tags = new[] { new string('x', 100) } }), true),
            (JsonSerializer.Serialize(new { tags = new[] { new string('x', 101) } }), false),
            (JsonSerializer.Serialize(new { custom_fields = new { a = new string('x', 32 * 1024 - 8) } }), true),
            (JsonSerializer.Serialize(new { custom_fields = new { a = new string('x', 32 * 1024) } }), false),
        })
        {
            using var response = await http.PostTextAsync(ContactWorld.Path, json);
            Assert.Equal(fits ? HttpStatusCode.Created : HttpStatusCode.UnprocessableEntity, response.StatusCode);
        }
    }

    [Fact]
    public async Task Platform_administrator_names_the_organization()
    {
        var organization = await app.CreateOrganizationAsync();
        using var http = app.As(await app.CreateUserAsync("sb_admin"));

        using var nowhere = await http.PostTextAsync(ContactWorld.Path, "{}");
        using var unknown = await http.PostTextAsync(ContactWorld.Path, $$"""{"organization_id": "{{Guid.NewGuid()}}"}""");
        var contact = await http.AddContactAsync($$"""{"organization_id": "{{organization}}"}""");

        Assert.Equal("organization_id", (await nowhere.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal("organization_id", (await unknown.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(organization, contact.GetProperty("organization_id").GetGuid());
    }
}
