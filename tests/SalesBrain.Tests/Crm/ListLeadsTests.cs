using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

public sealed class ListLeadsTests(TestApp app)
{
    private const string Path = "/api/v1/leads";
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Row_shows_the_lead_with_its_contact_campaign_client_and_assignee()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var agency = await app.CreateAgencyAsync(organization);
        var client = await app.CreateClientAsync(organization, "Dental Group", agency);
        var campaign = await app.CreateCampaignAsync(organization, "First contact", agencyId: agency, clientId: client);
        var id = await app.CreateLeadAsync(
            organization, "Finance", "Director", "Prospect One", "Finance@One.example", campaign, agency, client, owner.Id, "qualified",
            "urgent", "interested_maybe", "Law", ["hot", "vip"], 77, Noon);

        var row = (await app.As(owner).PageAsync(Path)).GetProperty("data").EnumerateArray().Single();

        row.AssertIncludes(new
        {
            Id = id,
            Email = "Finance@One.example",
            FirstName = "Finance",
            LastName = "Director",
            Company = "Prospect One",
            CampaignName = "First contact",
            ClientName = "Dental Group",
            AssigneeName = "Test",
            Status = "qualified",
            Priority = "urgent",
            Interest = "interested_maybe",
            PracticeArea = "Law",
            Score = 77,
            Tags = new[] { "hot", "vip" },
            LastActivityAt = Noon,
        });
    }

    [Fact]
    public async Task Every_filter_narrows_the_list_and_deleted_leads_are_excluded()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var member = await app.CreateUserAsync("member", organization);
        var agency = await app.CreateAgencyAsync(organization);
        var client = await app.CreateClientAsync(organization, agency);
        var campaign = await app.CreateCampaignAsync(organization, agencyId: agency, clientId: client);
        var a = await app.CreateLeadAsync(organization, status: "new", priority: "low", tags: ["x"], score: 10);
        var b = await app.CreateLeadAsync(
            organization, status: "contacted", priority: "high", interest: "interested", tags: ["x", "y"], score: 50, assignedTo: owner.Id);
        var c = await app.CreateLeadAsync(
            organization, status: "converted", priority: "urgent", interest: "no_show", practiceArea: "Law", score: 90,
            assignedTo: member.Id, campaignId: campaign, agencyId: agency, clientId: client);
        var gone = await app.CreateLeadAsync(organization, tags: ["x", "y"], practiceArea: "Law", score: 99);
        await app.ExecuteAsync("update app.lead set deleted_at = now() where id = @gone", new { gone });
        await app.CreateLeadAsync(await app.CreateOrganizationAsync(), tags: ["x"], practiceArea: "Law", score: 90);
        using var http = app.As(owner);

        foreach (var (query, expected) in new (string, Guid[])[]
        {
            ("", [c, b, a]),
            ("?status=new", [a]),
            ("?status=new&status=converted", [c, a]),
            ("?priority=high,urgent", [c, b]),
            ("?interest=interested&interest=no_show", [c, b]),
            ($"?campaign_id={campaign}", [c]),
            ($"?clientId={client}", [c]),
            ("?assigned_to=me", [b]),
            ("?assigned_to=none", [a]),
            ($"?assignedTo={member.Id}", [c]),
            ("?practice_area=Law", [c]),
            ("?practice_area=law", []),
            ("?tags=x", [b, a]),
            ("?tags=x&tags=y", [b]),
            ("?tags=x&tags=y&tags=x", [b]),
            ("?tags=x,y", []),
            ("?tags=X", []),
            ("?min_score=50", [c, b]),
            ("?min_score=50&status=contacted&tags=y&assigned_to=me", [b]),
            ($"?organization_id={Guid.NewGuid()}", []),
        })
        {
            var page = await http.PageAsync(Path + query);
            Assert.True(expected.SequenceEqual(page.Ids()), $"{query}: {string.Join(',', page.Ids())}");
            Assert.Equal(expected.Length, page.GetProperty("pagination").GetProperty("total").GetInt32());
        }
    }

    [Theory]
    [InlineData("created_at", "created_at", null)]
    [InlineData("updated_at", "updated_at", "asc")]
    [InlineData("score", "score", null)]
    [InlineData("score", "score", "asc")]
    [InlineData("status", "array_position(array['new', 'contacted', 'responded', 'qualified', 'converted', 'rejected'], status)", "asc")]
    [InlineData("status", "array_position(array['new', 'contacted', 'responded', 'qualified', 'converted', 'rejected'], status)", "desc")]
    [InlineData("priority", "array_position(array['low', 'medium', 'high', 'urgent'], priority)", null)]
    [InlineData("last_activity_at", "last_activity_at", null)]
    [InlineData("last_activity_at", "last_activity_at", "asc")]
    [InlineData("last_name", "lower(last_name)", "asc")]
    [InlineData("last_name", "lower(last_name)", "desc")]
    [InlineData("company", "lower(company)", "asc")]
    [InlineData("company", "lower(company)", "desc")]
    public async Task Walk_in_any_order_meets_each_lead_once_those_without_the_key_last(string sortBy, string expression, string? order)
    {
        var owner = await app.CreateUserAsync("owner");
        await FillAsync(owner.OrganizationId!.Value, 40);
        var direction = order ?? (sortBy is "last_name" or "company" ? "asc" : "desc");
        var expected = await app.QueryAsync<Guid>($"""
            select l.id from app.lead l join app.contact k on k.id = l.contact_id, lateral (select l.*, k.last_name, k.company) r, lateral (select {Qualified(expression)} as key) s
            where l.organization_id = @OrganizationId order by s.key is null, s.key {direction}, l.id {direction}
            """, owner);
        using var http = app.As(owner);

        var path = $"{Path}?page_size=7&sort_by={sortBy}{(order is null ? "" : $"&sort_order={order}")}";
        Assert.Equal(40, expected.Count);
        Assert.Equal(expected, await http.WalkAsync(path));
        for (var page = 1; page <= 6; page++)
        {
            Assert.Equal(expected.Skip((page - 1) * 7).Take(7), (await http.PageAsync($"{path}&page={page}")).Ids());
        }

        static string Qualified(string expression) => expression.Contains("last_name", StringComparison.Ordinal) || expression.Contains("company", StringComparison.Ordinal)
            ? expression.Replace("last_name", "k.last_name", StringComparison.Ordinal)
                .Replace("company", "k.company", StringComparison.Ordinal)
            : expression.Replace("created_at", "l.created_at", StringComparison.Ordinal).Replace("updated_at", "l.updated_at", StringComparison.Ordinal)
                .Replace("last_activity_at", "l.last_activity_at", StringComparison.Ordinal)
                .Replace(" status)", " l.status)", StringComparison.Ordinal)
                .Replace(" priority)", " l.priority)", StringComparison.Ordinal).Replace("score", "l.score", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_is_literal_in_name_address_and_company_and_in_each_callers_scope()
    {
        var staff = await app.CreateUserAsync("agency_staff");
        var organization = staff.OrganizationId!.Value;
        var client = await app.CreateClientAsync(organization, staff.AgencyId);
        var own = await app.CreateLeadAsync(
            organization, "Zoë", "O'Neil_100%", "Smith & Co", "zoe@one.example", agencyId: staff.AgencyId, clientId: client);
        var other = await app.CreateLeadAsync(organization, "Zoe", "O'NeilX100", "Smith and Co", "zoe@two.example");
        var places = new (TestUser User, Guid[] Reached)[]
        {
            (staff, [own]),
            (await app.CreateUserAsync("client_user", organization, clientId: client), [own]),
            (await app.CreateUserAsync("member", organization), [own, other]),
            (await app.CreateUserAsync("sb_operator"), [own, other]),
            (await app.CreateUserAsync("agency_staff", organization), []),
        };
        foreach (var (user, reached) in places)
        {
            using var http = app.As(user);
            foreach (var (term, found) in new (string, Guid[])[]
            {
                ("NEIL_1", [own]), ("100%", [own]), ("smith &", [own]), ("ZOË o'neil", [own, other]), ("@TWO.", [other]),
                ("smith", [own, other]), ("zoe", [own, other]), ("%%", []), ("nobody", []),
            })
            {
                var ids = (await http.PageAsync($"{Path}?search={Uri.EscapeDataString(term)}&organization_id={organization}&sort_by=company")).Ids();
                Assert.Equal(found.Intersect(reached).Order(), ids.Order());
            }
        }
    }

    [Fact]
    public async Task Platform_operator_reads_the_leads_of_all_organizations_in_one_order()
    {
        await using var own = new TestApp();
        await own.InitializeAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            var organization = await own.CreateOrganizationAsync();
            for (var j = 0; j < 5; j++)
            {
                ids.Add(await own.CreateLeadAsync(
                    organization, lastName: j == 4 ? null : $"Name {(i * 7 + j * 3) % 5}", tags: ["t"], score: j));
            }
        }
        using var http = own.As(await own.CreateUserAsync("sb_operator"));

        Assert.Equal(ids.AsEnumerable().Reverse(), await http.WalkAsync($"{Path}?page_size=4"));
        Assert.Equal(
            await own.QueryAsync<Guid>(
                "select l.id from app.lead l join app.contact k on k.id = l.contact_id order by k.last_name is null, "
                + "lower(k.last_name) desc, l.id desc"),
            await http.WalkAsync($"{Path}?page_size=4&sort_by=last_name&sort_order=desc&tags=t"));
        Assert.Equal(
            await own.QueryAsync<Guid>(
                "select l.id from app.lead l join app.contact k on k.id = l.contact_id where k.last_name like '%2' "
                + "order by l.score desc, l.id desc"),
            await http.WalkAsync($"{Path}?page_size=2&sort_by=score&search=name%202"));
    }

    [Theory]
    [InlineData("?status=open", "status")]
    [InlineData("?priority=highest", "priority")]
    [InlineData("?interest=maybe", "interest")]
    [InlineData("?assigned_to=you", "assigned_to")]
    [InlineData("?campaign_id=1", "campaign_id")]
    [InlineData("?min_score=101", "min_score")]
    [InlineData("?search=x", "search")]
    [InlineData("?sort_by=email", "sort_by")]
    [InlineData("?deleted=true", "deleted")]
    public async Task Bad_parameter_is_refused(string query, string member)
    {
        using var http = app.As(await app.CreateUserAsync("owner"));

        using var response = await http.GetAsync(Path + query);

        Assert.Equal(member, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    private Task FillAsync(Guid organization, int rows) => app.ExecuteAsync("""
        insert into app.contact (organization_id, email, email_norm, last_name, company)
        select @organization, n || '@walk.example', n || '@walk.example', case when n % 4 > 0 then (array['young', 'Young', 'adams', 'Żak'])[n % 4 + 1] end,
            case when n % 3 > 0 then 'Company ' || n % 5 end
        from generate_series(1, @rows) n;
        insert into app.lead (organization_id, contact_id, status, priority, score, last_activity_at, created_at, updated_at)
        select k.organization_id, k.id, (array['new', 'contacted', 'responded', 'qualified', 'converted', 'rejected'])[1 + n % 6],
            (array['low', 'medium', 'high', 'urgent'])[1 + n % 4], n % 7, case when n % 5 > 0 then t.at end, t.at, t.at
        from (select *, split_part(email, '@', 1)::int as n from app.contact where organization_id = @organization) k,
            lateral (select timestamptz '2026-01-01 00:00:00.000001Z' + n % 6 * interval '1 microsecond' as at) t
        """, new { organization, rows });
}
