using SalesBrain.Core.Access;
using SalesBrain.Data.Sessions;
using SalesBrain.LocalHost.Sandbox.Genesys;

namespace SalesBrain.LocalHost.Demo;

/// <summary>
/// The statements that write the demo data. Everything in it varies by position in a list, so that each filling is alike.
/// </summary>
internal static class DemoRows
{
    /// <summary>Whether every endpoint exists and accepts its token. Deleted endpoints stay deleted.</summary>
    internal static Task<bool> IsFilledAsync(
        PlatformSession session, IReadOnlyCollection<DemoEndpoint> endpoints, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<bool>("""
            select count(*) = cardinality(@ids)
            from unnest(@ids, @tokenHashes) as demo (id, token_hash)
            join app.webhook_endpoint e on e.id = demo.id and (e.token_hash = demo.token_hash or e.deleted_at is not null)
            """, new { ids = endpoints.Select(e => e.Id).ToArray(), tokenHashes = endpoints.Select(e => e.TokenHash).ToArray() }, cancellationToken);

    /// <summary>Waits for another host that is adding demo data, then returns whether the organization exists.</summary>
    internal static async Task<bool> LockAsync(PlatformSession session, string slug, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("select pg_advisory_xact_lock(hashtext('salesbrain.demo'))", null, cancellationToken);
        return await session.QuerySingleAsync<bool>(
            "select exists (select from app.organization where slug = @slug)", new { slug }, cancellationToken);
    }

    /// <summary>Sets the tokens of the endpoints, after the checkout's secrets were generated again or a token was rotated.</summary>
    internal static Task SetTokensAsync(
        PlatformSession session, IReadOnlyCollection<DemoEndpoint> endpoints, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.webhook_endpoint e set
                token_hash = demo.token_hash, token_last4 = demo.token_last4, previous_token_hash = null, previous_token_expires_at = null,
                updated_at = now()
            from unnest(@ids, @tokenHashes, @lasts) as demo (id, token_hash, token_last4)
            where e.id = demo.id and e.deleted_at is null and e.token_hash <> demo.token_hash
            """, new
        {
            ids = endpoints.Select(e => e.Id).ToArray(),
            tokenHashes = endpoints.Select(e => e.TokenHash).ToArray(),
            lasts = endpoints.Select(e => e.TokenLast4).ToArray(),
        }, cancellationToken);

    /// <summary>An organization with its agencies and their clients, as it was founded a year ago.</summary>
    internal static Task InsertOrganizationAsync(
        PlatformSession session, Guid org, DemoOrganization organization, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            insert into app.organization (id, name, slug, timezone, created_at, updated_at)
            values (@org, @Name, @Slug, @Timezone, @founded, @founded);

            insert into app.tenant (organization_id, tenant_key, genesys_org_id, created_at, updated_at) values (@org, @Slug, @genesysOrgId, @founded, @founded);

            insert into app.agency (organization_id, name, domain, email, phone, website, city, metadata, created_at, updated_at)
            select @org, a.name, d.domain, 'hello@' || d.domain, '+1 555 01' || lpad(a.number::text, 2, '0'), 'https://' || d.domain, a.city,
                jsonb_build_object('team_size', 4 + a.number), @founded + a.number * interval '1 hour', @founded + a.number * interval '1 hour'
            from (
                select c.agency as name, min(c.city) as city, row_number() over (order by c.agency) as number
                from unnest(@agencies, @cities) as c (agency, city)
                group by c.agency) a
            cross join lateral (select lower(replace(a.name, ' ', '-')) || '.example' as domain) d;

            insert into app.client (
                organization_id, agency_id, name, contact_email, phone, website, city, industry, status, google_business_profile, created_at, updated_at)
            select @org, a.id, c.name, 'office@' || d.domain, '+1 555 02' || lpad(c.number::text, 2, '0'), 'https://' || d.domain, c.city, c.industry,
                case when c.number % 4 = 0 then 'inactive' else 'active' end,
                case when c.number % 2 = 1 then jsonb_build_object('title', c.name, 'rating', 4.5, 'reviews', 17 * c.number) end,
                @founded + c.number * interval '1 day', @founded + c.number * interval '3 days'
            from unnest(@agencies, @names, @industries, @cities) with ordinality as c (agency, name, industry, city, number)
            join app.agency a on a.organization_id = @org and a.name = c.agency
            cross join lateral (select lower(replace(c.name, ' ', '-')) || '.example' as domain) d
            """, new
        {
            org,
            organization.Name,
            organization.Slug,
            organization.Timezone,
            genesysOrgId = GenesysSandbox.OrganizationOf(organization.Slug),
            founded = now.AddDays(-370),
            agencies = organization.Clients.Select(client => client.Agency).ToArray(),
            names = organization.Clients.Select(client => client.Name).ToArray(),
            industries = organization.Clients.Select(client => client.Industry).ToArray(),
            cities = organization.Clients.Select(client => client.City).ToArray(),
        }, cancellationToken);

    /// <summary>
    /// A user for each role, of the platform where the organization is null; agency and client roles at the first by name.
    /// </summary>
    internal static Task InsertUsersAsync(
        PlatformSession session, DemoOrganization? organization, Guid? org, IReadOnlyList<Role> roles, string passwordHash, DateTime now,
        CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            insert into app.user (
                organization_id, email, email_norm, password_hash, first_name, last_name, role, agency_id, client_id, last_sign_in_at, created_at, updated_at)
            select @org, u.email, u.email, @passwordHash, @firstName, initcap(replace(u.role, '_', ' ')), u.role,
                case when u.level = 'Agency' then (select id from app.agency where organization_id = @org order by name limit 1) end,
                case when u.level = 'Client' then (select id from app.client where organization_id = @org order by name limit 1) end,
                -- The last of them has not been here yet.
                case when u.number < cardinality(@emails) then @now - u.number * interval '7 hours' end,
                @now - interval '58 days' + u.number * interval '1 day', @now - interval '58 days' + u.number * interval '1 day'
            from unnest(@emails, @roles, @levels) with ordinality as u (email, role, level, number)
            """, new
        {
            org,
            now,
            passwordHash,
            firstName = organization is null ? "SalesBrain" : organization.Name.Split(' ')[0],
            emails = roles.Select(role => DemoData.EmailOf(role, organization?.Slug)).ToArray(),
            roles = roles.Select(role => role.Name()).ToArray(),
            levels = roles.Select(role => role.Level().ToString()).ToArray(),
        }, cancellationToken);

    /// <summary>An invited user, a disabled user, and the users that appear in the audit log.</summary>
    internal static Task InsertColleaguesAsync(
        PlatformSession session, Guid org, DemoOrganization organization, string passwordHash, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            insert into app.user (organization_id, email, email_norm, password_hash, first_name, last_name, role, status, last_sign_in_at, created_at, updated_at)
            select @org, u.email, u.email, u.hash, @firstName, u.last_name, 'member', u.status, u.last_sign_in_at, u.created_at, u.updated_at
            from (values
                (@newcomer, null, 'Newcomer', 'invited', null, @now - interval '2 days', @now - interval '2 days'),
                (@former, @passwordHash, 'Former Member', 'disabled', @now - interval '20 days', @now - interval '50 days', @now - interval '10 days')
            ) as u (email, hash, last_name, status, last_sign_in_at, created_at, updated_at);

            insert into app.audit_log (organization_id, actor_id, actor_role, action, entity, entity_id, changes, ip, at)
            select @org, o.id, 'owner', m.action, m.entity, m.id, m.changes, '192.0.2.10', m.at
            from app.user o
            cross join (
                select 'agency.created' as action, 'agency' as entity, id, jsonb_build_object('after', jsonb_build_object('name', name)) as changes, created_at as at
                from app.agency where organization_id = @org
                union all
                select 'client.created', 'client', id, jsonb_build_object('after', jsonb_build_object('name', name)), created_at
                from app.client where organization_id = @org
                union all
                select 'user.created', 'user', id, jsonb_build_object('after', jsonb_build_object('email', email, 'role', role)), created_at
                from app.user where organization_id = @org and role <> 'owner'
                union all
                select 'user.disabled', 'user', id, '{"before": {"status": "active"}, "after": {"status": "disabled"}}', updated_at
                from app.user where organization_id = @org and status = 'disabled'
            ) m
            where o.organization_id = @org and o.role = 'owner'
            """, new
        {
            org,
            now,
            passwordHash,
            firstName = organization.Name.Split(' ')[0],
            newcomer = $"newcomer@{organization.Slug}.example",
            former = $"former@{organization.Slug}.example",
        }, cancellationToken);

    /// <summary>Campaigns, the people they write to, the leads in those that have begun, and who works them.</summary>
    internal static Task InsertCampaignsAsync(
        PlatformSession session, Guid org, DemoOrganization organization, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            insert into app.campaign (
                organization_id, agency_id, client_id, name, status, source, external_id, start_date, end_date, started_at, completed_at,
                created_by, created_at, updated_at)
            select @org, k.agency_id, k.id, c.name, c.status, 'instantly', gen_random_uuid()::text, d.started_at::date, d.completed_at::date, d.started_at,
                d.completed_at, u.id, @now - interval '55 days' + c.number * interval '1 day', coalesce(d.completed_at, d.started_at, @now - interval '7 days')
            from unnest(@campaignClients, @campaignNames, @campaignStatuses) with ordinality as c (client, name, status, number)
            join app.client k on k.organization_id = @org and k.name = c.client
            join app.user u on u.organization_id = @org and u.role = 'owner'
            cross join lateral (
                select case when c.status <> 'draft' then @now - interval '45 days' + c.number * interval '3 days' end as started_at,
                    case when c.status = 'completed' then @now - interval '5 days' end as completed_at) d;

            insert into app.contact (organization_id, email, email_norm, first_name, last_name, company, title, website, created_at, updated_at)
            select @org, e.email, e.email, p.first_name, p.last_name, 'Prospect ' || company, p.first_name || ' ' || p.last_name,
                'https://prospect' || company || '.example', e.created_at, e.created_at
            from generate_series(1, 12) as company
            cross join (values ('Finance', 'Director'), ('Marketing', 'Lead'), ('Office', 'Manager'), ('Operations', 'Head')) as p (first_name, last_name)
            cross join lateral (
                select lower(p.first_name || '.' || p.last_name) || '@prospect' || company || '.example' as email,
                    @now - interval '50 days' + company * interval '17 hours' as created_at) e;

            insert into app.user_contact_assignment (organization_id, user_id, contact_id, assigned_by, assigned_at)
            select @org, u.id, k.id, o.id, @now - interval '40 days'
            from (select id, row_number() over (order by email_norm) as number from app.contact where organization_id = @org) k
            join app.user u on u.organization_id = @org and u.status = 'active' and u.role = case k.number % 4 when 0 then 'member' when 1 then 'agency_staff' end
            join app.user o on o.organization_id = @org and o.role = 'owner';

            insert into app.user_campaign_assignment (organization_id, user_id, campaign_id, role, can_edit, can_manage_contacts, assigned_by, assigned_at)
            select @org, u.id, c.id, r.assignment, r.assignment = 'owner', r.assignment = 'owner', o.id, c.created_at
            from app.campaign c
            cross join (values ('admin', 'owner'), ('member', 'member'), ('agency_staff', 'member')) as r (role, assignment)
            join app.user u on u.organization_id = @org and u.status = 'active' and u.role = r.role and (u.agency_id is null or u.agency_id = c.agency_id)
            join app.user o on o.organization_id = @org and o.role = 'owner'
            where c.organization_id = @org;

            insert into app.lead (
                organization_id, contact_id, campaign_id, agency_id, client_id, status, priority, qualification_score, source, assigned_to, created_by,
                created_at, updated_at)
            select @org, k.id, c.id, c.agency_id, c.client_id,
                case (k.number + c.number) % 11 when 0 then 'qualified' when 5 then 'rejected' else 'new' end,
                (array['low', 'medium', 'medium', 'high', 'urgent'])[1 + (k.number + c.number) % 5],
                case (k.number + c.number) % 11 when 0 then 4 when 5 then 2 end,
                'instantly', (select a.user_id from app.user_contact_assignment a join app.user u on u.organization_id = @org and u.id = a.user_id
                    where a.organization_id = @org and a.contact_id = k.id and (u.agency_id is null or u.agency_id = c.agency_id)),
                c.created_by, c.started_at + k.number * interval '20 minutes', c.started_at + k.number * interval '20 minutes'
            from (select *, row_number() over (order by name) as number from app.campaign where organization_id = @org and started_at is not null) c
            join (select *, row_number() over (order by email_norm) as number from app.contact where organization_id = @org) k on (k.number + c.number) % 3 = 0
            """, new
        {
            org,
            now,
            campaignClients = organization.Campaigns.Select(campaign => campaign.Client).ToArray(),
            campaignNames = organization.Campaigns.Select(campaign => campaign.Name).ToArray(),
            campaignStatuses = organization.Campaigns.Select(campaign => campaign.Status).ToArray(),
        }, cancellationToken);

    /// <summary>The leads of an organization, numbered from 0.</summary>
    internal static Task<List<DemoLead>> GetLeadsAsync(PlatformSession session, Guid org, CancellationToken cancellationToken) =>
        session.QueryAsync<DemoLead>("""
            select (row_number() over (order by l.created_at, l.id) - 1)::int as number, k.email, c.external_id as campaign_external_id,
                c.name as campaign_name, l.created_at
            from app.lead l
            join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
            join app.campaign c on c.organization_id = l.organization_id and c.id = l.campaign_id
            -- Those that Instantly writes to.
            where l.organization_id = @org and c.external_id is not null
            """, new { org }, cancellationToken);

    internal static Task InsertEndpointAsync(
        PlatformSession session, Guid org, DemoEndpoint endpoint, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            insert into app.webhook_endpoint (id, organization_id, source, name, token_hash, token_last4, created_by)
            select @Id, @org, 'instantly', 'Instantly (demo)', @TokenHash, @TokenLast4, u.id
            from app.user u
            where u.organization_id = @org and u.role = 'owner'
            """, new { org, endpoint.Id, endpoint.TokenHash, endpoint.TokenLast4 }, cancellationToken);
}

internal sealed record DemoLead
{
    public int Number { get; init; }
    public string Email { get; init; } = "";
    public string CampaignExternalId { get; init; } = "";
    public string CampaignName { get; init; } = "";
    public DateTime CreatedAt { get; init; }
}
