using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;

namespace SalesBrain.Tests.Crm;

/// <summary>Bulk calls about leads: update, assign and delete.</summary>
public sealed class BulkLeadsTests(CountingApp app) : IClassFixture<CountingApp>
{
    private const string Path = "/api/v1/leads";

    [Fact]
    public async Task Leads_get_the_changes_and_each_gets_an_audit_entry()
    {
        var owner = await app.CreateUserAsync("owner");
        var a = await app.CreateLeadAsync(owner.OrganizationId!.Value, tags: ["old", "kept"], practiceArea: "Law");
        var b = await app.CreateLeadAsync(owner.OrganizationId.Value, status: "qualified", priority: "high", tags: ["new"]);

        using var response = await app.As(owner).PostAsync($"{Path}/bulk-update", new
        {
            leadIds = new[] { a, b, a },
            changes = new
            {
                status = "qualified",
                priority = "high",
                tags_add = new[] { "new", " new " },
                tags_remove = new[] { "old" },
                practiceArea = (string?)null,
            },
        });

        (await response.JsonAsync()).AssertIncludes("""{"success": true, "success_count": 2, "failed_count": 0, "failed_items": []}""");
        Assert.Equal("qualified high {kept,new} -|qualified high {new} -", string.Join('|', await app.QueryAsync<string>("""
            select concat_ws(' ', status, priority, tags::text, coalesce(practice_area, '-')) from app.lead where organization_id = @OrganizationId order by id
            """, owner)));
        var entry = Assert.Single(await app.AuditOfAsync(a));
        entry.Json.AssertIncludes(
            """{"before": {"status": "new", "tags": ["old", "kept"], "practice_area": "Law"}, "after": {"status": "qualified"}}""");
        // Nothing of it changed.
        Assert.Empty(await app.AuditOfAsync(b));
        Assert.Equal(30 + 12 + 15, await app.QuerySingleAsync<int>("select score from app.lead where id = @a", new { a }));
    }

    [Theory]
    [InlineData("bulk-update")]
    [InlineData("bulk-assign")]
    [InlineData("bulk")]
    public async Task Unknown_foreign_and_others_leads_fail_one_by_one(string call)
    {
        var place = await CrmPlace.CreateAsync(app);
        var staff = await place.CreateUserAsync(app, "agency_staff");
        var own = await app.CreateLeadAsync(place.OrganizationId, agencyId: place.AgencyId, assignedTo: staff.Id);
        var others = await app.CreateLeadAsync(place.OrganizationId, agencyId: place.AgencyId);
        var outside = await app.CreateLeadAsync(place.OrganizationId);
        var foreign = await app.CreateLeadAsync(await app.CreateOrganizationAsync());
        var deleted = await app.CreateLeadAsync(place.OrganizationId, agencyId: place.AgencyId, assignedTo: staff.Id);
        await app.ExecuteAsync("update app.lead set deleted_at = now() where id = @deleted", new { deleted });
        var unknown = Guid.NewGuid();
        var rows = await RowsAsync();

        using var response = await SendAsync(app.As(staff), call, [foreign, unknown, own, outside, others, deleted, own], staff);

        var result = await response.JsonAsync();
        result.AssertIncludes(new { Success = true, SuccessCount = 1, FailedCount = 5 });
        Assert.Equal(
            new[] { (foreign, "not_found"), (unknown, "not_found"), (outside, "not_found"), (others, "forbidden"), (deleted, "not_found") },
            result.GetProperty("failed_items").EnumerateArray()
                .Select(item => (item.GetProperty("id").GetGuid(), item.GetProperty("code").GetString()!)));
        Assert.Single(result.GetProperty("failed_items").EnumerateArray().Where(item => item.GetProperty("code").GetString() == "not_found")
            .Select(item => item.GetProperty("error").GetString()).Distinct());
        Assert.Equal(rows, await RowsAsync());

        async Task<string> RowsAsync() => string.Join('\n', await app.QueryAsync<string>(
            "select l::text from app.lead l where id in (@others, @outside, @foreign, @deleted) order by id",
            new { others, outside, foreign, deleted }));
    }

    [Theory]
    [InlineData("bulk-update")]
    [InlineData("bulk-assign")]
    [InlineData("bulk")]
    public async Task More_than_a_hundred_leads_and_none_are_refused(string call)
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);

        foreach (var count in new[] { 0, 101 })
        {
            using var response = await SendAsync(client, call, [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())], owner);
            Assert.Equal("lead_ids", (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        }
        using var hundred = await SendAsync(client, call, [.. Enumerable.Range(0, 100).Select(_ => Guid.NewGuid())], owner);
        (await hundred.JsonAsync()).AssertIncludes(new { Success = false, SuccessCount = 0, FailedCount = 100 });
    }

    [Theory]
    [InlineData("bulk-update")]
    [InlineData("bulk-assign")]
    [InlineData("bulk")]
    public async Task A_hundred_leads_cost_the_statements_of_one(string call)
    {
        var owner = await app.CreateUserAsync("owner");
        var member = await app.CreateUserAsync("member", owner.OrganizationId);
        using var client = app.As(owner);
        await CostAsync(1);

        var (one, hundred) = (await CostAsync(1), await CostAsync(100));

        Assert.Equal(one, hundred);
        Assert.InRange(hundred, 1, 12);

        async Task<int> CostAsync(int count)
        {
            var ids = await app.QueryAsync<Guid>("""
                with contact as (insert into app.contact (organization_id) select @OrganizationId from generate_series(1, @count) returning id, organization_id)
                insert into app.lead (organization_id, contact_id) select c.organization_id, c.id from contact c returning id
                """, new { owner.OrganizationId, count });
            return (await app.StatementsAsync(async () =>
            {
                using var response = await SendAsync(client, call, [.. ids], member);
                (await response.JsonAsync()).AssertIncludes(new { SuccessCount = count });
            })).Count;
        }
    }

    [Theory]
    [InlineData("""{"lead_ids": ["00000000-0000-0000-0000-000000000001"], "changes": {}}""", "changes.status")]
    [InlineData("""{"lead_ids": ["00000000-0000-0000-0000-000000000001"]}""", "changes")]
    [InlineData("""{"lead_ids": ["1"], "changes": {"status": "won"}}""", "changes.status,lead_ids[0]")]
    [InlineData("""{"lead_ids": ["00000000-0000-0000-0000-000000000001"], "changes": {"assigned_to": null}}""", "changes.assigned_to")]
    [InlineData("""{"lead_ids": null, "changes": {"priority": "low"}}""", "lead_ids")]
    public async Task Bad_changes_are_refused_by_member(string body, string members)
    {
        using var response = await app.As(await app.CreateUserAsync("owner")).PostTextAsync($"{Path}/bulk-update", body);

        Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Lead_with_too_many_tags_is_a_failed_item()
    {
        var owner = await app.CreateUserAsync("owner");
        var full = await app.CreateLeadAsync(owner.OrganizationId!.Value, tags: [.. Enumerable.Range(0, 50).Select(n => $"tag {n}")]);
        var empty = await app.CreateLeadAsync(owner.OrganizationId.Value);

        using var response = await app.As(owner)
            .PostAsync($"{Path}/bulk-update", new { lead_ids = new[] { full, empty }, changes = new { tags_add = new[] { "one more" } } });

        var result = await response.JsonAsync();
        result.AssertIncludes(new { SuccessCount = 1, FailedCount = 1 });
        Assert.Equal(full, result.GetProperty("failed_items")[0].GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Leads_that_the_user_cannot_take_are_failed_items_and_one_notification_tells_of_the_others()
    {
        var place = await CrmPlace.CreateAsync(app);
        var staff = await place.CreateUserAsync(app, "agency_staff");
        var ids = new[]
        {
            await app.CreateLeadAsync(place.OrganizationId, agencyId: place.AgencyId),
            await app.CreateLeadAsync(place.OrganizationId, agencyId: place.AgencyId), await app.CreateLeadAsync(place.OrganizationId),
        };
        using var client = app.As(await place.CreateUserAsync(app, "owner"));

        using var response = await client.PostAsync($"{Path}/bulk-assign", new { lead_ids = ids, email = staff.Email });

        var result = await response.JsonAsync();
        result.AssertIncludes(new { SuccessCount = 2, FailedCount = 1 });
        result.GetProperty("failed_items")[0].AssertIncludes(new { Id = ids[2], Code = "assignee_unsuitable" });
        Assert.Equal(
            "2 leads were assigned to you.",
            await app.QuerySingleAsync<string>("select body from app.notification where user_id = @Id", new { staff.Id }));
        using var nobody = await client.PostAsync($"{Path}/bulk-assign", new { lead_ids = ids, user_id = Guid.NewGuid() });
        Assert.Equal("user_id", (await nobody.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Deletion_takes_its_leads_from_a_body_only()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateLeadAsync(owner.OrganizationId!.Value);
        using var client = app.As(owner);

        using var inQuery = await client.DeleteAsync($"{Path}/bulk?lead_ids={id}");
        Assert.Equal("lead_ids", (await inQuery.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        using var empty = await client.DeleteAsync($"{Path}/bulk");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, empty.StatusCode);
        using var deleted = await SendAsync(client, "bulk", [id], owner);
        (await deleted.JsonAsync()).AssertIncludes(new { SuccessCount = 1 });
        Assert.Equal("lead.deleted", Assert.Single(await app.AuditOfAsync(id)).Action);
        using var again = await SendAsync(client, "bulk", [id], owner);
        (await again.JsonAsync()).AssertIncludes(new { Success = false, FailedCount = 1 });
    }

    [Fact]
    public async Task Bulk_calls_at_once_do_not_deadlock()
    {
        var owner = await app.CreateUserAsync("owner");
        var campaign = await app.CreateCampaignAsync(owner.OrganizationId!.Value);
        var ids = new List<Guid>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add(await app.CreateLeadAsync(owner.OrganizationId.Value, campaignId: campaign));
        }
        using var client = app.As(owner);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(async n =>
        {
            Guid[] order = n % 2 == 0 ? [.. ids] : [.. ids.AsEnumerable().Reverse()];
            using var response = await client.PostAsync(
                $"{Path}/bulk-update", new { lead_ids = order, changes = new { status = n % 3 == 0 ? "qualified" : "converted" } });
            (await response.JsonAsync()).AssertIncludes(new { SuccessCount = 20 });
        }));

        var counted = await app.QuerySingleAsync<long>(
            "select sum(qualified_leads) + sum(converted_leads) from app.campaign_counter where campaign_id = @campaign", new { campaign });
        Assert.Equal(20, counted);
    }

    [Fact]
    public async Task Database_function_sets_a_status_and_says_who_did()
    {
        var owner = await app.CreateUserAsync("owner");
        var (a, b, gone) = (await LeadAsync("new"), await LeadAsync("converted"), await LeadAsync("new"));
        await app.ExecuteAsync("update app.lead set deleted_at = now() where id = @gone", new { gone });

        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select app.bulk_update_lead_status(@ids, 'converted', @Id)", new { ids = new[] { a, b, gone, Guid.NewGuid(), a }, owner.Id }));

        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(*) from app.lead where id = @a and status = 'converted' and closed_at is not null and score = 57", new { a }));
        var entry = Assert.Single(await app.AuditOfAsync(a));
        Assert.Equal(("lead.updated", owner.Id, "owner"), (entry.Action, entry.ActorId, entry.ActorRole));
        entry.Json.AssertIncludes("""{"before": {"status": "new"}, "after": {"status": "converted"}}""");

        Task<Guid> LeadAsync(string status) => app.CreateLeadAsync(owner.OrganizationId!.Value, status: status);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string call, Guid[] ids, TestUser assignee) => call switch
    {
        "bulk" => client.SendAsync(HttpMethod.Delete, $"{Path}/bulk", JsonSerializer.Serialize(new { lead_ids = ids })),
        "bulk-assign" => client.PostAsync($"{Path}/{call}", new { lead_ids = ids, user_id = assignee.Id }),
        _ => client.PostAsync($"{Path}/{call}", new { lead_ids = ids, changes = new { priority = "urgent" } }),
    };
}
