using System.Net;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Crm;

/// <summary>Leads, activities, notifications, conversations and events of a contact that was merged into another.</summary>
public sealed class MergedHistoryTests(TestApp app)
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Leads_activities_and_notifications_move_and_two_leads_of_a_campaign_become_one()
    {
        var (caller, http) = await app.CreateOwnerAsync();
        var organization = caller.OrganizationId!.Value;
        var (shared, other) = (await app.CreateCampaignAsync(organization), await app.CreateCampaignAsync(organization));
        var (merged, survivor) = (await app.CreatePersonAsync(organization), await app.CreatePersonAsync(organization));
        var (first, second) = (await app.CreateUserAsync("member", organization), await app.CreateUserAsync("member", organization));
        var joined = await app.CreateLeadAsync(organization, merged, shared, "responded", first.Id);
        var kept = await app.CreateLeadAsync(organization, survivor, shared, "contacted", second.Id);
        var moved = await app.CreateLeadAsync(organization, merged, other);
        var deleted = await app.CreateLeadAsync(organization, merged);
        await app.ExecuteAsync("""
            update app.lead set sent_count = 2, opened_count = 1, interest = 'interested', interest_at = '2026-03-02Z', priority = 'urgent', tags = '{b}',
                practice_area = 'Law' where id = @joined;
            update app.lead set sent_count = 3, replied_count = 1, interest = 'neutral', interest_at = '2026-03-01Z', tags = '{a}' where id = @kept;
            update app.lead set deleted_at = now() where id = @deleted;
            insert into app.notification (organization_id, user_id, type, title, body, link_entity, link_id, burst_key, burst_at)
            values (@organization, @user, 'email.replied', 't', 'b', 'lead', @joined, @shared::text, '2026-03-01Z'),
                (@organization, @user, 'contact.x', 't', 'b', 'contact', @merged, '', '2026-03-01Z');
            """, new { joined, kept, deleted, organization, user = first.Id, merged, shared });
        var activity = await app.CreateActivityAsync(joined, Noon);

        await http.MergeAsync(merged, survivor);

        var leads = await app.QueryJsonAsync("""
            select id::text, contact_id::text, status, interest, priority, sent_count, opened_count, replied_count, tags, practice_area, assigned_to::text
            from app.lead where organization_id = @organization order by campaign_id is not distinct from @shared desc, id
            """, new { organization, shared });
        Assert.Equal(3, leads.GetArrayLength());
        leads[0].AssertIncludes(new
        {
            Id = kept,
            ContactId = survivor,
            Status = "responded",
            Interest = "interested",
            Priority = "urgent",
            SentCount = 5,
            OpenedCount = 1,
            RepliedCount = 1,
            Tags = new[] { "a", "b" },
            PracticeArea = "Law",
            AssignedTo = second.Id,
        });
        Assert.All(leads.EnumerateArray(), lead => Assert.Equal(survivor, lead.GetProperty("contact_id").GetGuid()));
        Assert.Equal(
            new[] { moved, deleted }.Order(), leads.EnumerateArray().Skip(1).Select(lead => lead.GetProperty("id").GetGuid()).Order());
        Assert.Equal(
            [(kept, survivor)],
            await app.QueryAsync<(Guid, Guid)>("select lead_id, contact_id from app.activity where id = @activity", new { activity }));
        Assert.Equal(
            new[] { kept, survivor }.Order(),
            (await app.QueryAsync<Guid>("select link_id from app.notification where organization_id = @organization", new { organization })).Order());
        Assert.Empty(await CountedRows.WrongCampaignCountersAsync(app, organization));
        (await app.AuditOfAsync(merged))[0].Json.AssertIncludes(new { Leads = 2, JoinedLeads = 1, Activities = 1 });
    }

    [Theory]
    [InlineData("new", "contacted", "contacted")]
    [InlineData("qualified", "responded", "qualified")]
    [InlineData("rejected", "qualified", "rejected")]
    [InlineData("rejected", "converted", "converted")]
    public async Task Lead_of_both_has_the_further_status(string one, string other, string expected)
    {
        var (caller, http) = await app.CreateOwnerAsync();
        var organization = caller.OrganizationId!.Value;
        var campaign = await app.CreateCampaignAsync(organization);
        var (merged, survivor) = (await app.CreatePersonAsync(organization), await app.CreatePersonAsync(organization));
        await app.CreateLeadAsync(organization, merged, campaign, one);
        var lead = await app.CreateLeadAsync(organization, survivor, campaign, other);

        await http.MergeAsync(merged, survivor);

        Assert.Equal(expected, await app.QuerySingleAsync<string>("select status from app.lead where id = @lead", new { lead }));
        Assert.Empty(await CountedRows.WrongCampaignCountersAsync(app, organization));
    }

    [Fact]
    public async Task Conversations_go_on_with_the_survivor()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var agent = await app.CreateUserAsync("agent", organization);
        var (merged, survivor) = (await app.CreatePersonAsync(organization), await app.CreatePersonAsync(organization, firstName: "Ada"));
        var conversation = await app.CreateConversationAsync(organization, merged, agent.Id, peerId: "4917000001");
        var own = await app.CreateConversationAsync(organization, survivor, peerId: "4917000002");
        var message = await app.CreateMessageAsync(conversation);
        await app.ExecuteAsync("""
            insert into app.contact_external_id (organization_id, source, external_id, contact_id, created_at) values (@organization, 'whatsapp', '4917000001', @merged, now())
            """, new { organization, merged });
        using var http = app.As(owner);

        using var response = await http.PostAsync($"{ContactWorld.Path}/{merged}/merge", new { into = survivor });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var client = app.As(agent);
        (await client.GetDataAsync($"{ConversationWorld.Path}/{conversation}")).AssertIncludes(
            new { AssignedTo = agent.Id, Contact = new { Id = survivor, FirstName = "Ada" } });
        Assert.Equal([message], (await client.PageAsync($"{ConversationWorld.Path}/{conversation}/messages")).Ids());
        Assert.Equal(
            new[] { conversation, own }.Order(),
            (await app.QueryAsync<Guid>("select id from app.conversation where contact_id = @survivor", new { survivor })).Order());
        // The person's next message finds the conversation, and after its end the survivor.
        Assert.Equal(survivor, await app.QuerySingleAsync<Guid>(
            "select contact_id from app.contact_external_id where organization_id = @organization and external_id = '4917000001'",
            new { organization }));
    }

    [Fact]
    public async Task Events_with_a_former_address_are_about_the_contact_and_the_address_stays_taken()
    {
        var (caller, http) = await app.CreateOwnerAsync();
        var organization = caller.OrganizationId!.Value;
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        var (merged, survivor) = (await app.CreatePersonAsync(organization, "old@acme.example"), await app.CreatePersonAsync(organization, "new@acme.example"));
        var third = await app.CreatePersonAsync(organization);
        await http.MergeAsync(merged, survivor);

        await app.DeliverAsync(endpoint, Deliveries.Event("lead_unsubscribed", "OLD@acme.example", ("firstName", "Ann")));
        await app.DeliverAsync(endpoint, Deliveries.Event("email_sent", "new@acme.example"));
        await app.UntilProcessedAsync(organization);
        using var taken = await http.PostTextAsync(ContactWorld.Path, """{"email": "old@acme.example"}""");
        using var moved = await http.PutTextAsync($"{ContactWorld.Path}/{third}", """{"email": "old@acme.example"}""");
        using var own = await http.PutTextAsync($"{ContactWorld.Path}/{survivor}", """{"email": "old@acme.example"}""");

        var contact = await http.GetDataAsync($"{ContactWorld.Path}/{survivor}");
        contact.AssertIncludes(new { FirstName = "Ann", Suppression = "unsubscribed", Email = "old@acme.example" });
        Assert.Single(contact.GetProperty("leads").EnumerateArray());
        Assert.Equal(2, contact.GetProperty("timeline").GetProperty("activities").GetArrayLength());
        Assert.Equal(2, await app.QuerySingleAsync<int>(
            "select count(*) from app.contact where organization_id = @organization", new { organization }));
        Assert.Equal(survivor, (await taken.ProblemAsync(HttpStatusCode.Conflict, "already_exists")).GetProperty("existing_id").GetGuid());
        Assert.Equal(survivor, (await moved.ProblemAsync(HttpStatusCode.Conflict, "already_exists")).GetProperty("existing_id").GetGuid());
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        var found = await http.GetDataAsync("/api/admin/webhooks/logs?search=old@acme");
        Assert.Equal(1, found.GetProperty("total").GetInt32());
    }
}
