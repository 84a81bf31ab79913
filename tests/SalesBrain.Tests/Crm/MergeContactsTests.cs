using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Crm;

public sealed class MergeContactsTests(TestApp app)
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Survivor_fills_its_gaps_and_has_the_tags_and_custom_fields_of_both()
    {
        var (http, organization) = await OwnerAsync();
        var merged = await app.CreatePersonAsync(
            organization, "old@acme.example", "Ann", "Old", "Acme", "+1 555", tags: ["b", "c"], customFields: """{"a": 1, "b": 1}""");
        var survivor = await app.CreatePersonAsync(
            organization, "new@acme.example", lastName: "New", tags: ["a", "b"], customFields: """{"b": 2, "c": 2}""");

        var contact = await MergeAsync(http, merged, survivor);

        contact.AssertIncludes(new
        {
            Id = survivor,
            Email = "new@acme.example",
            FirstName = "Ann",
            LastName = "New",
            Company = "Acme",
            Phone = "+1 555",
            Tags = new[] { "a", "b", "c" },
            CustomFields = new { A = 1, B = 2, C = 2 },
        });
        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*) from app.contact where id = @merged", new { merged }));
        Assert.Equal([survivor], (await http.PageAsync(ContactWorld.Path)).Ids());
        var (gone, kept) = (Assert.Single(await app.AuditOfAsync(merged)), Assert.Single(await app.AuditOfAsync(survivor)));
        gone.Json.AssertIncludes(new { Into = survivor, Before = new { Email = "old@acme.example", LastName = "Old" } });
        kept.Json.AssertIncludes(new { From = merged, Before = new { FirstName = (string?)null }, After = new { FirstName = "Ann" } });
    }

    [Theory]
    [InlineData("none", "unsubscribed", "unsubscribed")]
    [InlineData("unsubscribed", "manual", "unsubscribed")]
    [InlineData("manual", "bounced", "manual")]
    [InlineData("bounced", "none", "bounced")]
    [InlineData("none", "none", "none")]
    public async Task Stricter_suppression_stays(string one, string other, string expected)
    {
        var (http, organization) = await OwnerAsync();
        var (merged, survivor) = (await app.CreatePersonAsync(organization, suppression: one), await app.CreatePersonAsync(organization, suppression: other));

        var contact = await MergeAsync(http, merged, survivor);

        contact.AssertIncludes(new { Suppression = expected });
        Assert.Equal(expected == "none", contact.GetProperty("suppressed_at").ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task Leads_activities_and_notifications_move_and_two_leads_of_a_campaign_become_one()
    {
        var (http, organization) = await OwnerAsync();
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

        await MergeAsync(http, merged, survivor);

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
        await AssertCountersAsync(organization);
        (await app.AuditOfAsync(merged))[0].Json.AssertIncludes(new { Leads = 2, JoinedLeads = 1, Activities = 1 });
    }

    [Theory]
    [InlineData("new", "contacted", "contacted")]
    [InlineData("qualified", "responded", "qualified")]
    [InlineData("rejected", "qualified", "rejected")]
    [InlineData("rejected", "converted", "converted")]
    public async Task Lead_of_both_has_the_further_status(string one, string other, string expected)
    {
        var (http, organization) = await OwnerAsync();
        var campaign = await app.CreateCampaignAsync(organization);
        var (merged, survivor) = (await app.CreatePersonAsync(organization), await app.CreatePersonAsync(organization));
        await app.CreateLeadAsync(organization, merged, campaign, one);
        var lead = await app.CreateLeadAsync(organization, survivor, campaign, other);

        await MergeAsync(http, merged, survivor);

        Assert.Equal(expected, await app.QuerySingleAsync<string>("select status from app.lead where id = @lead", new { lead }));
        await AssertCountersAsync(organization);
    }

    [Fact]
    public async Task Survivor_keeps_its_owner_and_percentages_never_exceed_100()
    {
        var (http, organization) = await OwnerAsync();
        var (merged, survivor) = (await app.CreatePersonAsync(organization), await app.CreatePersonAsync(organization));
        var users = await app.CreateMembersAsync(organization, 4);
        await AssignAsync(organization, survivor, users[0], 70, primary: true, interactions: 1);
        await AssignAsync(organization, survivor, users[1], 10, primary: false, interactions: 2, status: "inactive");
        await AssignAsync(organization, merged, users[2], 60, primary: true);
        await AssignAsync(organization, merged, users[0], 10, primary: false, interactions: 4);
        await AssignAsync(organization, merged, users[1], 25, primary: false, interactions: 8);
        await AssignAsync(organization, merged, users[3], 5, primary: false);

        await MergeAsync(http, merged, survivor);

        var rows = await app.QueryJsonAsync("""
            select user_id::text, status, is_primary_owner, ownership_percentage, interactions_count
            from app.user_contact_assignment where contact_id = @survivor
            """, new { survivor });
        JsonElement Of(TestUser user) => rows.EnumerateArray().Single(row => row.GetProperty("user_id").GetGuid() == user.Id);
        Assert.Equal(4, rows.GetArrayLength());
        Of(users[0]).AssertIncludes(new { Status = "active", IsPrimaryOwner = true, OwnershipPercentage = 80, InteractionsCount = 5 });
        Of(users[1]).AssertIncludes(new { Status = "active", IsPrimaryOwner = false, OwnershipPercentage = 20, InteractionsCount = 10 });
        Of(users[2]).AssertIncludes(new { Status = "transferred" });
        Of(users[3]).AssertIncludes(new { Status = "active", IsPrimaryOwner = false, OwnershipPercentage = 0 });
    }

    [Fact]
    public async Task Survivor_without_an_owner_gets_the_merged_contacts_owner_and_waits_for_none()
    {
        var (http, organization) = await OwnerAsync();
        var (merged, survivor) = (await app.CreatePersonAsync(organization), await app.CreatePersonAsync(organization));
        var (owner, helper) = (await app.CreateUserAsync("member", organization), await app.CreateUserAsync("member", organization));
        await AssignAsync(organization, merged, owner, 100, primary: true);
        await AssignAsync(organization, survivor, helper, 40, primary: false);
        await app.ExecuteAsync(
            "insert into app.assignment_queue (organization_id, contact_id, source, queued_at) "
            + "values (@organization, @survivor, 'request', now())",
            new { organization, survivor });

        await MergeAsync(http, merged, survivor);

        Assert.Equal(owner.Id, await app.OwnerOfAsync(survivor));
        Assert.Equal(60, await app.QuerySingleAsync<int>(
            "select ownership_percentage from app.user_contact_assignment where user_id = @Id", new { owner.Id }));
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*) from app.assignment_queue where organization_id = @organization", new { organization }));
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
    public async Task Former_ids_redirect_to_the_contact_also_after_further_merges()
    {
        var (http, organization) = await OwnerAsync();
        var ids = new[]
        {
            await app.CreatePersonAsync(organization),
            await app.CreatePersonAsync(organization),
            await app.CreatePersonAsync(organization),
        };
        await MergeAsync(http, ids[0], ids[1]);
        await MergeAsync(http, ids[1], ids[2]);
        using var stranger = app.As(await app.CreateUserAsync("owner"));
        using var staff = app.As(await app.CreateUserAsync("agency_staff", organization));

        foreach (var former in ids[..2])
        {
            using var read = await http.GetAsync($"{ContactWorld.Path}/{former}");
            using var edit = await http.PutTextAsync($"{ContactWorld.Path}/{former}", """{"city": "Rome"}""");
            using var again = await http.PostAsync($"{ContactWorld.Path}/{former}/merge", new { into = ids[2] });
            using var back = await http.PostAsync($"{ContactWorld.Path}/{ids[2]}/merge", new { into = former });
            using var foreign = await stranger.GetAsync($"{ContactWorld.Path}/{former}");
            using var hidden = await staff.GetAsync($"{ContactWorld.Path}/{former}");

            Assert.Equal(
                (HttpStatusCode.MovedPermanently, $"{ContactWorld.Path}/{ids[2]}"), (read.StatusCode, read.Headers.Location!.ToString()));
            foreach (var refused in new[] { edit, again, back })
            {
                Assert.Equal(
                    ids[2], (await refused.ProblemAsync(HttpStatusCode.Conflict, "contact_merged")).GetProperty("existing_id").GetGuid());
            }
            await foreign.ProblemAsync(HttpStatusCode.NotFound, "not_found");
            await hidden.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
    }

    [Fact]
    public async Task Events_with_a_former_address_are_about_the_contact_and_the_address_stays_taken()
    {
        var (http, organization) = await OwnerAsync();
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        var (merged, survivor) = (await app.CreatePersonAsync(organization, "old@acme.example"), await app.CreatePersonAsync(organization, "new@acme.example"));
        var third = await app.CreatePersonAsync(organization);
        await MergeAsync(http, merged, survivor);

        await app.DeliverAsync(endpoint, Event("lead_unsubscribed", "OLD@acme.example", "Ann"));
        await app.DeliverAsync(endpoint, Event("email_sent", "new@acme.example"));
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

    [Fact]
    public async Task Contact_without_an_address_takes_the_merged_contacts_address()
    {
        var (http, organization) = await OwnerAsync();
        var (merged, survivor) = (await app.CreatePersonAsync(organization, "only@acme.example"), await app.CreatePersonAsync(organization));

        var contact = await MergeAsync(http, merged, survivor);

        contact.AssertIncludes(new { Email = "only@acme.example" });
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*) from app.contact_former_email where organization_id = @organization", new { organization }));
    }

    [Fact]
    public async Task Merging_into_itself_into_another_organizations_contact_or_into_nobody_is_refused()
    {
        var (http, organization) = await OwnerAsync();
        var own = await app.CreatePersonAsync(organization);
        var foreign = await app.CreatePersonAsync(await app.CreateOrganizationAsync());
        using var platform = app.As(await app.CreateUserAsync("sb_admin"));

        using var itself = await http.PostAsync($"{ContactWorld.Path}/{own}/merge", new { into = own });
        using var away = await http.PostAsync($"{ContactWorld.Path}/{own}/merge", new { into = foreign });
        using var across = await platform.PostAsync($"{ContactWorld.Path}/{own}/merge", new { into = foreign });
        using var nobody = await http.PostAsync($"{ContactWorld.Path}/{own}/merge", new { into = Guid.NewGuid() });
        using var text = await http.PostTextAsync($"{ContactWorld.Path}/{own}/merge", """{"into": "me"}""");
        using var empty = await http.PostTextAsync($"{ContactWorld.Path}/{own}/merge", "{}");

        Assert.Equal("into", (await itself.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        foreach (var response in new[] { away, across, nobody })
        {
            await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
        Assert.Equal("into", (await text.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal("into", (await empty.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(
            2, await app.QuerySingleAsync<int>("select count(*) from app.contact where id in (@own, @foreign)", new { own, foreign }));
    }

    [Fact]
    public async Task Of_merges_at_once_one_wins_whichever_way_they_go()
    {
        var (http, organization) = await OwnerAsync();
        var (a, b) = (await app.CreatePersonAsync(organization, "a@acme.example"), await app.CreatePersonAsync(organization, "b@acme.example"));

        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var (from, into) = i % 2 == 0 ? (a, b) : (b, a);
            using var response = await http.PostAsync($"{ContactWorld.Path}/{from}/merge", new { into });
            return response.StatusCode;
        }));

        Assert.Equal(1, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(7, statuses.Count(status => status == HttpStatusCode.Conflict));
        Assert.Single((await http.PageAsync(ContactWorld.Path)).Ids());
    }

    /// <summary>
    /// Every event has its activity with the contact that its address leads to in the end, whatever was merged meanwhile.
    /// </summary>
    [Fact]
    public async Task Leads_that_are_created_by_address_while_their_contact_is_merged_belong_to_a_contact_that_is_there()
    {
        const int People = 8;
        var (http, organization) = await OwnerAsync();
        var ids = new Guid[People];
        for (var i = 0; i < People; i++)
        {
            ids[i] = await app.CreatePersonAsync(organization, $"l{i}@acme.example");
        }

        await Task.WhenAll(
            Parallel.ForEachAsync(Enumerable.Range(0, People * 5), new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (n, _) =>
            {
                using var response = await http.PostAsync(
                    "/api/v1/leads", new { email = $"l{n % People}@acme.example", city = $"City {n}" });
                Assert.True(
                    response.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict,
                    $"{response.StatusCode} {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
            }),
            Parallel.ForEachAsync(Enumerable.Range(0, People - 1), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (i, _) =>
            {
                using var response = await http.PostAsync($"{ContactWorld.Path}/{ids[i]}/merge", new { into = ids[i + 1] });
                Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict, $"{response.StatusCode}");
            }));

        // Nobody was made anew for an address that a contact had.
        var contacts = await app.QueryAsync<Guid>("select id from app.contact where organization_id = @organization", new { organization });
        Assert.Subset(ids.ToHashSet(), contacts.ToHashSet());
        Assert.Equal(People, await app.QuerySingleAsync<int>("""
            select (select count(*) from app.contact where organization_id = @organization)
                + (select count(*) from app.contact_former_email where organization_id = @organization)
            """, new { organization }));
    }

    [Fact]
    public async Task Merges_while_webhooks_arrive_lose_nothing()
    {
        const int People = 24;
        const int EventsEach = 8;
        var (http, organization) = await OwnerAsync();
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        var ids = new Guid[People];
        for (var i = 0; i < People; i++)
        {
            ids[i] = await app.CreatePersonAsync(organization, $"p{i}@acme.example");
        }
        var events = Enumerable.Range(0, People * EventsEach).Select(n =>
            Event(n % 3 == 0 ? "reply_received" : "email_sent", $"p{n % People}@acme.example", campaign: $"c{n % 4}", second: n)).ToArray();
        Random.Shared.Shuffle(events);
        // Each goes into the next but one of the same parity, so chains form while events come.
        var merges = Enumerable.Range(0, People - 2).Select(i => (From: ids[i], Into: ids[i + 2])).ToArray();

        var problems = 0;
        await Task.WhenAll(
            Parallel.ForEachAsync(events.Chunk(6), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (chunk, _) =>
            {
                using var response = await app.Http.PostTextAsync(endpoint.Path, $"[{string.Join(',', chunk)}]");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }),
            Parallel.ForEachAsync(merges, new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (merge, _) =>
            {
                using var response = await http.PostAsync($"{ContactWorld.Path}/{merge.From}/merge", new { into = merge.Into });
                // The other one may have been merged already.
                Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict, $"{response.StatusCode}");
                Interlocked.Add(ref problems, response.StatusCode == HttpStatusCode.OK ? 0 : 1);
            }));
        await app.UntilProcessedAsync(organization);

        var facts = await app.QuerySingleJsonAsync("""
            select (select count(*) from app.webhook_log where organization_id = @organization and status <> 'processed') as unprocessed,
                (select count(*) from app.webhook_attempt where organization_id = @organization) as failures,
                (select count(*) from app.activity where organization_id = @organization) as activities,
                (select sum(sent_count + replied_count) from app.lead where organization_id = @organization and deleted_at is null) as counted,
                (select count(*) from app.contact where organization_id = @organization) as contacts,
                (select count(*) from app.activity a join app.webhook_log w on w.organization_id = a.organization_id and w.id = a.webhook_log_id
                    where a.organization_id = @organization and a.contact_id <> coalesce(
                        (select k.id from app.contact k where k.organization_id = @organization and k.email_norm = w.contact_email_norm),
                        (select s.contact_id from app.contact_former_email s where s.organization_id = @organization and s.email_norm = w.contact_email_norm))) as misplaced,
                (select count(*) from app.lead l where l.organization_id = @organization
                    and not exists (select from app.activity a where a.lead_id = l.id)) as empty_leads
            """, new { organization });
        facts.AssertIncludes(new
        {
            Unprocessed = 0,
            Failures = 0,
            Activities = People * EventsEach,
            Counted = People * EventsEach,
            Contacts = 2 + problems,
            Misplaced = 0,
            EmptyLeads = 0,
        });
        await AssertCountersAsync(organization);
    }

    private async Task<(HttpClient Http, Guid Organization)> OwnerAsync()
    {
        var owner = await app.CreateUserAsync("owner");
        return (app.As(owner), owner.OrganizationId!.Value);
    }

    private static async Task<JsonElement> MergeAsync(HttpClient http, Guid merged, Guid survivor)
    {
        using var response = await http.PostAsync($"{ContactWorld.Path}/{merged}/merge", new { into = survivor });
        return await response.DataAsync();
    }

    private static string Event(string type, string email, string? firstName = null, string campaign = "c1", int second = 0) => Deliveries.Fixture(
        "email_sent", ("event_type", type), ("lead_email", email), ("email", null), ("campaign_id", campaign), ("firstName", firstName),
        ("timestamp", new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(second).ToString("O")));

    private Task AssignAsync(
        Guid organization, Guid contact, TestUser user, int percentage, bool primary, int interactions = 0, string status = "active") =>
        app.ExecuteAsync("""
            insert into app.user_contact_assignment (
                organization_id, user_id, contact_id, ownership_percentage, is_primary_owner, interactions_count, status)
            values (@organization, @user, @contact, @percentage, @primary, @interactions, @status)
            """, new { organization, contact, user = user.Id, percentage, primary, interactions, status });

    /// <summary>The campaigns' counters are what counting their live leads gives.</summary>
    private async Task AssertCountersAsync(Guid organization) => Assert.Equal(
        await app.QueryAsync<string>("""
            select row(campaign_id, count(*), sum(sent_count), sum(opened_count), sum(replied_count), count(*) filter (where sent_count > 0),
                count(*) filter (where opened_count > 0), count(*) filter (where replied_count > 0), count(*) filter (where status = 'qualified'),
                count(*) filter (where status = 'converted'))::text
            from app.lead where organization_id = @organization and deleted_at is null and campaign_id is not null group by campaign_id order by campaign_id
            """, new { organization }),
        await app.QueryAsync<string>("""
            select row(campaign_id, sum(leads)::bigint, sum(contacted)::bigint, sum(opened)::bigint, sum(replied)::bigint, sum(contacted_leads)::bigint,
                sum(opened_leads)::bigint, sum(replied_leads)::bigint, sum(qualified_leads)::bigint, sum(converted_leads)::bigint)::text
            from app.campaign_counter where organization_id = @organization group by campaign_id having sum(leads) > 0 order by campaign_id
            """, new { organization }));
}
