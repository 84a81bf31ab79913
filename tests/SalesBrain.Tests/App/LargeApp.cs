namespace SalesBrain.Tests.App;

/// <summary>
/// An app with one organization that has 30,000 users, clients, contacts and leads, and one that has few. Made once for all tests of large
/// lists. <see cref="MillionApp"/> has more.
/// </summary>
public sealed class LargeApp : TestApp, IAsyncLifetime
{
    /// <summary>The collection of the test classes that share it.</summary>
    public const string Collection = "large lists";

    /// <summary>Rows of each kind in the large organization.</summary>
    public const int Rows = 30_000;

    private const int FewRows = 150;

    public override bool CountsStatements => true;

    /// <summary>The owner of the large organization.</summary>
    public TestUser Large { get; private set; } = null!;

    /// <summary>Works at the agency that has all leads of the large organization.</summary>
    public TestUser Staff { get; private set; } = null!;

    /// <summary>The owner of the small organization.</summary>
    public TestUser Small { get; private set; } = null!;

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        (Large, Small) = (await this.CreateUserAsync("owner"), await this.CreateUserAsync("owner"));
        Staff = await this.CreateUserAsync("agency_staff", Large.OrganizationId);
        // As a restored backup: the indexes are built over all rows, which takes less than half the time.
        var indexes = await QueryAsync<(string Name, string Definition)>("""
            select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
            from pg_index i
            where i.indrelid = any (array['app.user', 'app.client', 'app.lead', 'app.lead_recency', 'app.contact']::regclass[])
                and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
            """);
        await ExecuteAsync(string.Concat(indexes.Select(index => $"drop index {index.Name};")));
        // Of the triggers of a replica only this one runs: counters and tallies have tests of their own.
        await ExecuteAsync("alter table app.lead enable always trigger note_lead_recency_insert");
        await Task.WhenAll(FillUsersAsync(Large, Rows), FillClientsAsync(Large, Rows), FillLeadsAsync(Large, Staff.AgencyId, Rows));
        await Task.WhenAll(FillUsersAsync(Small, FewRows), FillClientsAsync(Small, FewRows), FillLeadsAsync(Small, null, FewRows));
        await ExecuteAsync("alter table app.lead enable trigger note_lead_recency_insert");
        await Task.WhenAll(
            indexes.Chunk((indexes.Count + 1) / 2).Select(half => FillAsync(string.Join(';', half.Select(index => index.Definition)))));
        await ExecuteAsync("analyze app.user, app.client, app.lead, app.lead_recency, app.contact");
    }

    private Task FillUsersAsync(TestUser owner, int rows) => FillAsync("""
        insert into app.user (organization_id, email, email_norm, first_name, last_name, role, status, last_sign_in_at, created_at)
        select @organization, n || '@' || @organization, n || '@' || @organization, case when n % 10 > 0 then 'Number ' || n end,
            case when n % 10 > 1 then 'Family ' || n % 1000 end, 'member', case when n % 500 = 0 then 'disabled' else 'active' end,
            case when n % 3 = 0 then timestamptz '2026-01-01Z' + n % 5000 * interval '1 second' end, timestamptz '2026-01-01Z' + n % 50000 * interval '1 second'
        from generate_series(1, @rows) n
        """, new { organization = owner.OrganizationId, rows });

    private async Task FillClientsAsync(TestUser owner, int rows) => await FillAsync("""
        insert into app.client (organization_id, agency_id, name, contact_email, created_at, updated_at)
        select @organization, @agency, 'Company ' || n % 20000, n || '@company.example', timestamptz '2026-01-01Z' + n * interval '1 second',
            timestamptz '2026-01-01Z' + n % 100 * interval '1 second'
        from generate_series(1, @rows) n
        """, new { organization = owner.OrganizationId, rows, agency = await this.CreateAgencyAsync(owner.OrganizationId!.Value) });

    private async Task FillLeadsAsync(TestUser owner, Guid? agency, int rows)
    {
        await ExecuteAsync(
            """update app.organization set settings = '{"filterable_fields": ["size", "kind"]}' where id = @OrganizationId""", owner);
        await FillAsync("""
            insert into app.contact (
                organization_id, email, email_norm, first_name, last_name, company, country, suppression, suppressed_at, tags, custom_fields,
                created_at, updated_at)
            select @organization, n || '@' || @organization, n || '@' || @organization, case when n % 5 > 0 then 'Person ' || n end,
                case when n % 3 > 0 then 'Family ' || n % 7000 end, case when n % 2 = 0 then 'Company ' || n % 900 end,
                case when n % 800 = 0 then 'LI' when n % 7 < 3 then 'US' end, case when n % 900 = 0 then 'bounced' else 'none' end,
                case when n % 900 = 0 then now() end,
                case when n % 1000 = 0 then array['rare', 'often'] when n % 20 = 0 then array['often'] else '{}' end,
                case when n % 1000 = 0 then '{"size": 50, "kind": "rare"}' when n % 5 = 0 then '{"size": 5}' else '{}' end::jsonb,
                timestamptz '2026-01-01Z' + n % 50000 * interval '1 second', timestamptz '2026-01-01Z' + n % 30000 * interval '1 second'
            from generate_series(1, @rows) n
            """, new { organization = owner.OrganizationId, rows });
        await FillAsync("""
            insert into app.lead (
                organization_id, contact_id, agency_id, assigned_to, status, priority, interest, interest_at, practice_area, tags, custom_fields, score,
                last_activity_at, created_at, updated_at)
            select k.organization_id, k.id, @agency, case when n % 700 = 0 then @owner end,
                case when n % 1500 = 0 then 'converted' else (array['new', 'contacted', 'responded'])[1 + n % 3] end,
                case when n % 400 = 0 then 'urgent' else (array['low', 'medium', 'high'])[1 + n % 3] end,
                case when n % 900 = 0 then 'no_show' end, case when n % 900 = 0 then t.at end, case when n % 800 = 0 then 'Law' end,
                case when n % 1000 = 0 then array['rare', 'often'] when n % 20 = 0 then array['often'] else '{}' end,
                case when n % 1100 = 0 then '{"size": "rare"}' when n % 15 = 0 then '{"size": 5}' else '{}'::jsonb end, n % 97,
                case when n % 4 > 0 then t.at end, t.at, t.at
            from (select *, split_part(email, '@', 1)::int as n from app.contact where organization_id = @organization) k,
                lateral (select timestamptz '2026-01-01Z' + n % 50000 * interval '1 second' as at) t
            """, new { organization = owner.OrganizationId, owner = owner.Id, agency });
    }
}

[CollectionDefinition(LargeApp.Collection)]
public sealed class LargeListsCollection : ICollectionFixture<LargeApp>;
