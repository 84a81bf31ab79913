using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

public sealed class CreateAgencyTests(TestApp app)
{
    [Fact]
    public async Task Agency_is_stored_as_sent_and_audited()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);

        using var response = await client.PostTextAsync(CrmWorld.Agencies, """
            {"name": " Health Desk ", "domain": "Health.Example.com", "email": "Hello@health.example", "phone": "+1 (555) 010-0", "website": "https://health.example/about?x=1",
             "addressLine1": "1 Main St", "address_line2": " ", "city": "Boston", "region": "MA", "postal_code": "02101", "country": "US", "status": "inactive",
             "metadata": {"tier": "gold", "nested": {"a": [1, 2.5, null]}}}
            """);

        var data = await response.DataAsync();
        var id = data.GetProperty("id").GetGuid();
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"{CrmWorld.Agencies}/{id}", response.Headers.Location?.ToString());
        var expected = $$$"""
            {"organization_id": "{{{owner.OrganizationId}}}", "name": "Health Desk", "domain": "health.example.com", "email": "Hello@health.example", "phone": "+1 (555) 010-0",
             "website": "https://health.example/about?x=1", "address_line1": "1 Main St", "address_line2": null, "city": "Boston", "region": "MA", "postal_code": "02101",
             "country": "US", "status": "inactive", "metadata": {"tier": "gold", "nested": {"a": [1, 2.5, null]} } }
            """;
        var shown = data.EnumerateObject().Where(member => member.Name is not ("id" or "created_at" or "updated_at"))
            .ToDictionary(member => member.Name, member => member.Value);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), JsonSerializer.SerializeToElement(shown)), data.GetRawText());
        Assert.True(JsonElement.DeepEquals(data, await client.GetDataAsync($"{CrmWorld.Agencies}/{id}")));
        var entry = Assert.Single(await app.AuditOfAsync(id));
        Assert.Equivalent(new { Action = "agency.created", ActorId = owner.Id, owner.OrganizationId }, entry);
        Assert.Equal("Health Desk", entry.Json.GetProperty("after").GetProperty("name").GetString());
        Assert.False(entry.Json.GetProperty("after").TryGetProperty("address_line2", out _));
    }

    [Fact]
    public async Task Platform_administrator_names_the_organization()
    {
        var organization = await app.CreateOrganizationAsync();
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        using var made = await client.PostAsync(CrmWorld.Agencies, new { name = "Made", organization_id = organization });
        using var nobodys = await client.PostAsync(CrmWorld.Agencies, new { name = "Made" });
        using var unknown = await client.PostAsync(CrmWorld.Agencies, new { name = "Made", organization_id = Guid.NewGuid() });

        Assert.Equal(organization, (await made.DataAsync()).GetProperty("organization_id").GetGuid());
        Assert.Equal("organization_id", (await nobodys.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal("organization_id", (await unknown.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name": null}""", "name")]
    [InlineData("""{"name": "\t"}""", "name")]
    [InlineData("""{"name": "A", "domain": "no domain"}""", "domain")]
    [InlineData("""{"name": "A", "domain": "localhost"}""", "domain")]
    [InlineData("""{"name": "A", "email": "nobody"}""", "email")]
    [InlineData("""{"name": "A", "phone": "1"}""", "phone")]
    [InlineData("""{"name": "A", "phone": "123456789012345678901234567890123456789012345678901"}""", "phone")]
    [InlineData("""{"name": "A", "website": "example.com"}""", "website")]
    [InlineData("""{"name": "A", "website": "javascript:alert(1)"}""", "website")]
    [InlineData("""{"name": "A", "website": "https://user:secret@example.com"}""", "website")]
    [InlineData("""{"name": "A", "website": "https://exa mple.com"}""", "website")]
    [InlineData("""{"name": "A", "postal_code": "123456789012345678901"}""", "postal_code")]
    [InlineData("""{"name": "A", "status": "deleted"}""", "status")]
    [InlineData("""{"name": "A", "metadata": "text"}""", "metadata")]
    [InlineData("""{"name": "A", "metadata": {"a": "\u0000"}}""", "metadata")]
    [InlineData("""{"name": "A", "metadata": {"a": -1e-999999}}""", "metadata")]
    [InlineData("""{"name": "A", "nmae": "B", "clients": []}""", "clients,nmae")]
    public async Task Bad_input_is_refused_by_member(string body, string members)
    {
        var owner = await app.CreateUserAsync("owner");

        using var response = await app.As(owner).PostTextAsync(CrmWorld.Agencies, body);

        Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(
            0, await app.QuerySingleAsync<int>("select count(*)::int from app.agency where organization_id = @OrganizationId", owner));
    }

    [Fact]
    public async Task Name_and_metadata_have_a_limit()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.PostAsync(
            CrmWorld.Agencies, new { name = new string('n', 201), metadata = new { text = new string('x', 33_000) } });

        Assert.Equal("metadata,name", (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }
}
