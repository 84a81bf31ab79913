using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

[Collection(SerialApp.Collection)]
public sealed class CreateOrganizationTests(SerialApp app)
{
    [Fact]
    public async Task Name_alone_makes_slug_key_tenant_and_an_entry_in_the_audit_log()
    {
        var admin = await app.CreateUserAsync("sb_admin");
        using var client = app.As(admin);
        var word = $"x{Guid.NewGuid():N}"[..12];

        using var response = await client.PostAsync(CrmWorld.Organizations, new { name = $"  Acme & Söhne, {word}! " });

        var data = await response.DataAsync();
        var id = data.GetProperty("id").GetGuid();
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"{CrmWorld.Organizations}/{id}", response.Headers.Location?.ToString());
        data.AssertIncludes(new
        {
            Name = $"Acme & Söhne, {word}!",
            Slug = $"acme-sohne-{word}",
            TenantKey = $"acme_sohne_{word}",
            Status = "active",
            Timezone = "UTC",
            Settings = new { },
        });
        Assert.Equal($"acme_sohne_{word}", await app.QuerySingleAsync<string>(
            "select tenant_key from app.tenant where organization_id = @id and status = 'active'", new { id }));
        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*)::int from app.user where organization_id = @id", new { id }));
        var entry = Assert.Single(await app.AuditOfAsync(id));
        Assert.Equivalent(new { Action = "organization.created", ActorId = admin.Id, OrganizationId = id }, entry);
    }

    [Fact]
    public async Task Everything_can_be_said_and_the_first_owner_is_invited()
    {
        using var client = app.As(await app.CreateUserAsync("sb_admin"));
        var word = $"y{Guid.NewGuid():N}"[..12];

        using var response = await client.PostTextAsync(CrmWorld.Organizations, $$"""
            {"name": "Globex", "slug": "globex_{{word}}", "timezone": "europe/berlin", "settings": {"score": {"qualified": 4} }, "tenantKey": "{{word}}-key",
             "genesys_org_id": "{{word}}", "genesys_region": "eu-central-1", "owner": {"email": "Boss@{{word}}.example", "first_name": "First", "lastName": "Owner"} }
            """);

        var data = await response.DataAsync();
        var id = data.GetProperty("id").GetGuid();
        data.AssertIncludes(new
        {
            Slug = $"globex_{word}",
            TenantKey = $"{word}-key",
            Timezone = "Europe/Berlin",
            GenesysOrgId = word,
            GenesysRegion = "eu-central-1",
            Settings = new { Score = new { Qualified = 4 } },
        });
        var user = await app.QuerySingleJsonAsync(
            "select id, email, role, status, first_name from app.user where organization_id = @id", new { id });
        user.AssertIncludes(new { Email = $"Boss@{word}.example", Role = "owner", Status = "invited", FirstName = "First" });
        Assert.Contains("Globex", Assert.Single(app.Mails.To($"Boss@{word}.example")).Text, StringComparison.Ordinal);
        Assert.Equal("user.created", Assert.Single(await app.AuditOfAsync(user.GetProperty("id").GetGuid())).Action);
    }

    [Fact]
    public async Task Taken_slug_key_or_address_leaves_nothing_behind()
    {
        using var client = app.As(await app.CreateUserAsync("sb_admin"));
        var taken = await app.CreateUserAsync("member");
        var slug = await app.QuerySingleAsync<string>("select slug from app.organization where id = @OrganizationId", taken);
        var before = await CountAsync();

        foreach (var body in new[]
        {
            $$"""{"name": "Twin", "slug": "{{slug}}"}""",
            $$"""{"name": "Twin", "slug": "twin-{{slug}}", "tenant_key": "{{slug}}"}""",
            $$"""{"name": "Twin", "slug": "twin-{{slug}}", "owner": {"email": "{{taken.Email.ToUpperInvariant()}}"} }""",
        })
        {
            using var response = await client.PostTextAsync(CrmWorld.Organizations, body);
            await response.ProblemAsync(HttpStatusCode.Conflict, "already_exists");
        }
        Assert.Equal(before, await CountAsync());

        Task<int> CountAsync() =>
            app.QuerySingleAsync<int>("select ((select count(*) from app.organization) + (select count(*) from app.tenant))::int");
    }

    [Fact]
    public async Task Same_name_twice_at_once_makes_one()
    {
        using var client = app.As(await app.CreateUserAsync("sb_admin"));
        var name = $"Twice {Guid.NewGuid():N}";

        var statuses = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            using var response = await client.PostAsync(CrmWorld.Organizations, new { name });
            return response.StatusCode;
        }));

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict], statuses.Order());
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name": " "}""", "name")]
    [InlineData("""{"name": "東京"}""", "slug")]
    [InlineData("""{"name": "A", "slug": ""}""", "slug")]
    [InlineData("""{"name": "A", "slug": "Upper"}""", "slug")]
    [InlineData("""{"name": "A", "slug": "ends-"}""", "slug")]
    [InlineData("""{"name": "A", "tenant_key": "has blank"}""", "tenant_key")]
    [InlineData("""{"name": "A", "timezone": "Berlin"}""", "timezone")]
    [InlineData("""{"name": "A", "timezone": "UTC+2"}""", "timezone")]
    [InlineData("""{"name": "A", "timezone": "posix/Europe/Berlin"}""", "timezone")]
    [InlineData("""{"name": "A", "timezone": "x' or '1'='1"}""", "timezone")]
    [InlineData("""{"name": "東京", "timezone": "Nowhere"}""", "slug,timezone")]
    [InlineData("""{"name": "A", "settings": []}""", "settings")]
    [InlineData("""{"name": "A", "settings": {"a": 1e999}}""", "settings")]
    [InlineData("""{"name": "A", "settings": {"a": "\ud800"}}""", "settings")]
    [InlineData("""{"name": "A", "owner": {}}""", "owner.email")]
    [InlineData("""{"name": "A", "owner": {"email": "nobody", "role": "owner"}}""", "owner.email,owner.role")]
    [InlineData("""{"name": "A", "status": "suspended"}""", "status")]
    public async Task Bad_input_is_refused_by_member(string body, string members)
    {
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        using var response = await client.PostTextAsync(CrmWorld.Organizations, body);

        Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Settings_have_a_limit()
    {
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        using var response = await client.PostAsync(
            CrmWorld.Organizations, new { name = "Large", settings = new { text = new string('x', 33_000) } });

        Assert.Equal("settings", (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }
}
