using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

public sealed class ListContactsTests(TestApp app)
{
    private const string Path = ContactWorld.Path;

    [Fact]
    public async Task Row_shows_the_contact_with_its_owner_and_the_best_score_of_its_live_leads()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var id = await app.CreatePersonAsync(
            organization, "Finance@One.example", "Finance", "Director", "Prospect One", "+1 555 0100", "https://linkedin.com/in/finance",
            "US", "bounced", ["hot", "vip"]);
        foreach (var (score, deleted) in new[] { (40, false), (77, false), (99, true) })
        {
            var lead = await app.CreateLeadAsync(organization, id);
            await app.ExecuteAsync(
                "update app.lead set score = @score, deleted_at = case when @deleted then now() end where id = @lead",
                new { score, deleted, lead });
        }
        await app.ExecuteAsync(
            "insert into app.user_contact_assignment (organization_id, user_id, contact_id) values (@organization, @Id, @contact)",
            new { organization, owner.Id, contact = id });

        var row = (await app.As(owner).PageAsync(Path)).GetProperty("data").EnumerateArray().Single();

        row.AssertIncludes(new
        {
            Id = id,
            OrganizationId = organization,
            Email = "Finance@One.example",
            FirstName = "Finance",
            LastName = "Director",
            Company = "Prospect One",
            Phone = "+1 555 0100",
            LinkedinUrl = "https://linkedin.com/in/finance",
            Country = "US",
            LeadScore = 77,
            Suppression = "bounced",
            Tags = new[] { "hot", "vip" },
            OwnerId = owner.Id,
            OwnerName = "Test",
        });
        Assert.Equal(JsonValueKind.String, row.GetProperty("suppressed_at").ValueKind);
    }

    [Fact]
    public async Task Every_filter_narrows_the_list()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var campaign = await app.CreateCampaignAsync(organization);
        var a = await app.CreatePersonAsync(organization, "a@one.example", country: "US", tags: ["x"]);
        var b = await app.CreatePersonAsync(organization, suppression: "unsubscribed", country: "Austria", tags: ["x", "y"]);
        var c = await app.CreatePersonAsync(organization, "c@two.example", suppression: "manual");
        await app.CreateLeadAsync(organization, b, campaign);
        var gone = await app.CreateLeadAsync(organization, c, campaign);
        await app.ExecuteAsync("update app.lead set deleted_at = now() where id = @gone", new { gone });
        await app.ExecuteAsync("""
            insert into app.user_contact_assignment (organization_id, user_id, contact_id) values (@organization, @Id, @a);
            insert into app.user_contact_assignment (organization_id, user_id, contact_id, status) values (@organization, @Id, @c, 'transferred')
            """, new { organization, owner.Id, a, c });
        await app.CreatePersonAsync(await app.CreateOrganizationAsync(), country: "US", tags: ["x"]);
        using var http = app.As(owner);

        foreach (var (query, expected) in new (string, Guid[])[]
        {
            ("", [c, b, a]),
            ("?suppression=none", [a]),
            ("?suppression=unsubscribed&suppression=manual", [c, b]),
            ("?suppression=bounced,manual", [c]),
            ("?country=US", [a]),
            ("?country=us", []),
            ("?tags=x", [b, a]),
            ("?tags=x&tags=y", [b]),
            ("?tags=x,y", []),
            ($"?campaign_id={campaign}", [b]),
            ($"?campaignId={campaign}&tags=y&suppression=unsubscribed", [b]),
            ("?owner=me", [a]),
            ($"?owner={owner.Id}&tags=x", [a]),
            ($"?owner={Guid.NewGuid()}", []),
            ("?search=two.ex", [c]),
            ($"?organization_id={Guid.NewGuid()}", []),
        })
        {
            var page = await http.PageAsync(Path + query);
            Assert.True(expected.SequenceEqual(page.Ids()), $"{query}: {string.Join(',', page.Ids())}");
            Assert.Equal(expected.Length, page.GetProperty("pagination").GetProperty("total").GetInt32());
        }
    }

    [Theory]
    [InlineData("created_at", "k.created_at", null)]
    [InlineData("updated_at", "k.updated_at", "asc")]
    [InlineData("last_name", "k.sort_last_name", "asc")]
    [InlineData("last_name", "k.sort_last_name", "desc")]
    [InlineData("company", "k.sort_company", null)]
    [InlineData("email", "k.email_norm", "asc")]
    [InlineData("email", "k.email_norm", "desc")]
    public async Task Walk_in_any_order_meets_each_contact_once_those_without_the_key_last(string sortBy, string expression, string? order)
    {
        var owner = await app.CreateUserAsync("owner");
        await app.ExecuteAsync("""
            insert into app.contact (organization_id, email, email_norm, last_name, company, created_at, updated_at)
            select @OrganizationId, e.address, e.address, case when n % 4 > 0 then (array['young', 'Young', 'adams', 'Żak'])[n % 4 + 1] end,
                case when n % 3 > 0 then 'Company ' || n % 5 end, t.at, t.at
            from generate_series(1, 40) n,
                lateral (select case when n % 5 > 0 then n * 7 % 40 || '@walk.example' end as address) e,
                lateral (select timestamptz '2026-01-01 00:00:00.000001Z' + n % 6 * interval '1 microsecond' as at) t
            """, owner);
        var direction = order ?? (sortBy == "company" ? "asc" : "desc");
        var expected = await app.QueryAsync<Guid>($"""
            select k.id from app.contact k where k.organization_id = @OrganizationId
            order by {expression} is null, {expression} {direction}, k.id {direction}
            """, owner);
        using var http = app.As(owner);

        var path = $"{Path}?page_size=7&sort_by={sortBy}{(order is null ? "" : $"&sort_order={order}")}";

        Assert.Equal(40, expected.Count);
        Assert.Equal(expected, await http.WalkAsync(path));
        Assert.Equal(expected.Skip(14).Take(7), (await http.PageAsync($"{path}&page=3")).Ids());
    }

    [Fact]
    public async Task Walk_meets_every_contact_once_while_others_are_added()
    {
        var owner = await app.CreateUserAsync("owner");
        var before = new List<Guid>();
        for (var i = 0; i < 12; i++)
        {
            before.Add(await app.CreatePersonAsync(owner.OrganizationId!.Value, lastName: $"Name {i % 4}"));
        }
        using var http = app.As(owner);

        var seen = await http.WalkAsync(
            $"{Path}?page_size=3&sort_by=last_name", () => app.CreatePersonAsync(owner.OrganizationId!.Value, lastName: "Name 1"));

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(before.Except(seen));
    }

    [Fact]
    public async Task Search_is_literal_in_name_address_and_company_and_in_each_callers_scope()
    {
        var staff = await app.CreateUserAsync("agency_staff");
        var organization = staff.OrganizationId!.Value;
        var client = await app.CreateClientAsync(organization, staff.AgencyId);
        var own = await app.ContactOfAsync(
            await app.CreateLeadAsync(
                organization, "Zoë", "O'Neil_100%", "Smith & Co", "zoe@one.example", agencyId: staff.AgencyId, clientId: client));
        var other = await app.ContactOfAsync(
            await app.CreateLeadAsync(organization, "Zoe", "O'NeilX100", "Smith and Co", "zoe@two.example"));
        await app.ExecuteAsync("update app.contact set tags = array['t'] where id in (@own, @other)", new { own, other });
        foreach (var (user, reached) in new (TestUser User, Guid[] Reached)[]
        {
            (staff, [own]),
            (await app.CreateUserAsync("client_user", organization, clientId: client), [own]),
            (await app.CreateUserAsync("member", organization), [own, other]),
            (await app.CreateUserAsync("sb_operator"), [own, other]),
            (await app.CreateUserAsync("agency_staff", organization), []),
        })
        {
            using var http = app.As(user);
            foreach (var (query, found) in new (string, Guid[])[]
            {
                ("search=NEIL_1", [own]), ("search=100%25", [own]), ("search=smith%20%26", [own]),
                ("search=ZO%C3%8B%20o'neil", [own, other]), ("search=@TWO.", [other]), ("search=smith&tags=t", [own, other]),
                ("tags=t", [own, other]), ("search=%25%25", []), ("", [own, other]),
            })
            {
                var page = await http.PageAsync($"{Path}?{query}&organization_id={organization}&sort_by=company");
                Assert.Equal(found.Intersect(reached).Order(), page.Ids().Order());
                Assert.Equal(page.Ids().Length, page.GetProperty("pagination").GetProperty("total").GetInt32());
            }
        }
    }

    [Fact]
    public async Task Contact_is_seen_by_an_agency_or_client_while_it_has_a_live_lead_of_theirs()
    {
        var staff = await app.CreateUserAsync("agency_staff");
        var organization = staff.OrganizationId!.Value;
        var lead = await app.CreateLeadAsync(organization, agencyId: staff.AgencyId);
        var contact = await app.ContactOfAsync(lead);
        using var http = app.As(staff);

        Assert.Equal([contact], (await http.PageAsync(Path)).Ids());
        await app.ExecuteAsync("update app.lead set deleted_at = now() where id = @lead", new { lead });
        Assert.Empty((await http.PageAsync(Path)).Ids());
        using var hidden = await http.GetAsync($"{Path}/{contact}");
        await hidden.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Custom_fields_that_the_organization_allows_are_filters()
    {
        var staff = await app.CreateUserAsync("agency_staff");
        var organization = staff.OrganizationId!.Value;
        var owner = await app.CreateUserAsync("owner", organization);
        await app.ExecuteAsync(
            """update app.organization set settings = '{"filterable_fields": ["size", "Über Größe", "kind"]}' where id = @organization""",
            new { organization });
        var a = await app.ContactOfAsync(await app.CreateLeadAsync(organization, agencyId: staff.AgencyId));
        await app.ExecuteAsync("""update app.contact set custom_fields = '{"size": 50, "kind": "x,y"}' where id = @a""", new { a });
        var b = await app.CreatePersonAsync(organization, customFields: """{"size": "50", "Über Größe": true, "tier": 1}""");
        var c = await app.CreatePersonAsync(organization, customFields: """{"size": 7, "nested": {"size": 50}}""");
        await app.CreatePersonAsync(await app.CreateOrganizationAsync(), customFields: """{"size": 50}""");
        foreach (var (user, reached) in new (TestUser User, Guid[] Reached)[] { (owner, [a, b, c]), (staff, [a]) })
        {
            using var http = app.As(user);
            foreach (var (query, found) in new (string, Guid[])[]
            {
                ("custom.size=50", [a, b]), ("custom.size=50&custom.kind=x,y", [a]), ("custom.size=7&custom.size=50", [a, b, c]),
                ("custom.kind=x", []), ($"custom.{Uri.EscapeDataString("Über Größe")}=true", [b]), ("custom.size=50%25", []),
                ("custom.size=50&sort_by=company&sort_order=desc", [a, b]),
            })
            {
                var page = await http.PageAsync($"{Path}?{query}");
                Assert.Equal(found.Intersect(reached).Order(), page.Ids().Order());
                Assert.Equal(found.Intersect(reached).Count(), page.GetProperty("pagination").GetProperty("total").GetInt32());
            }
            using var unknown = await http.GetAsync($"{Path}?custom.tier=1");
            Assert.Equal("custom.tier", (await unknown.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        }
        using var platform = app.As(await app.CreateUserAsync("sb_operator"));
        using var everywhere = await platform.GetAsync($"{Path}?custom.size=50");
        Assert.Equal("organization_id", (await everywhere.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(2, (await platform.PageAsync($"{Path}?custom.size=50&organization_id={organization}")).Ids().Length);
    }

    [Theory]
    [InlineData("?suppression=yes", "suppression")]
    [InlineData("?owner=you", "owner")]
    [InlineData("?owner=none", "owner")]
    [InlineData("?campaign_id=1", "campaign_id")]
    [InlineData("?campaign_id=", "campaign_id")]
    [InlineData("?search=x", "search")]
    [InlineData("?sort_by=lead_score", "sort_by")]
    [InlineData("?page_size=201", "page_size")]
    [InlineData("?has_leads=true", "has_leads")]
    public async Task Bad_parameter_is_refused(string query, string member)
    {
        using var http = app.As(await app.CreateUserAsync("owner"));

        using var response = await http.GetAsync(Path + query);

        Assert.Equal(member, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }
}
