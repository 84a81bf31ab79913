using Dapper;
using Npgsql;
using SalesBrain.LocalHost.Development;

namespace SalesBrain.Tests.App;

/// <summary>
/// An app with a million leads of as many contacts in twenty organizations: the largest has a quarter of them. PostgreSQL logs the plan of
/// each statement. It is made only in runs with large tests (<see cref="LargeRun"/>).
/// </summary>
public sealed class MillionApp : TestApp, IAsyncLifetime
{
    /// <summary>Leads, and contacts.</summary>
    public const int Rows = 1_000_000;

    private const int Organizations = 20;

    public override bool CountsStatements => true;

    /// <summary>The owner of the largest organization.</summary>
    public TestUser Owner { get; private set; } = null!;

    /// <summary>Works at the agency that has half of the largest organization's leads.</summary>
    public TestUser Staff { get; private set; } = null!;

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        if (!TestServers.Large)
        {
            return;
        }
        await InitializeAsync();
        Owner = await this.CreateUserAsync("owner");
        Staff = await this.CreateUserAsync("agency_staff", Owner.OrganizationId);
        var organizations = new List<Guid> { Owner.OrganizationId!.Value };
        while (organizations.Count < Organizations)
        {
            organizations.Add(await this.CreateOrganizationAsync());
        }
        await ExecuteAsync("""update app.organization set settings = '{"filterable_fields": ["size"]}'""");
        await FillAsync([.. organizations]);
    }

    /// <summary>A plan of each statement goes to the server's log, also of those inside functions.</summary>
    protected override async Task<DatabaseConnections> CreateDatabaseAsync()
    {
        var database = await base.CreateDatabaseAsync();
        var name = new NpgsqlConnectionStringBuilder(database.Owner).Database;
        await using var connection = new NpgsqlConnection(TestCluster.Current.SuperuserConnectionString);
        await connection.ExecuteAsync($"""
            alter database {name} set session_preload_libraries = 'auto_explain';
            alter database {name} set auto_explain.log_min_duration = 0;
            alter database {name} set auto_explain.log_nested_statements = on;
            alter database {name} set auto_explain.log_format = json;
            """);
        return database;
    }

    /// <summary>As a restored backup: without triggers and checks of foreign keys, and the indexes are built over all rows.</summary>
    private async Task FillAsync(Guid[] organizations)
    {
        const string Tables = "array['app.lead', 'app.lead_recency', 'app.contact']::regclass[]";
        var indexes = await QueryAsync<string>($"""
            select pg_get_indexdef(i.indexrelid)
            from pg_index i
            where i.indrelid = any ({Tables}) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
            """);
        await ExecuteAsync(string.Concat(await QueryAsync<string>($"""
            select 'drop index ' || i.indexrelid::regclass || ';'
            from pg_index i
            where i.indrelid = any ({Tables}) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
            """)));
        var arguments = new { organizations, Rows, owner = Owner.Id, agency = Staff.AgencyId, campaigns = 40 };
        await FillAsync("""
            insert into app.campaign (id, organization_id, name, status)
            select md5('campaign ' || o.number || ' ' || c)::uuid, o.id, 'Campaign ' || c, 'active'
            from unnest(@organizations) with ordinality as o (id, number), generate_series(0, @campaigns - 1) c
            """, arguments);
        // Ids in order, so that the keys grow at their ends.
        const string Person = """
            generate_series(1, @Rows) n,
            lateral (select case when n % 100 < 25 then 1 when n % 100 < 40 then 2 when n % 100 < 50 then 3 else 4 + n % 17 end as number) o,
            lateral (select @organizations[o.number] as organization_id, timestamptz '2026-01-01Z' + n % 500000 * interval '1 second' as at,
                ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id) p
            """;
        await Task.WhenAll(
            FillAsync($$"""
                insert into app.contact (
                    id, organization_id, email, email_norm, first_name, last_name, company, country, suppression, suppressed_at, tags, created_at, updated_at)
                select p.id, p.organization_id, n || '@prospect.example', n || '@prospect.example', case when n % 5 > 0 then 'Person ' || n end,
                    case when n % 3 > 0 then 'Family ' || n % 7000 end, case when n % 2 = 0 then 'Company ' || n % 900 end,
                    case when n % 801 = 0 then 'LI' when n % 4 = 0 then 'US' end, case when n % 901 = 0 then 'bounced' else 'none' end,
                    case when n % 901 = 0 then now() end,
                    case when n % 1001 = 0 then array['rare', 'often'] when n % 20 = 0 then array['often'] else '{}' end, p.at, p.at
                from {{Person}}
                """, arguments),
            FillAsync($$"""
                insert into app.lead (
                    id, organization_id, contact_id, campaign_id, agency_id, client_id, assigned_to, status, priority, interest, interest_at, practice_area, tags,
                    custom_fields, score, last_activity_at, created_at, updated_at)
                select p.id, p.organization_id, p.id, md5('campaign ' || o.number || ' ' || n / 100 % @campaigns)::uuid,
                    case when o.number = 1 and n % 2 = 0 then @agency end,
                    case when o.number = 1 and n % 2 = 0 then md5('client ' || n / 200 % 50)::uuid end, case when o.number = 1 and n % 701 = 0 then @owner end,
                    case when n % 1501 = 0 then 'converted' else (array['new', 'contacted', 'responded'])[1 + n % 3] end,
                    case when n % 401 = 0 then 'urgent' else (array['low', 'medium', 'high'])[1 + n % 3] end,
                    case when n % 901 = 0 then 'no_show' end, case when n % 901 = 0 then p.at end, case when n % 801 = 0 then 'Law' end,
                    case when n % 1001 = 0 then array['rare', 'often'] when n % 20 = 0 then array['often'] else '{}' end,
                    case when n % 1101 = 0 then '{"size": "rare"}' when n % 15 = 0 then '{"size": 5}' else '{}'::jsonb end, n % 97,
                    case when n % 4 > 0 then p.at end, p.at, p.at
                from {{Person}}
                """, arguments));
        await FillAsync("""
            insert into app.lead_recency (organization_id, lead_id, updated_at, last_activity_at, score)
            select l.organization_id, l.id, l.updated_at, l.last_activity_at, l.score from app.lead l;
            insert into app.user_contact_assignment (organization_id, user_id, contact_id)
            select k.organization_id, @owner, k.id from app.contact k where k.organization_id = @organizations[1] and right(k.id::text, 2) = '00';
            """, arguments);
        await Task.WhenAll(indexes.OrderBy(index => index.GetHashCode(StringComparison.Ordinal)).Chunk((indexes.Count + 1) / 2).Select(
            half => FillAsync(string.Join(';', half))));
        await ExecuteAsync("analyze app.campaign, app.lead, app.lead_recency, app.contact, app.user_contact_assignment");
    }
}
