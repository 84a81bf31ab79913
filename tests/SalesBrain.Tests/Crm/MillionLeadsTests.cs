using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

/// <summary>
/// A million leads in twenty organizations: every filter and order of the lists of leads and contacts uses an index, and pages are stable.
/// </summary>
public sealed class MillionLeadsTests(MillionApp app) : IClassFixture<MillionApp>
{
    private const string Leads = "/api/v1/leads?page_size=50";
    private const string Contacts = "/api/v1/contacts?page_size=50";

    private static readonly string[] LeadQueries =
    [
        .. LargeLeadListTests.Queries.Select(row => OfTheLargest(row.Data)), "&status=new&status=contacted", "&priority=low",
        "&campaign_id=CAMPAIGN", "&campaign_id=CAMPAIGN&sort_by=score", "&client_id=CLIENT", "&assigned_to=OWNER",
        "&interest=no_show&sort_by=company", "&practice_area=Law&sort_by=updated_at", "&min_score=96&sort_by=priority",
    ];

    private static readonly string[] ContactQueries =
        [.. LargeContactListTests.Queries.Select(row => OfTheLargest(row.Data)), "&campaign_id=CAMPAIGN", "&campaign_id=CAMPAIGN&sort_by=last_name", "&owner=OWNER&sort_by=email"];

    /// <summary>The tables of which no statement may read all rows.</summary>
    private static readonly string[] Large = ["lead", "contact", "lead_recency", "user_contact_assignment", "activity"];

    [Fact]
    public async Task Every_filter_and_order_of_leads_uses_an_index()
    {
        LargeRun.Only();
        await AssertUseOfIndexesAsync(Leads, LeadQueries);
    }

    [Fact]
    public async Task Every_filter_and_order_of_contacts_uses_an_index()
    {
        LargeRun.Only();
        await AssertUseOfIndexesAsync(Contacts, ContactQueries);
    }

    [Fact]
    public async Task Plans_are_read_where_a_table_is_read_as_a_whole()
    {
        LargeRun.Only();
        Assert.Contains(
            "lead", await app.WholeTablesAsync(() => app.QueryAsync<long>("select count(*) from app.lead where source_data <> '{}'")));
    }

    [Fact]
    public async Task Pages_of_leads_are_stable_while_leads_are_added()
    {
        LargeRun.Only();
        await AssertStablePagesAsync(Leads, LeadQueries);
    }

    [Fact]
    public async Task Pages_of_contacts_are_stable_while_contacts_are_added()
    {
        LargeRun.Only();
        await AssertStablePagesAsync(Contacts, ContactQueries);
    }

    private async Task AssertUseOfIndexesAsync(string list, string[] queries)
    {
        Assert.Equal(
            MillionApp.Rows,
            await app.QuerySingleAsync<int>("select count(*) from app.lead where id < '00000000-0000-7000-8001-000000000000'"));
        var problems = new List<string>();
        foreach (var user in new[] { app.Owner, app.Staff })
        {
            using var client = app.As(user);
            foreach (var query in queries)
            {
                var path = list + await WithIdsAsync(query);
                var cursor = (await client.PageAsync(path)).NextCursor();
                foreach (var page in new[] { "", "&page=20", cursor is null ? "" : $"&cursor={cursor}" }.Distinct())
                {
                    var blocks = 0L;
                    var whole = await app.WholeTablesAsync(
                        async () => blocks = (await app.CostAsync(() => client.PageAsync(path + page))).Blocks);
                    if (whole.Intersect(Large).Any() || blocks > MostBlocks(user, query, page))
                    {
                        problems.Add(
                            $"{user.Role} {query}{page[..Math.Min(8, page.Length)]}: {blocks} blocks, reads all of "
                            + $"{string.Join(", ", whole.Intersect(Large))}");
                    }
                }
            }
        }
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    /// <summary>
    /// A page by cursor is read from where it begins. A page by number is read from the first one on, and rows with a common tag, a common
    /// word or a low score are found first and then sorted; so are the leads of an agency by company. There only the plan is checked, and
    /// that it ends.
    /// </summary>
    private static long MostBlocks(TestUser user, string query, string page) =>
        page.StartsWith("&page", StringComparison.Ordinal) || query.Contains("often", StringComparison.Ordinal) || query.Contains("=person&", StringComparison.Ordinal)
            ? 2_000_000
            : user.AgencyId is not null && (query.Contains("company", StringComparison.Ordinal) || query.Contains("min_score", StringComparison.Ordinal))
                ? 600_000
                : 60_000;

    /// <summary>With the numbers of people whom the largest organization has.</summary>
    private static string OfTheLargest(string query) =>
        query.Replace("person%204242", "person%204211", StringComparison.Ordinal)
            .Replace("family%204240", "family%204220", StringComparison.Ordinal);

    /// <summary>
    /// A cursor leads through the rows that were there in their order, neither repeating nor leaving out one, whatever is added meanwhile.
    /// </summary>
    private async Task AssertStablePagesAsync(string list, string[] queries)
    {
        using var client = app.As(app.Owner);
        foreach (var query in queries)
        {
            var path = list + await WithIdsAsync(query);
            var before = new List<Guid>();
            for (var page = 1; page <= 4; page++)
            {
                before.AddRange((await client.PageAsync($"{path}&page={page}")).Ids());
            }
            var (after, cursor) = (new List<Guid>(), "");
            for (var page = 1; page <= 4 && cursor is not null; page++)
            {
                var next = await client.PageAsync($"{path}&cursor={cursor}");
                after.AddRange(next.Ids());
                cursor = next.NextCursor();
                await AddAsync();
            }

            Assert.True(before.Count > 0, query);
            Assert.Equal(after.Count, after.Distinct().Count());
            var kept = after.Where(before.Contains).ToList();
            Assert.Equal(before.Take(kept.Count), kept);
            // What is missing of the first pages was pushed behind them by what was added, at most as much as that.
            Assert.True(
                kept.Count == before.Count || after.Count - kept.Count >= before.Count - kept.Count,
                $"{query}: {kept.Count} of {before.Count}");
        }
    }

    /// <summary>Leads like those that are there, with new contacts: some of them at the beginning of each order, some at its end.</summary>
    private Task AddAsync() => app.ExecuteAsync("""
        with new as (
            select gen_random_uuid() as contact_id, k.*
            from app.contact k
            where k.organization_id = @OrganizationId and k.id = any (array(
                select ('00000000-0000-7000-8000-' || lpad(to_hex((random() * 9000)::int * 100 + 1 + (random() * 20)::int), 12, '0'))::uuid from generate_series(1, 10)))
        ), contact as (
            insert into app.contact (id, organization_id, email, email_norm, first_name, last_name, company, country, tags)
            select n.contact_id, n.organization_id, n.contact_id || '@prospect.example', n.contact_id || '@prospect.example', n.first_name, n.last_name, n.company,
                n.country, n.tags
            from new n
        )
        insert into app.lead (organization_id, contact_id, campaign_id, agency_id, status, priority, tags, custom_fields, last_activity_at)
        select l.organization_id, n.contact_id, l.campaign_id, l.agency_id, l.status, l.priority, l.tags, l.custom_fields, l.last_activity_at
        from new n
        join app.lead l on l.organization_id = n.organization_id and l.contact_id = n.id and l.campaign_id is not null
        """, app.Owner);

    private async Task<string> WithIdsAsync(string query) => query
        .Replace("OWNER", $"{app.Owner.Id}", StringComparison.Ordinal)
        .Replace("CLIENT", $"{await app.QuerySingleAsync<Guid>("select md5('client 7')::uuid")}", StringComparison.Ordinal)
        .Replace("CAMPAIGN", $"{await app.QuerySingleAsync<Guid>("select md5('campaign 1 7')::uuid")}", StringComparison.Ordinal);
}
