using System.Net;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Crm;

/// <summary>Merges at the same time as other merges, new leads and webhooks.</summary>
public sealed class MergeRaceTests(TestApp app)
{
    [Fact]
    public async Task Of_merges_at_once_one_wins_whichever_way_they_go()
    {
        var (caller, http) = await app.CreateOwnerAsync();
        var organization = caller.OrganizationId!.Value;
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

    [Fact]
    public async Task Leads_that_are_created_by_address_while_their_contact_is_merged_belong_to_a_contact_that_is_there()
    {
        const int People = 8;
        var (caller, http) = await app.CreateOwnerAsync();
        var organization = caller.OrganizationId!.Value;
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

    /// <summary>
    /// Every event has its activity with the contact that its address leads to in the end, whatever was merged meanwhile.
    /// </summary>
    [Fact]
    public async Task Merges_while_webhooks_arrive_lose_nothing()
    {
        const int People = 24;
        const int EventsEach = 8;
        var (caller, http) = await app.CreateOwnerAsync();
        var organization = caller.OrganizationId!.Value;
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        var ids = new Guid[People];
        for (var i = 0; i < People; i++)
        {
            ids[i] = await app.CreatePersonAsync(organization, $"p{i}@acme.example");
        }
        var events = Enumerable.Range(0, People * EventsEach).Select(n =>
            Deliveries.Event(
                n % 3 == 0 ? "reply_received" : "email_sent", $"p{n % People}@acme.example", ("campaign_id", $"c{n % 4}"),
                ("timestamp", new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(n).ToString("O")))).ToArray();
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
        Assert.Empty(await CountedRows.WrongCampaignCountersAsync(app, organization));
    }
}
