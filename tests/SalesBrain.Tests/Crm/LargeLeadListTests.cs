using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

/// <summary>A hundred thousand leads in every order and by every filter: as many statements a page as of ten, read from where the page begins.</summary>
[Collection(CrmWorld.Large)]
public sealed class LargeLeadListTests(LargeLeadListTests.Filled app) : IClassFixture<LargeLeadListTests.Filled>
{
    private const int Rows = 100_000;
    private const string Path = "/api/v1/leads?page_size=20";

    public static TheoryData<string> Queries =>
    [
        "", "&sort_order=asc", "&sort_by=updated_at", "&sort_by=score", "&sort_by=status", "&sort_by=priority&sort_order=asc", "&sort_by=last_activity_at",
        "&sort_by=last_activity_at&sort_order=asc", "&sort_by=last_name", "&sort_by=last_name&sort_order=desc", "&sort_by=company", "&status=converted",
        "&priority=urgent&sort_by=last_name", "&interest=no_show", "&assigned_to=me", "&assigned_to=none", "&practice_area=Law", "&tags=rare", "&tags=often&sort_by=score",
        "&min_score=96", "&search=person%204242", "&search=person&sort_by=last_name", "&search=family%204240&tags=often",
    ];

    /// <summary>Two statements set the session, one reads the rows, one counts; the rest are functions inside them.</summary>
    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Page_of_a_large_list_costs_as_much_as_one_of_a_small_list(string query)
    {
        foreach (var user in new[] { app.Large, app.Staff, app.Small })
        {
            using var client = app.As(user);
            var cursor = (await client.PageAsync(Path + query)).NextCursor();
            foreach (var page in new[] { "&page=1", "&page=5", cursor is null ? "" : $"&cursor={cursor}" })
            {
                var (statements, blocks) = await app.CostAsync(async () => Assert.NotEqual("", (await client.PageAsync(Path + query + page)).GetRawText()));

                Assert.Equal(4, statements);
                // Most touch some thousands; to look up every lead with its contact takes more than half a million.
                Assert.True(blocks is > 0 and <= 50_000, $"{user.Role} of {user.OrganizationId} {page}: {blocks} blocks");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Pages_by_number_and_by_cursor_are_the_same_rows_in_the_same_order(string query)
    {
        using var client = app.As(app.Large);
        var (byCursor, byNumber, cursor) = (new List<Guid>(), new List<Guid>(), "");
        for (var page = 1; page <= 3 && cursor is not null; page++)
        {
            byNumber.AddRange((await client.PageAsync($"{Path}{query}&page={page}")).Ids());
            var next = await client.PageAsync($"{Path}{query}&cursor={cursor}");
            byCursor.AddRange(next.Ids());
            cursor = next.NextCursor();
        }

        Assert.NotEmpty(byNumber);
        Assert.Equal(byNumber, byCursor);
        Assert.Equal(byNumber.Count, byNumber.Distinct().Count());
    }

    public sealed class Filled : TestApp, IAsyncLifetime
    {
        /// <summary>Who owns very many, who works at an agency that has them all, and who owns few.</summary>
        public TestUser Large { get; private set; } = null!;

        public TestUser Staff { get; private set; } = null!;

        public TestUser Small { get; private set; } = null!;

        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            (Large, Small) = (await this.CreateUserAsync("owner"), await this.CreateUserAsync("owner"));
            Staff = await this.CreateUserAsync("agency_staff", Large.OrganizationId);
            // Counters and tallies are not what is looked at here.
            await ExecuteAsync("""
                alter table app.lead disable trigger user; alter table app.lead enable trigger note_lead_recency_insert;
                alter table app.contact disable trigger user
                """);
            await FillAsync(Large, Staff.AgencyId, Rows);
            await FillAsync(Small, null, 150);
            await ExecuteAsync("""
                alter table app.lead enable trigger user; alter table app.contact enable trigger user; analyze app.lead, app.lead_recency, app.contact
                """);
        }

        private async Task FillAsync(TestUser owner, Guid? agency, int rows)
        {
            await this.FillAsync("""
                insert into app.contact (organization_id, email, email_norm, first_name, last_name, company)
                select @organization, n || '@' || @organization, n || '@' || @organization, case when n % 5 > 0 then 'Person ' || n end,
                    case when n % 3 > 0 then 'Family ' || n % 7000 end, case when n % 2 = 0 then 'Company ' || n % 900 end
                from generate_series(1, @rows) n
                """, new { organization = owner.OrganizationId, rows });
            await this.FillAsync("""
                insert into app.lead (
                    organization_id, contact_id, agency_id, assigned_to, status, priority, interest, interest_at, practice_area, tags, score, last_activity_at,
                    created_at, updated_at)
                select k.organization_id, k.id, @agency, case when n % 700 = 0 then @owner end,
                    case when n % 1500 = 0 then 'converted' else (array['new', 'contacted', 'responded'])[1 + n % 3] end,
                    case when n % 400 = 0 then 'urgent' else (array['low', 'medium', 'high'])[1 + n % 3] end,
                    case when n % 900 = 0 then 'no_show' end, case when n % 900 = 0 then t.at end, case when n % 800 = 0 then 'Law' end,
                    case when n % 1000 = 0 then array['rare', 'often'] when n % 20 = 0 then array['often'] else '{}' end, n % 97,
                    case when n % 4 > 0 then t.at end, t.at, t.at
                from (select *, split_part(email, '@', 1)::int as n from app.contact where organization_id = @organization) k,
                    lateral (select timestamptz '2026-01-01Z' + n % 50000 * interval '1 second' as at) t
                """, new { organization = owner.OrganizationId, owner = owner.Id, agency });
        }
    }
}
