using System.Net;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Crm;

public sealed class UpdateLeadTests(TestApp app)
{
    [Fact]
    public async Task Only_the_members_sent_change_and_null_clears()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateLeadAsync(owner.OrganizationId!.Value, practiceArea: "Law", tags: ["a"], interest: "interested");
        using var client = app.As(owner);

        using var first = await client.PutTextAsync(PathOf(id), """
            {"practiceArea": "Tax", "deal_amount": 100, "deal_currency": "CHF", "custom_fields": {"a": 1}, "interest": "label", "interest_label": "Warm"}
            """);
        using var second = await client.PutTextAsync(
            PathOf(id), """{"practice_area": null, "deal_amount": null, "custom_fields": null, "interest": null, "tags": null}""");

        (await first.DataAsync()).AssertIncludes(new
        {
            PracticeArea = "Tax",
            DealAmount = 100,
            DealCurrency = "CHF",
            Interest = "label",
            InterestLabel = "Warm",
            Tags = new[] { "a" },
            Status = "new",
        });
        (await second.DataAsync()).AssertIncludes(new
        {
            PracticeArea = (string?)null,
            DealAmount = (decimal?)null,
            DealCurrency = (string?)null,
            DealEnteredBy = (string?)null,
            Interest = (string?)null,
            InterestLabel = (string?)null,
            Tags = Array.Empty<string>(),
        });
        var entries = await app.AuditOfAsync(id);
        Assert.Equal(["lead.updated", "lead.updated"], entries.Select(entry => entry.Action));
        entries[0].Json.AssertIncludes(
            """{"before": {"practice_area": "Law"}, "after": {"practice_area": "Tax", "deal_amount": 100, "interest_label": "Warm"}}""");
    }

    [Fact]
    public async Task Change_that_changes_nothing_writes_nothing()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateLeadAsync(owner.OrganizationId!.Value, practiceArea: "Law", tags: ["a"], priority: "high");
        var row = await app.RowAsync("lead", id);

        using var response = await app.As(owner)
            .PutTextAsync(PathOf(id), """{"practice_area": " Law ", "tags": ["a"], "priority": "high", "deal_amount": null}""");

        await response.DataAsync();
        Assert.Equal(row, await app.RowAsync("lead", id));
        Assert.Empty(await app.AuditOfAsync(id));
    }

    [Fact]
    public async Task Status_decides_when_the_lead_was_closed_and_moves_the_score()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateLeadAsync(owner.OrganizationId!.Value);
        using var client = app.As(owner);

        foreach (var (status, isClosed, score) in new[] { ("converted", true, 57), ("rejected", true, 22), ("responded", false, 47), ("new", false, 32) })
        {
            using var response = await client.PutAsync(PathOf(id), new { status });
            var lead = await response.DataAsync();
            lead.AssertIncludes(new { Status = status, Score = score });
            Assert.Equal(isClosed ? lead.GetProperty("updated_at").GetRawText() : "null", lead.GetProperty("closed_at").GetRawText());
        }
    }

    [Fact]
    public async Task Version_changes_with_what_people_edit_and_not_with_what_events_count()
    {
        var owner = await app.CreateUserAsync("owner");
        var endpoint = await app.CreateTokenEndpointAsync(owner.OrganizationId!.Value, "custom");
        await DeliverAsync(endpoint, "email.sent");
        var id = await app.QuerySingleAsync<Guid>("select id from app.lead where organization_id = @OrganizationId", owner);
        using var client = app.As(owner);
        var read = (await client.GetAsync(PathOf(id))).Headers.ETag!.Tag;

        // An open counts, and the lead stays contacted.
        await DeliverAsync(endpoint, "email.opened");
        using var current = await client.PutTextAsync(PathOf(id), """{"priority": "high"}""", read);
        (await current.DataAsync()).AssertIncludes(new { OpenedCount = 1, Priority = "high" });
        using var old = await client.PutTextAsync(PathOf(id), """{"priority": "low"}""", read);
        await old.ProblemAsync(HttpStatusCode.PreconditionFailed, "changed_meanwhile");
        // A reply moves the status, which the editor may be looking at.
        await DeliverAsync(endpoint, "email.replied");
        using var moved = await client.PutTextAsync(PathOf(id), """{"priority": "low"}""", current.Headers.ETag!.Tag);
        await moved.ProblemAsync(HttpStatusCode.PreconditionFailed, "changed_meanwhile");
        using var unconditional = await client.PutTextAsync(PathOf(id), """{"priority": "low"}""");
        (await unconditional.DataAsync()).AssertIncludes(new { Status = "responded", Priority = "low" });
    }

    [Fact]
    public async Task A_persons_interest_stays_until_a_newer_event()
    {
        var owner = await app.CreateUserAsync("owner");
        var endpoint = await app.CreateTokenEndpointAsync(owner.OrganizationId!.Value, "custom");
        await DeliverAsync(endpoint, "lead.interested", DateTime.UtcNow.AddHours(-3));
        var id = await app.QuerySingleAsync<Guid>("select id from app.lead where organization_id = @OrganizationId", owner);
        using var client = app.As(owner);

        foreach (var interest in new[] { "neutral", null })
        {
            using var response = await client.PutAsync(PathOf(id), new { interest });
            (await response.DataAsync()).AssertIncludes(new { Interest = interest });
            // It happened before, and arrives late.
            await DeliverAsync(endpoint, "lead.meeting_booked", DateTime.UtcNow.AddHours(-2));
            Assert.Equal(interest, await InterestAsync());
        }
        await DeliverAsync(endpoint, "lead.no_show", DateTime.UtcNow.AddMinutes(1));
        Assert.Equal("no_show", await InterestAsync());

        Task<string?> InterestAsync() => app.QuerySingleAsync<string?>("select interest from app.lead where id = @id", new { id });
    }

    [Theory]
    [InlineData("member")]
    [InlineData("agency_staff")]
    public async Task Own_lead_is_changed_and_handed_over_and_then_it_is_another_users(string role)
    {
        var place = await CrmPlace.CreateAsync(app);
        var (user, colleague) = (await place.CreateUserAsync(app, role), await place.CreateUserAsync(app, role));
        var assigned = await app.CreateLeadAsync(place.OrganizationId, agencyId: place.AgencyId, assignedTo: user.Id);
        var created = await app.CreateLeadAsync(place.OrganizationId, agencyId: place.AgencyId);
        await app.ExecuteAsync("update app.lead set created_by = @Id where id = @created", new { user.Id, created });
        var others = await app.CreateLeadAsync(place.OrganizationId, agencyId: place.AgencyId, assignedTo: colleague.Id);
        using var client = app.As(user);

        foreach (var id in new[] { assigned, created })
        {
            using var response = await client.PutTextAsync(PathOf(id), """{"priority": "urgent"}""");
            (await response.DataAsync()).AssertIncludes(new { Priority = "urgent" });
        }
        using var refused = await client.PutTextAsync(PathOf(others), """{"priority": "urgent"}""");
        await refused.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        using var handed = await client.PutAsync(PathOf(assigned), new { assigned_to = colleague.Id });
        (await handed.DataAsync()).AssertIncludes(new { AssignedTo = colleague.Id });
        using var gone = await client.PutTextAsync(PathOf(assigned), """{"priority": "low"}""");
        await gone.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(1, await app.QuerySingleAsync<int>("select count from app.notification where user_id = @Id", new { colleague.Id }));
    }

    [Fact]
    public async Task Lead_moves_to_another_campaign_with_its_counters()
    {
        var place = await CrmPlace.CreateAsync(app);
        var (from, to) = (await app.CreateCampaignAsync(place.OrganizationId), await app.CreateCampaignAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId));
        var id = await app.CreateLeadAsync(place.OrganizationId, email: "moves@prospect.example", campaignId: from);
        var taken = await app.CreateLeadAsync(place.OrganizationId, email: "taken@prospect.example", campaignId: from);
        var there = await app.CreateLeadAsync(
            place.OrganizationId, email: "taken@prospect.example", campaignId: to, agencyId: place.AgencyId, clientId: place.ClientId);
        await app.ExecuteAsync("update app.lead set opened_count = 3 where id = @id", new { id });
        using var client = app.As(await place.CreateUserAsync(app, "owner"));

        using var moved = await client.PutAsync(PathOf(id), new { campaign_id = to });
        (await moved.DataAsync()).AssertIncludes(new { CampaignId = to, place.AgencyId, place.ClientId });
        using var refused = await client.PutAsync(PathOf(taken), new { campaign_id = to });
        Assert.Equal(there, (await refused.ProblemAsync(HttpStatusCode.Conflict, "lead_exists")).GetProperty("existing_id").GetGuid());
        using var left = await client.PutTextAsync(PathOf(id), """{"campaign_id": null}""");
        (await left.DataAsync()).AssertIncludes(new { CampaignId = (Guid?)null, place.ClientId });
        using var cleared = await client.PutTextAsync(PathOf(id), """{"client_id": null}""");
        (await cleared.DataAsync()).AssertIncludes(new { place.AgencyId, ClientId = (Guid?)null });
        using var ofCampaign = await client.PutTextAsync(PathOf(there), """{"client_id": null}""");
        Assert.Equal("client_id", (await ofCampaign.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal([1, 1], await app.QueryAsync<int>("""
            select sum(leads)::int from app.campaign_counter where campaign_id in (@from, @to) group by campaign_id order by campaign_id = @to
            """, new { from, to }));
    }

    [Fact]
    public async Task Lead_does_not_move_out_of_its_assignees_reach()
    {
        var place = await CrmPlace.CreateAsync(app);
        var staff = await place.CreateUserAsync(app, "agency_staff");
        var id = await app.CreateLeadAsync(place.OrganizationId, agencyId: place.AgencyId, assignedTo: staff.Id);
        var elsewhere = await app.CreateClientAsync(place.OrganizationId);
        using var client = app.As(await place.CreateUserAsync(app, "owner"));

        using var refused = await client.PutAsync(PathOf(id), new { client_id = elsewhere });
        await refused.ProblemAsync(HttpStatusCode.Conflict, "assignee_unsuitable");
        using var moved = await client.PutAsync(PathOf(id), new { client_id = elsewhere, assigned_to = (Guid?)null });
        (await moved.DataAsync()).AssertIncludes(new { ClientId = elsewhere, AssignedTo = (Guid?)null });
    }

    [Fact]
    public async Task Amount_of_a_webhook_gives_way_to_a_persons_and_not_the_other_way_round()
    {
        var owner = await app.CreateUserAsync("owner");
        var endpoint = await app.CreateTokenEndpointAsync(owner.OrganizationId!.Value, "custom");
        var closedAt = DateTime.UtcNow.AddHours(-2);
        await DeliverAsync(endpoint, "lead.closed", closedAt, """, "amount": "1200.505", "currency": "eur" """);
        var id = await app.QuerySingleAsync<Guid>("select id from app.lead where organization_id = @OrganizationId", owner);
        using var client = app.As(owner);

        var lead = await client.GetDataAsync(PathOf(id));
        lead.AssertIncludes(new { Status = "converted", DealAmount = 1200.51, DealCurrency = "EUR", DealEnteredBy = "webhook" });
        Assert.Equal(closedAt, lead.GetProperty("closed_at").GetDateTime(), TimeSpan.FromMilliseconds(1));
        lead.GetProperty("timeline").GetProperty("activities")[0].GetProperty("details")
            .AssertIncludes(new { DealAmount = 1200.51, DealCurrency = "EUR" });
        // An older event arrives late, and a newer one.
        await DeliverAsync(endpoint, "lead.closed", closedAt.AddHours(-1), """, "deal_amount": 1, "currency": "USD" """);
        Assert.Equal((1200.51m, "EUR"), await DealAsync());
        await DeliverAsync(endpoint, "lead.closed", closedAt.AddHours(1), """, "data": {"value": 900, "deal_currency": "USD"} """);
        Assert.Equal((900m, "USD"), await DealAsync());
        using var entered = await client.PutTextAsync(PathOf(id), """{"deal_amount": 950}""");
        (await entered.DataAsync()).AssertIncludes(new { DealAmount = 950, DealCurrency = "USD", DealEnteredBy = "person" });
        await DeliverAsync(endpoint, "lead.closed", DateTime.UtcNow.AddMinutes(1), """, "amount": 7, "currency": "USD" """);
        Assert.Equal((950m, "USD"), await DealAsync());
        using var cleared = await client.PutTextAsync(PathOf(id), """{"deal_amount": null}""");
        await DeliverAsync(endpoint, "lead.closed", DateTime.UtcNow.AddMinutes(2), """, "amount": 8 """);
        Assert.Equal((8m, null), await DealAsync());

        Task<(decimal, string?)> DealAsync() =>
            app.QuerySingleAsync<(decimal, string?)>("select deal_amount, deal_currency from app.lead where id = @id", new { id });
    }

    [Theory]
    [InlineData("""{"status": null}""", "status")]
    [InlineData("""{"priority": "highest"}""", "priority")]
    [InlineData("""{"contact_id": "00000000-0000-0000-0000-000000000001"}""", "contact_id")]
    [InlineData("""{"campaign_id": "00000000-0000-0000-0000-000000000001"}""", "campaign_id")]
    [InlineData("""{"deal_currency": "EUR"}""", "deal_currency")]
    [InlineData("""{"interest_label": "Warm"}""", "interest_label")]
    [InlineData("""{"score": 5, "qualification_score": 5}""", "qualification_score,score")]
    [InlineData("""{"assigned_to": "me"}""", "assigned_to")]
    public async Task Bad_input_is_refused_by_member_and_changes_nothing(string body, string members)
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateLeadAsync(owner.OrganizationId!.Value);
        var row = await app.RowAsync("lead", id);

        using var response = await app.As(owner).PutTextAsync(PathOf(id), body);

        Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(row, await app.RowAsync("lead", id));
    }

    [Fact]
    public async Task Deleted_lead_is_gone_and_its_contact_gets_a_new_one_with_the_next_event()
    {
        var owner = await app.CreateUserAsync("owner");
        var endpoint = await app.CreateTokenEndpointAsync(owner.OrganizationId!.Value, "custom");
        await DeliverAsync(endpoint, "email.sent");
        var id = await app.QuerySingleAsync<Guid>("select id from app.lead where organization_id = @OrganizationId", owner);
        using var client = app.As(owner);
        var tag = (await client.GetAsync(PathOf(id))).Headers.ETag!.Tag;
        await DeliverAsync(endpoint, "email.replied");

        using var old = await client.SendAsync(HttpMethod.Delete, PathOf(id), ifMatch: tag);
        await old.ProblemAsync(HttpStatusCode.PreconditionFailed, "changed_meanwhile");
        using var deleted = await client.DeleteAsync(PathOf(id));
        (await deleted.DataAsync()).AssertIncludes(new { Id = id });
        foreach (var response in new[] { await client.DeleteAsync(PathOf(id)), await client.GetAsync(PathOf(id)), await client.PutTextAsync(PathOf(id), """{"priority": "low"}""") })
        {
            await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
        var entry = (await app.AuditOfAsync(id))[^1];
        Assert.Equal("lead.deleted", entry.Action);
        entry.Json.AssertIncludes("""{"before": {"status": "responded"}}""");
        await DeliverAsync(endpoint, "email.opened");
        Assert.Equal(2, await app.QuerySingleAsync<int>("select count(*) from app.lead where organization_id = @OrganizationId", owner));
    }

    private async Task DeliverAsync(TokenEndpoint endpoint, string type, DateTime? at = null, string more = "")
    {
        await app.DeliverAsync(endpoint, $$"""
            {"event_type": "{{type}}", "timestamp": "{{(at ?? DateTime.UtcNow):O}}", "email": "lead@prospect.example", "campaign_id": "spring"{{more}}}
            """);
        await app.UntilProcessedAsync(endpoint.OrganizationId);
    }

    private static string PathOf(Guid lead) => $"/api/v1/leads/{lead}";
}
