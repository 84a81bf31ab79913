using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

[Collection(ClockedApp.Collection)]
public sealed class AutoAssignContactsTests(ClockedApp app)
{
    [Fact]
    public async Task The_answer_tells_who_got_what_and_why()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var members = await app.CreateMembersAsync(owner.OrganizationId!.Value, 2);
        await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted(members, 1, 3)));
        var contacts = await app.CreateContactsAsync(owner.OrganizationId.Value, 4);

        var answer = await client.AutoAssignAsync(contacts);

        answer.AssertIncludes(new { SuccessCount = 4, FailedCount = 0, Success = true, HasMore = false });
        // The member with the higher weight is first. Each next contact goes to the member with the fewest contacts for their weight.
        answer.GetProperty("assigned").AssertIncludes(new[]
        {
            new { ContactId = contacts[0], UserId = members[1].Id, Reason = new { WeightedCount = 0m } },
            new { ContactId = contacts[1], UserId = members[0].Id, Reason = new { WeightedCount = 0m } },
            new { ContactId = contacts[2], UserId = members[1].Id, Reason = new { WeightedCount = 0.333m } },
            new { ContactId = contacts[3], UserId = members[1].Id, Reason = new { WeightedCount = 0.667m } },
        });
        answer.GetProperty("assigned")[0].AssertIncludes(
            new { UserEmail = members[1].Email, AssignmentType = "round_robin", Reason = new { Rule = "Everybody else" } });
        var entry = await app.QuerySingleJsonAsync("""
            select actor_id, changes ->> 'count' as count
            from app.audit_log where organization_id = @OrganizationId and action = 'assignment.automated'
            """, new { owner.OrganizationId });
        entry.AssertIncludes(new { ActorId = owner.Id, Count = "4" });
        Assert.Equal([1, 3], (await app.QueryAsync<int>("""
            select n.count from app.notification n where n.organization_id = @OrganizationId and n.type = 'contact.assigned' order by n.count
            """, new { owner.OrganizationId })));
        Assert.Equal(
            owner.Id,
            await app.QuerySingleAsync<Guid>(
                "select distinct assigned_by from app.user_contact_assignment where organization_id = @OrganizationId",
                new { owner.OrganizationId }));
    }

    [Fact]
    public async Task Without_rules_everybody_who_can_work_contacts_takes_turns()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var organization = owner.OrganizationId!.Value;
        TestUser[] working =
        [
            owner, await app.CreateUserAsync("admin", organization), await app.CreateUserAsync("member", organization),
            await app.CreateUserAsync("agency_admin", organization), await app.CreateUserAsync("agency_staff", organization),
        ];
        foreach (var role in (string[])["client_admin", "client_staff", "client_user", "read_only"])
        {
            await app.CreateUserAsync(role, organization);
        }
        await app.CreateUserAsync("member", organization, status: "disabled");
        await app.CreateUserAsync("member", organization, status: "invited");
        await app.CreateUserAsync("member");

        await client.AutoAssignAsync(await app.CreateContactsAsync(organization, 10));

        Assert.Equal([2, 2, 2, 2, 2], (IEnumerable<int>)await app.CountContactsAsync(working));
    }

    [Fact]
    public async Task The_first_rule_that_matches_takes_the_contact()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var organization = owner.OrganizationId!.Value;
        var users = await app.CreateMembersAsync(organization, 7);
        var campaign = await app.CreateCampaignAsync(organization, "Autumn");
        var inCampaign = await app.CreateContactLikeAsync(organization, country: "US");
        await app.CreateLeadAsync(organization, inCampaign, campaign);
        await client.SetRulesAsync(
            Territory("Campaign", new { campaign_ids = new[] { campaign } }, users[0]),
            Territory("Bavaria", new { countries = new[] { "DE", "Germany" }, regions = new[] { "bavaria" } }, users[1]),
            Territory("Germany", new { countries = new[] { "de", "GERMANY" } }, users[2]),
            Territory("Paris", new { cities = new[] { "Paris" } }, users[3]),
            Territory("Acme", new { company_domains = new[] { "acme.example", "Bücher.example" } }, users[4]),
            Territory("Tagged", new { tags = new[] { "Big, \"Fish\"", "null" } }, users[5]),
            AssignmentWorld.CatchAll(AssignmentWorld.Weighted([users[6]], 1)));
        Guid[] contacts =
        [
            inCampaign,
            await app.CreateContactLikeAsync(organization, country: "germany", region: " Bavaria "),
            await app.CreateContactLikeAsync(organization, country: "DE", region: "Hesse"),
            await app.CreateContactLikeAsync(organization, country: "FR", city: "PARIS"),
            await app.CreateContactLikeAsync(organization, email: "Boss@ACME.example"),
            await app.CreateContactLikeAsync(organization, website: "HTTPS://www.Acme.example/about"),
            await app.CreateContactLikeAsync(organization, email: "Boss@xn--bcher-kva.example"),
            await app.CreateContactLikeAsync(organization, tags: ["x", "big, \"fish\""]),
            await app.CreateContactLikeAsync(organization, email: "boss@notacme.example"),
            await app.CreateContactLikeAsync(organization),
        ];

        var answer = await client.AutoAssignAsync(contacts);

        Assert.Equal(
            ["Campaign", "Bavaria", "Germany", "Paris", "Acme", "Acme", "Acme", "Tagged", "Everybody else", "Everybody else"],
            answer.GetProperty("assigned").EnumerateArray().Select(item => item.GetProperty("reason").GetProperty("rule").GetString()!));
        Assert.Equal("territory", await app.QuerySingleAsync<string>(
            "select assignment_type from app.user_contact_assignment where contact_id = @id", new { id = contacts[2] }));
        Assert.Equal([1, 1, 1, 1, 3, 1, 2], (IEnumerable<int>)await app.CountContactsAsync(users));
    }

    [Fact]
    public async Task Highest_scores_go_to_the_highest_weights_and_the_shares_stay_fair()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var users = await app.CreateMembersAsync(owner.OrganizationId!.Value, 3);
        await client.SetRulesAsync(new { name = "By score", strategy = "lead_score", members = AssignmentWorld.Weighted(users, 1, 1, 2) });
        var contacts = await app.CreateContactsAsync(owner.OrganizationId.Value, 40, score: 1);

        await client.AutoAssignAsync(contacts);

        Assert.Equal([10, 10, 20], (IEnumerable<int>)await app.CountContactsAsync(users));
        var scores = await app.QuerySingleJsonAsync("""
            select min(app.contact_lead_score(k.organization_id, k.id)) as lowest, max(app.contact_lead_score(k.organization_id, k.id)) as highest
            from app.user_contact_assignment a join app.contact k on k.id = a.contact_id where a.user_id = @Id
            """, new { users[2].Id });
        scores.AssertIncludes(new { Lowest = 21, Highest = 40 });
        // The others take turns: neither of the two gets all the higher scores.
        Assert.Equal([1, 2], (await app.QueryAsync<int>("""
            select min(app.contact_lead_score(k.organization_id, k.id)) from app.user_contact_assignment a join app.contact k on k.id = a.contact_id
            where a.organization_id = @OrganizationId and a.user_id <> @best group by a.user_id order by 1
            """, new { owner.OrganizationId, best = users[2].Id })));
    }

    [Theory]
    [InlineData(null, "territory,lead_score")]
    [InlineData("territory", "territory,round_robin")]
    [InlineData("round_robin", "round_robin,round_robin")]
    [InlineData("lead_score", "lead_score,lead_score")]
    public async Task A_strategy_overrules_the_rules(string? strategy, string expected)
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var users = await app.CreateMembersAsync(owner.OrganizationId!.Value, 2);
        await client.SetRulesAsync(
            Territory("Germany", new { countries = new[] { "DE" } }, users[0]),
            new { name = "By score", strategy = "lead_score", members = AssignmentWorld.Weighted([users[1]], 1) });
        var (german, other) = (await app.CreateContactLikeAsync(owner.OrganizationId.Value, country: "DE"), await app.CreateContactLikeAsync(owner.OrganizationId.Value));

        var answer = await client.AutoAssignAsync([german, other], strategy);

        Assert.Equal(expected, string.Join(
            ',', answer.GetProperty("assigned").EnumerateArray().Select(item => item.GetProperty("assignment_type").GetString())));
        Assert.Equal(strategy is null or "territory" ? users[0].Id : users[1].Id, await app.OwnerOfAsync(german));
    }

    [Fact]
    public async Task What_stays_unassigned_is_told_with_the_reason_and_waits()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var organization = owner.OrganizationId!.Value;
        var capped = await app.CreateUserAsync("member", organization);
        var disabled = await app.CreateUserAsync("member", organization, status: "disabled");
        await client.SetRulesAsync(new
        {
            name = "Few",
            strategy = "round_robin",
            members = new object[]
            {
                new { user_id = capped.Id, max_open_contacts = 1 },
                new { user_id = disabled.Id },
            },
        });
        var contacts = await app.CreateContactsAsync(organization, 3);
        await client.AutoAssignAsync(contacts[..1]);

        var answer = await client.AutoAssignAsync([contacts[0], contacts[1], Guid.Empty, contacts[2]]);

        Assert.False(answer.GetProperty("success").GetBoolean());
        answer.GetProperty("failed_items").AssertIncludes(new[]
        {
            new { Id = contacts[0], Code = "contact_has_owner" },
            new { Id = contacts[1], Code = "nobody_eligible" },
            new { Id = Guid.Empty, Code = "not_found" },
            new { Id = contacts[2], Code = "nobody_eligible" },
        });
        Assert.Equal(
            "No member of rule \"Few\" can take the contact now. Of its 2 members, 1 are inactive, 0 are outside their working hours, and "
            + "1 have reached their limit. The contact waits until a member can take it.",
            answer.GetProperty("failed_items")[1].GetProperty("error").GetString());
        Assert.Equal(contacts[1..].Order(), (await app.QueryAsync<Guid>("select contact_id from app.assignment_queue where organization_id = @organization", new { organization })).Order());
    }

    [Fact]
    public async Task A_dry_run_tells_the_same_and_changes_nothing()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var users = await app.CreateMembersAsync(owner.OrganizationId!.Value, 2);
        await client.SetRulesAsync(AssignmentWorld.CatchAll([.. users.Select(user => new { user_id = user.Id, max_open_contacts = 1 })]));
        var contacts = await app.CreateContactsAsync(owner.OrganizationId.Value, 3);

        var dry = await client.AutoAssignAsync(contacts, dryRun: true);

        Assert.True(dry.GetProperty("dry_run").GetBoolean());
        var written = await app.QuerySingleJsonAsync("""
            select (select count(*) from app.user_contact_assignment where organization_id = @OrganizationId) as assignments,
                (select count(*) from app.assignment_queue where organization_id = @OrganizationId) as queued,
                (select count(*) from app.assignment_turn where organization_id = @OrganizationId) as turns,
                (select count(*) from app.notification where organization_id = @OrganizationId) as notifications,
                (select count(*) from app.audit_log where organization_id = @OrganizationId and action = 'assignment.automated') as audited
            """, new { owner.OrganizationId });
        written.AssertIncludes(new { Assignments = 0, Queued = 0, Turns = 0, Notifications = 0, Audited = 0 });
        var real = await client.AutoAssignAsync(contacts);
        Assert.Equal(real.GetProperty("assigned").GetRawText(), dry.GetProperty("assigned").GetRawText());
        Assert.Equal(real.GetProperty("failed_items").GetRawText(), dry.GetProperty("failed_items").GetRawText());
    }

    [Theory]
    [InlineData("""{"country": " de "}""", "german,tagged")]
    [InlineData("""{"city": "BERLIN"}""", "german")]
    [InlineData("""{"region": "hesse"}""", "tagged")]
    [InlineData("""{"tag": "VIP"}""", "tagged")]
    [InlineData("""{"company_domain": "acme.example"}""", "acme")]
    [InlineData("""{"company_domain": "BÜCHER.example"}""", "books")]
    [InlineData("""{"company_domain": "xn--bcher-kva.example"}""", "books")]
    [InlineData("""{"min_lead_score": 40, "max_lead_score": 60}""", "scored")]
    [InlineData("""{"created_to": "2020-01-01"}""", "old")]
    [InlineData("""{"created_from": "2020-01-01", "company_domain": "acme.example"}""", "acme")]
    [InlineData("""{"campaign_id": "{campaign}"}""", "leading")]
    [InlineData("{}", "acme,books,german,leading,old,scored,tagged")]
    public async Task A_filter_takes_contacts_without_an_owner(string filter, string expected)
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var organization = owner.OrganizationId!.Value;
        var campaign = await app.CreateCampaignAsync(organization);
        var names = new Dictionary<Guid, string>
        {
            [await app.CreateContactLikeAsync(organization, country: "DE", city: "Berlin")] = "german",
            [await app.CreateContactLikeAsync(organization, country: "de", region: "Hesse", tags: ["vip"])] = "tagged",
            [await app.CreateContactLikeAsync(organization, website: "acme.example")] = "acme",
            [await app.CreateContactLikeAsync(organization, website: "https://www.bücher.example/")] = "books",
            [await app.CreateContactLikeAsync(organization)] = "old",
            [await app.CreateContactLikeAsync(organization)] = "scored",
            [await app.CreateContactLikeAsync(organization)] = "leading",
            [await app.CreateContactLikeAsync(organization, country: "DE", city: "Berlin", region: "Hesse", website: "acme.example", tags: ["vip"])] = "owned",
        };
        await app.ExecuteAsync("""
            insert into app.lead (organization_id, contact_id, score) values (@organization, @scored, 50);
            update app.contact set created_at = '2019-01-01Z' where id = @old;
            insert into app.user_contact_assignment (organization_id, user_id, contact_id) values (@organization, @user, @owned)
            """, new { scored = Id("scored"), old = Id("old"), owned = Id("owned"), user = owner.Id, organization });
        await app.CreateLeadAsync(organization, Id("leading"), campaign);

        using var response = await client.PostTextAsync(
            AssignmentWorld.AutoAssign, $$"""{"filter": {{filter.Replace("{campaign}", campaign.ToString())}}}""");

        var assigned = (await response.JsonAsync()).GetProperty("assigned").EnumerateArray()
            .Select(item => names[item.GetProperty("contact_id").GetGuid()]);
        Assert.Equal(expected, string.Join(',', assigned.Order(StringComparer.Ordinal)));

        Guid Id(string name) => names.Single(pair => pair.Value == name).Key;
    }

    [Fact]
    public async Task A_filter_takes_a_thousand_at_a_time_the_oldest_first()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var newest = await app.CreateContactsAsync(owner.OrganizationId!.Value, 1);
        await app.CreateContactsAsync(owner.OrganizationId.Value, 1000);
        await app.ExecuteAsync(
            "update app.contact set created_at = created_at - interval '1 day' where organization_id = @OrganizationId and id <> @id",
            new { owner.OrganizationId, id = newest[0] });

        using var first = await client.PostTextAsync(AssignmentWorld.AutoAssign, """{"filter": {}}""");
        using var second = await client.PostTextAsync(AssignmentWorld.AutoAssign, """{"filter": {}}""");

        var (one, two) = (await first.JsonAsync(), await second.JsonAsync());
        one.AssertIncludes(new { SuccessCount = 1000, HasMore = true });
        two.AssertIncludes(new { SuccessCount = 1, HasMore = false });
        Assert.Equal(newest[0], two.GetProperty("assigned")[0].GetProperty("contact_id").GetGuid());
    }

    [Fact]
    public async Task Shares_that_others_hold_stay_theirs()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var users = await app.CreateMembersAsync(owner.OrganizationId!.Value, 2);
        await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted([users[0]], 1)));
        var contact = Assert.Single(await app.CreateContactsAsync(owner.OrganizationId.Value, 1));
        await app.ExecuteAsync("""
            insert into app.user_contact_assignment (organization_id, user_id, contact_id, is_primary_owner, ownership_percentage, status)
            values (@OrganizationId, @second, @contact, false, 30, 'active'), (@OrganizationId, @first, @contact, true, 100, 'transferred')
            """, new { owner.OrganizationId, first = users[0].Id, second = users[1].Id, contact });

        await client.AutoAssignAsync([contact]);

        Assert.Equal(users[0].Id, await app.OwnerOfAsync(contact));
        Assert.Equal([70, 30], await app.QueryAsync<int>(
            "select ownership_percentage::int from app.user_contact_assignment where contact_id = @contact order by is_primary_owner desc",
            new { contact }));
    }

    [Fact]
    public async Task A_platform_operator_says_in_which_organization()
    {
        var (owner, _) = await app.CreateOwnerAsync();
        var contacts = await app.CreateContactsAsync(owner.OrganizationId!.Value, 1);
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        foreach (var organization in (Guid?[])[null, Guid.NewGuid()])
        {
            using var response = await client.PostAsync(
                AssignmentWorld.AutoAssign, new { contact_ids = contacts, organization_id = organization });
            var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
            Assert.Equal("organization_id", problem.Members());
        }
        using var assigned = await client.PostAsync(
            AssignmentWorld.AutoAssign, new { contact_ids = contacts, organization_id = owner.OrganizationId });
        Assert.Equal(1, (await assigned.JsonAsync()).GetProperty("success_count").GetInt32());
        Assert.Equal(owner.Id, await app.OwnerOfAsync(contacts[0]));
    }

    [Fact]
    public async Task Another_organizations_contacts_are_not_there()
    {
        var (_, client) = await app.CreateOwnerAsync();
        var foreign = await app.CreateContactsAsync(await app.CreateOrganizationAsync(), 1);

        var answer = await client.AutoAssignAsync(foreign);

        Assert.Equal("not_found", answer.GetProperty("failed_items")[0].GetProperty("code").GetString());
        Assert.Null(await app.OwnerOfAsync(foreign[0]));
    }

    private static object Territory(string name, object conditions, TestUser user) =>
        new { name, strategy = "territory", conditions, members = AssignmentWorld.Weighted([user], 1) };
}
