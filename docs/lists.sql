-- The SQL of every list, as the app sends it.
-- Generated from the functions by `dotnet run --project src/SalesBrain.LocalHost -- docs`; a test fails when it is out of date.
--
-- Each list has an example for each shape of its SQL. A request sends one or more statements in one round trip. A statement
-- that an earlier example has is not printed again. @name is a parameter; the comment has example values.
--
-- A session sends its context in the same round trip before a statement (src/SalesBrain.Data/Sessions). To see the plan of a
-- caller, connect as salesbrain_tenant, or for a platform operator as salesbrain_platform, and set the same context in the
-- transaction of the explain.


-- =========================================================================================================================================
-- ListOrganizations: GET /api/v1/organizations
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Statuses = '{}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0
-- The same for "First page, a platform operator", @org = null
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true);

select o.id, o.name, o.slug, o.status, o.timezone, o.settings, n.tenant_key, n.genesys_org_id, n.genesys_region, o.version, o.created_at, o.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.organization t
            where (@org::uuid is null or t.id = @org) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.organization o on o.id = p.id
left join app.tenant n on n.organization_id = o.id
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.organization t
            where (@org::uuid is null or t.id = @org) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?sort_by=created_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Statuses = '{}', @afterKey = '2026-01-31 09:30:00+00', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0
-- The same for "?sort_by=updated_at&cursor=…, a user of an organization", with t.updated_at (timestamptz) instead of t.created_at
--   (timestamptz)
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select o.id, o.name, o.slug, o.status, o.timezone, o.settings, n.tenant_key, n.genesys_org_id, n.genesys_region, o.version, o.created_at, o.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.organization t
            where (@org::uuid is null or t.id = @org) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (t.created_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.organization o on o.id = p.id
left join app.tenant n on n.organization_id = o.id
order by p.number;

-- ?sort_by=name&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Statuses = '{}', @afterKey = 'example', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select o.id, o.name, o.slug, o.status, o.timezone, o.settings, n.tenant_key, n.genesys_org_id, n.genesys_region, o.version, o.created_at, o.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select t.id, t.sort_name as key, 1 as part
            from app.organization t
            where (@org::uuid is null or t.id = @org) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (t.sort_name, t.id) > (@afterKey::text, @afterId::uuid)
            order by t.sort_name asc, t.id asc
            limit @pageReach
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.organization o on o.id = p.id
left join app.tenant n on n.organization_id = o.id
order by p.number;

-- ?search=acme, a user of an organization
-- @searchOrganizationId = '019c1363-49c0-7000-8000-000000000001', @searchPattern = '%acme%', @org = '019c1363-49c0-7000-8000-000000000001',
--   @Statuses = '{}', @pageReach = 51, @searchTerm = 'acme', @pageLimit = 51, @pageOffset = 0
-- The same for "?search=acme, a platform operator", @searchOrganizationId = null, @org = null
-- Statement 1 of 3: as for "First page, a user of an organization"
with found as materialized (select s.id from app.search_rows('organization', @searchOrganizationId, @searchPattern, 1001) s)
select o.id, o.name, o.slug, o.status, o.timezone, o.settings, n.tenant_key, n.genesys_org_id, n.genesys_region, o.version, o.created_at, o.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.organization t
            where (@org::uuid is null or t.id = @org) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
        union all
        (
            select t.id, t.created_at as key, 1 as part
            from app.organization t
            where (@org::uuid is null or t.id = @org) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.organization o on o.id = p.id
left join app.tenant n on n.organization_id = o.id
order by p.number;

with found as materialized (select s.id from app.search_rows('organization', @searchOrganizationId, @searchPattern, 1001) s)
select count(*)
from (
    select
    from (
        (
            select
            from app.organization t
            where (@org::uuid is null or t.id = @org) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            limit 10001
        )
        union all
        (
            select
            from app.organization t
            where (@org::uuid is null or t.id = @org) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
            limit 10001
        )
    ) f
    limit 10001
) counted;


-- =========================================================================================================================================
-- ListAgencies: GET /api/v1/agencies
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Statuses = '{}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client,
--   @OrganizationId = null
-- The same for "First page, a platform operator", @org = null
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true);

select a.id, a.organization_id, a.name, a.domain, a.email, a.phone, a.website, a.address_line1, a.address_line2, a.city, a.region, a.postal_code,
a.country, a.status, a.metadata, a.version, a.created_at, a.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.agency t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.id = @agency) and @client::uuid is null
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.agency a on a.id = p.id
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.agency t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.id = @agency) and @client::uuid is null
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?sort_by=created_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Statuses = '{}', @afterKey = '2026-01-31 09:30:00+00', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId = null
-- The same for "?sort_by=updated_at&cursor=…, a user of an organization", with t.updated_at (timestamptz) instead of t.created_at
--   (timestamptz)
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select a.id, a.organization_id, a.name, a.domain, a.email, a.phone, a.website, a.address_line1, a.address_line2, a.city, a.region, a.postal_code,
a.country, a.status, a.metadata, a.version, a.created_at, a.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.agency t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.id = @agency) and @client::uuid is null
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (t.created_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.agency a on a.id = p.id
order by p.number;

-- ?sort_by=name&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Statuses = '{}', @afterKey = 'example', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select a.id, a.organization_id, a.name, a.domain, a.email, a.phone, a.website, a.address_line1, a.address_line2, a.city, a.region, a.postal_code,
a.country, a.status, a.metadata, a.version, a.created_at, a.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select t.id, t.sort_name as key, 1 as part
            from app.agency t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.id = @agency) and @client::uuid is null
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (t.sort_name, t.id) > (@afterKey::text, @afterId::uuid)
            order by t.sort_name asc, t.id asc
            limit @pageReach
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.agency a on a.id = p.id
order by p.number;

-- ?search=acme, a user of an organization
-- @searchOrganizationId = '019c1363-49c0-7000-8000-000000000001', @searchPattern = '%acme%', @org = '019c1363-49c0-7000-8000-000000000001',
--   @Statuses = '{}', @pageReach = 51, @searchTerm = 'acme', @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId = null
-- The same for "?search=acme, a platform operator", @searchOrganizationId = null, @org = null
-- Statement 1 of 3: as for "First page, a user of an organization"
with found as materialized (select s.id from app.search_rows('agency', @searchOrganizationId, @searchPattern, 1001) s)
select a.id, a.organization_id, a.name, a.domain, a.email, a.phone, a.website, a.address_line1, a.address_line2, a.city, a.region, a.postal_code,
a.country, a.status, a.metadata, a.version, a.created_at, a.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.agency t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.id = @agency) and @client::uuid is null
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
        union all
        (
            select t.id, t.created_at as key, 1 as part
            from app.agency t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.id = @agency) and @client::uuid is null
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.agency a on a.id = p.id
order by p.number;

with found as materialized (select s.id from app.search_rows('agency', @searchOrganizationId, @searchPattern, 1001) s)
select count(*)
from (
    select
    from (
        (
            select
            from app.agency t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.id = @agency) and @client::uuid is null
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            limit 10001
        )
        union all
        (
            select
            from app.agency t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.id = @agency) and @client::uuid is null
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
            limit 10001
        )
    ) f
    limit 10001
) counted;


-- =========================================================================================================================================
-- ListClients: GET /api/v1/clients
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Statuses = '{}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client,
--   @OrganizationId, @AgencyId = null
-- The same for "First page, a platform operator", @org = null
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true);

select c.id, c.organization_id, c.agency_id, a.name as agency_name, c.name, c.contact_email, c.phone, c.website, c.address_line1, c.address_line2,
c.city, c.region, c.postal_code, c.country, c.industry, c.status, c.google_business_profile, c.google_search_console, c.google_analytics,
c.metadata, c.version, c.created_at, c.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.client t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency) and (@client::uuid is null or t.id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.client c on c.id = p.id
left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.client t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency) and (@client::uuid is null or t.id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?sort_by=created_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Statuses = '{}', @afterKey = '2026-01-31 09:30:00+00', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId, @AgencyId
--   = null
-- The same for "?sort_by=updated_at&cursor=…, a user of an organization", with t.updated_at (timestamptz) instead of t.created_at
--   (timestamptz)
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select c.id, c.organization_id, c.agency_id, a.name as agency_name, c.name, c.contact_email, c.phone, c.website, c.address_line1, c.address_line2,
c.city, c.region, c.postal_code, c.country, c.industry, c.status, c.google_business_profile, c.google_search_console, c.google_analytics,
c.metadata, c.version, c.created_at, c.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.client t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency) and (@client::uuid is null or t.id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (t.created_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.client c on c.id = p.id
left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
order by p.number;

-- ?sort_by=name&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Statuses = '{}', @afterKey = 'example', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId, @AgencyId
--   = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select c.id, c.organization_id, c.agency_id, a.name as agency_name, c.name, c.contact_email, c.phone, c.website, c.address_line1, c.address_line2,
c.city, c.region, c.postal_code, c.country, c.industry, c.status, c.google_business_profile, c.google_search_console, c.google_analytics,
c.metadata, c.version, c.created_at, c.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select t.id, t.sort_name as key, 1 as part
            from app.client t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency) and (@client::uuid is null or t.id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (t.sort_name, t.id) > (@afterKey::text, @afterId::uuid)
            order by t.sort_name asc, t.id asc
            limit @pageReach
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.client c on c.id = p.id
left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
order by p.number;

-- ?search=acme, a user of an organization
-- @searchOrganizationId = '019c1363-49c0-7000-8000-000000000001', @searchPattern = '%acme%', @org = '019c1363-49c0-7000-8000-000000000001',
--   @Statuses = '{}', @pageReach = 51, @searchTerm = 'acme', @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId, @AgencyId
--   = null
-- The same for "?search=acme, a platform operator", @searchOrganizationId = null, @org = null
-- Statement 1 of 3: as for "First page, a user of an organization"
with found as materialized (select s.id from app.search_rows('client', @searchOrganizationId, @searchPattern, 1001) s)
select c.id, c.organization_id, c.agency_id, a.name as agency_name, c.name, c.contact_email, c.phone, c.website, c.address_line1, c.address_line2,
c.city, c.region, c.postal_code, c.country, c.industry, c.status, c.google_business_profile, c.google_search_console, c.google_analytics,
c.metadata, c.version, c.created_at, c.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.client t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency) and (@client::uuid is null or t.id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
        union all
        (
            select t.id, t.created_at as key, 1 as part
            from app.client t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency) and (@client::uuid is null or t.id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.client c on c.id = p.id
left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
order by p.number;

with found as materialized (select s.id from app.search_rows('client', @searchOrganizationId, @searchPattern, 1001) s)
select count(*)
from (
    select
    from (
        (
            select
            from app.client t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency) and (@client::uuid is null or t.id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            limit 10001
        )
        union all
        (
            select
            from app.client t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency) and (@client::uuid is null or t.id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
            limit 10001
        )
    ) f
    limit 10001
) counted;


-- =========================================================================================================================================
-- ListUsers: GET /api/v1/users
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Roles = '{}', @Statuses = '{}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0,
--   @agency, @client, @OrganizationId, @AgencyId, @ClientId = null
-- The same for "First page, a platform operator", @org = null
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true);

select u.id, u.organization_id, u.email, e.email as pending_email, u.first_name, u.last_name, u.role, u.agency_id, a.name as agency_name, u.client_id, c.name as client_name,
u.status, u.last_sign_in_at, u.version, u.created_at, u.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.user t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.user u on u.id = p.id
left join app.agency a on a.organization_id = u.organization_id and a.id = u.agency_id
left join app.client c on c.organization_id = u.organization_id and c.id = u.client_id
left join app.email_change e on e.user_id = u.id and e.expires_at > now()
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.user t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?sort_by=created_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Roles = '{}', @Statuses = '{}', @afterKey = '2026-01-31 09:30:00+00', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId,
--   @AgencyId, @ClientId = null
-- The same for "?sort_by=updated_at&cursor=…, a user of an organization", with t.updated_at (timestamptz) instead of t.created_at
--   (timestamptz)
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select u.id, u.organization_id, u.email, e.email as pending_email, u.first_name, u.last_name, u.role, u.agency_id, a.name as agency_name, u.client_id, c.name as client_name,
u.status, u.last_sign_in_at, u.version, u.created_at, u.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.user t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (t.created_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.user u on u.id = p.id
left join app.agency a on a.organization_id = u.organization_id and a.id = u.agency_id
left join app.client c on c.organization_id = u.organization_id and c.id = u.client_id
left join app.email_change e on e.user_id = u.id and e.expires_at > now()
order by p.number;

-- ?sort_by=name&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Roles = '{}', @Statuses = '{}', @afterKey = 'example', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId,
--   @AgencyId, @ClientId = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select u.id, u.organization_id, u.email, e.email as pending_email, u.first_name, u.last_name, u.role, u.agency_id, a.name as agency_name, u.client_id, c.name as client_name,
u.status, u.last_sign_in_at, u.version, u.created_at, u.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select t.id, t.sort_name as key, 1 as part
            from app.user t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and t.sort_name is not null
                and (t.sort_name, t.id) > (@afterKey::text, @afterId::uuid)
            order by t.sort_name asc, t.id asc
            limit @pageReach
        )
        union all
        (
            select t.id, t.sort_name as key, 2 as part
            from app.user t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and t.sort_name is null
            order by t.sort_name asc, t.id asc
            limit @pageReach
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.user u on u.id = p.id
left join app.agency a on a.organization_id = u.organization_id and a.id = u.agency_id
left join app.client c on c.organization_id = u.organization_id and c.id = u.client_id
left join app.email_change e on e.user_id = u.id and e.expires_at > now()
order by p.number;

-- ?sort_by=email&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Roles = '{}', @Statuses = '{}', @afterKey = 'example', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId,
--   @AgencyId, @ClientId = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select u.id, u.organization_id, u.email, e.email as pending_email, u.first_name, u.last_name, u.role, u.agency_id, a.name as agency_name, u.client_id, c.name as client_name,
u.status, u.last_sign_in_at, u.version, u.created_at, u.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select t.id, t.email_norm as key, 1 as part
            from app.user t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (t.email_norm, t.id) > (@afterKey::text, @afterId::uuid)
            order by t.email_norm asc, t.id asc
            limit @pageReach
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.user u on u.id = p.id
left join app.agency a on a.organization_id = u.organization_id and a.id = u.agency_id
left join app.client c on c.organization_id = u.organization_id and c.id = u.client_id
left join app.email_change e on e.user_id = u.id and e.expires_at > now()
order by p.number;

-- ?sort_by=last_sign_in_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Roles = '{}', @Statuses = '{}', @afterKey = '2026-01-31 09:30:00+00', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId,
--   @AgencyId, @ClientId = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select u.id, u.organization_id, u.email, e.email as pending_email, u.first_name, u.last_name, u.role, u.agency_id, a.name as agency_name, u.client_id, c.name as client_name,
u.status, u.last_sign_in_at, u.version, u.created_at, u.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.last_sign_in_at as key, 1 as part
            from app.user t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and t.last_sign_in_at is not null
                and (t.last_sign_in_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.last_sign_in_at desc, t.id desc
            limit @pageReach
        )
        union all
        (
            select t.id, t.last_sign_in_at as key, 2 as part
            from app.user t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and t.last_sign_in_at is null
            order by t.last_sign_in_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.user u on u.id = p.id
left join app.agency a on a.organization_id = u.organization_id and a.id = u.agency_id
left join app.client c on c.organization_id = u.organization_id and c.id = u.client_id
left join app.email_change e on e.user_id = u.id and e.expires_at > now()
order by p.number;

-- ?sort_by=last_sign_in_at&cursor=…, after a row without the key, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Roles = '{}', @Statuses = '{}', @afterId = '019c1363-49c0-7000-8000-000000000005',
--   @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId, @AgencyId, @ClientId = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select u.id, u.organization_id, u.email, e.email as pending_email, u.first_name, u.last_name, u.role, u.agency_id, a.name as agency_name, u.client_id, c.name as client_name,
u.status, u.last_sign_in_at, u.version, u.created_at, u.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.last_sign_in_at as key, 2 as part
            from app.user t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and t.last_sign_in_at is null
                and t.id < @afterId::uuid
            order by t.last_sign_in_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.user u on u.id = p.id
left join app.agency a on a.organization_id = u.organization_id and a.id = u.agency_id
left join app.client c on c.organization_id = u.organization_id and c.id = u.client_id
left join app.email_change e on e.user_id = u.id and e.expires_at > now()
order by p.number;

-- ?search=acme, a user of an organization
-- @searchOrganizationId = '019c1363-49c0-7000-8000-000000000001', @searchPattern = '%acme%', @org = '019c1363-49c0-7000-8000-000000000001',
--   @Roles = '{}', @Statuses = '{}', @pageReach = 51, @searchTerm = 'acme', @pageLimit = 51, @pageOffset = 0, @agency, @client,
--   @OrganizationId, @AgencyId, @ClientId = null
-- The same for "?search=acme, a platform operator", @searchOrganizationId = null, @org = null
-- Statement 1 of 3: as for "First page, a user of an organization"
with found as materialized (select s.id from app.search_rows('user', @searchOrganizationId, @searchPattern, 1001) s)
select u.id, u.organization_id, u.email, e.email as pending_email, u.first_name, u.last_name, u.role, u.agency_id, a.name as agency_name, u.client_id, c.name as client_name,
u.status, u.last_sign_in_at, u.version, u.created_at, u.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.user t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
        union all
        (
            select t.id, t.created_at as key, 1 as part
            from app.user t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.user u on u.id = p.id
left join app.agency a on a.organization_id = u.organization_id and a.id = u.agency_id
left join app.client c on c.organization_id = u.organization_id and c.id = u.client_id
left join app.email_change e on e.user_id = u.id and e.expires_at > now()
order by p.number;

with found as materialized (select s.id from app.search_rows('user', @searchOrganizationId, @searchPattern, 1001) s)
select count(*)
from (
    select
    from (
        (
            select
            from app.user t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            limit 10001
        )
        union all
        (
            select
            from app.user t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?search=acme, a user of an agency
-- @org = '019c1363-49c0-7000-8000-000000000001', @agency = '019c1363-49c0-7000-8000-000000000002', @Roles = '{}', @Statuses = '{}',
--   @searchTerm = 'acme', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @client, @OrganizationId, @AgencyId, @ClientId = null
-- Statement 1 of 3: as for "First page, a user of an organization"
select u.id, u.organization_id, u.email, e.email as pending_email, u.first_name, u.last_name, u.role, u.agency_id, a.name as agency_name, u.client_id, c.name as client_name,
u.status, u.last_sign_in_at, u.version, u.created_at, u.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.user t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and strpos(t.search_text, @searchTerm) > 0
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.user u on u.id = p.id
left join app.agency a on a.organization_id = u.organization_id and a.id = u.agency_id
left join app.client c on c.organization_id = u.organization_id and c.id = u.client_id
left join app.email_change e on e.user_id = u.id and e.expires_at > now()
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.user t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (cardinality(@Roles) = 0 or t.role = any (@Roles)) and (cardinality(@Statuses) = 0 or t.status = any (@Statuses))
                and strpos(t.search_text, @searchTerm) > 0
            limit 10001
        )
    ) f
    limit 10001
) counted;


-- =========================================================================================================================================
-- ListCampaigns: GET /api/v1/campaigns
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client,
--   @OrganizationId, @AgencyId, @ClientId = null
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true);

select c.id, c.organization_id, c.agency_id, a.name as agency_name, c.client_id, l.name as client_name, c.name, c.description, c.status, c.source,
c.external_id, c.start_date, c.end_date, c.started_at, c.completed_at, c.settings, c.target_audience, c.created_by, c.version, c.created_at,
c.updated_at, n.leads as leads_count, n.contacted as contacted_count, n.opened as opened_count, n.clicked as clicked_count, n.replied as replied_count,
n.bounced as bounced_count, n.unsubscribed as unsubscribed_count, n.interested as interested_count, n.contacted_leads, n.opened_leads,
n.clicked_leads, n.replied_leads, n.bounced_leads, n.unsubscribed_leads, n.interested_leads, n.qualified_leads, n.converted_leads,
n.contact_rate, n.open_rate, n.reply_rate, n.interest_rate, n.qualification_rate, n.conversion_rate, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.campaign t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.campaign c on c.id = p.id
join app.campaign_performance n on n.organization_id = c.organization_id and n.campaign_id = c.id
left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
left join app.client l on l.organization_id = c.organization_id and l.id = c.client_id
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.campaign t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- First page, a platform operator
-- @statuses = '{}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @org, @agency, @client, @OrganizationId, @AgencyId, @ClientId = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select c.id, c.organization_id, c.agency_id, a.name as agency_name, c.client_id, l.name as client_name, c.name, c.description, c.status, c.source,
c.external_id, c.start_date, c.end_date, c.started_at, c.completed_at, c.settings, c.target_audience, c.created_by, c.version, c.created_at,
c.updated_at, n.leads as leads_count, n.contacted as contacted_count, n.opened as opened_count, n.clicked as clicked_count, n.replied as replied_count,
n.bounced as bounced_count, n.unsubscribed as unsubscribed_count, n.interested as interested_count, n.contacted_leads, n.opened_leads,
n.clicked_leads, n.replied_leads, n.bounced_leads, n.unsubscribed_leads, n.interested_leads, n.qualified_leads, n.converted_leads,
n.contact_rate, n.open_rate, n.reply_rate, n.interest_rate, n.qualification_rate, n.conversion_rate, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.created_at as key, 1 as part
                from app.campaign t
                where t.deleted_at is null
                    and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                    and (@client::uuid is null or t.client_id = @client)
                    and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                    and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                    and t.organization_id = o.id
                order by t.created_at desc, t.id desc
                limit @pageReach
            ) e
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.campaign c on c.id = p.id
join app.campaign_performance n on n.organization_id = c.organization_id and n.campaign_id = c.id
left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
left join app.client l on l.organization_id = c.organization_id and l.id = c.client_id
order by p.number;

-- ?sort_by=created_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @afterKey = '2026-01-31 09:30:00+00', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId,
--   @AgencyId, @ClientId = null
-- The same for "?sort_by=updated_at&cursor=…, a user of an organization", with t.updated_at (timestamptz) instead of t.created_at
--   (timestamptz)
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select c.id, c.organization_id, c.agency_id, a.name as agency_name, c.client_id, l.name as client_name, c.name, c.description, c.status, c.source,
c.external_id, c.start_date, c.end_date, c.started_at, c.completed_at, c.settings, c.target_audience, c.created_by, c.version, c.created_at,
c.updated_at, n.leads as leads_count, n.contacted as contacted_count, n.opened as opened_count, n.clicked as clicked_count, n.replied as replied_count,
n.bounced as bounced_count, n.unsubscribed as unsubscribed_count, n.interested as interested_count, n.contacted_leads, n.opened_leads,
n.clicked_leads, n.replied_leads, n.bounced_leads, n.unsubscribed_leads, n.interested_leads, n.qualified_leads, n.converted_leads,
n.contact_rate, n.open_rate, n.reply_rate, n.interest_rate, n.qualification_rate, n.conversion_rate, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.campaign t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (t.created_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.campaign c on c.id = p.id
join app.campaign_performance n on n.organization_id = c.organization_id and n.campaign_id = c.id
left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
left join app.client l on l.organization_id = c.organization_id and l.id = c.client_id
order by p.number;

-- ?sort_by=name&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @afterKey = 'example', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId,
--   @AgencyId, @ClientId = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select c.id, c.organization_id, c.agency_id, a.name as agency_name, c.client_id, l.name as client_name, c.name, c.description, c.status, c.source,
c.external_id, c.start_date, c.end_date, c.started_at, c.completed_at, c.settings, c.target_audience, c.created_by, c.version, c.created_at,
c.updated_at, n.leads as leads_count, n.contacted as contacted_count, n.opened as opened_count, n.clicked as clicked_count, n.replied as replied_count,
n.bounced as bounced_count, n.unsubscribed as unsubscribed_count, n.interested as interested_count, n.contacted_leads, n.opened_leads,
n.clicked_leads, n.replied_leads, n.bounced_leads, n.unsubscribed_leads, n.interested_leads, n.qualified_leads, n.converted_leads,
n.contact_rate, n.open_rate, n.reply_rate, n.interest_rate, n.qualification_rate, n.conversion_rate, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select t.id, t.sort_name as key, 1 as part
            from app.campaign t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (t.sort_name, t.id) > (@afterKey::text, @afterId::uuid)
            order by t.sort_name asc, t.id asc
            limit @pageReach
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.campaign c on c.id = p.id
join app.campaign_performance n on n.organization_id = c.organization_id and n.campaign_id = c.id
left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
left join app.client l on l.organization_id = c.organization_id and l.id = c.client_id
order by p.number;

-- ?sort_by=status&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @afterKey = '42', @afterId = '019c1363-49c0-7000-8000-000000000005',
--   @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId, @AgencyId, @ClientId = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select c.id, c.organization_id, c.agency_id, a.name as agency_name, c.client_id, l.name as client_name, c.name, c.description, c.status, c.source,
c.external_id, c.start_date, c.end_date, c.started_at, c.completed_at, c.settings, c.target_audience, c.created_by, c.version, c.created_at,
c.updated_at, n.leads as leads_count, n.contacted as contacted_count, n.opened as opened_count, n.clicked as clicked_count, n.replied as replied_count,
n.bounced as bounced_count, n.unsubscribed as unsubscribed_count, n.interested as interested_count, n.contacted_leads, n.opened_leads,
n.clicked_leads, n.replied_leads, n.bounced_leads, n.unsubscribed_leads, n.interested_leads, n.qualified_leads, n.converted_leads,
n.contact_rate, n.open_rate, n.reply_rate, n.interest_rate, n.qualification_rate, n.conversion_rate, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select t.id, s.place as key, 1 as part
            from app.campaign t
            join lateral (
                select array_position('{draft,active,paused,completed,archived}', t.status) as place
            ) s on true
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and s.place >= @afterKey::integer
                and (s.place, t.id) > (@afterKey::integer, @afterId::uuid)
            order by s.place asc, t.id asc
            limit @pageReach
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.campaign c on c.id = p.id
join app.campaign_performance n on n.organization_id = c.organization_id and n.campaign_id = c.id
left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
left join app.client l on l.organization_id = c.organization_id and l.id = c.client_id
order by p.number;

-- ?sort_by=leads_count&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @afterKey = '42', @afterId = '019c1363-49c0-7000-8000-000000000005',
--   @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId, @AgencyId, @ClientId = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select c.id, c.organization_id, c.agency_id, a.name as agency_name, c.client_id, l.name as client_name, c.name, c.description, c.status, c.source,
c.external_id, c.start_date, c.end_date, c.started_at, c.completed_at, c.settings, c.target_audience, c.created_by, c.version, c.created_at,
c.updated_at, n.leads as leads_count, n.contacted as contacted_count, n.opened as opened_count, n.clicked as clicked_count, n.replied as replied_count,
n.bounced as bounced_count, n.unsubscribed as unsubscribed_count, n.interested as interested_count, n.contacted_leads, n.opened_leads,
n.clicked_leads, n.replied_leads, n.bounced_leads, n.unsubscribed_leads, n.interested_leads, n.qualified_leads, n.converted_leads,
n.contact_rate, n.open_rate, n.reply_rate, n.interest_rate, n.qualification_rate, n.conversion_rate, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, s.leads_count as key, 1 as part
            from app.campaign t
            join lateral (
                select coalesce(sum(k.leads), 0)::integer as leads_count,
                    round(1000000 * sum(k.replied_leads)::numeric / nullif(sum(k.contacted_leads), 0))::integer as reply_rate
                from app.campaign_counter k
                where k.organization_id = t.organization_id and k.campaign_id = t.id
            ) s on true
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and s.leads_count <= @afterKey::integer
                and (s.leads_count, t.id) < (@afterKey::integer, @afterId::uuid)
            order by s.leads_count desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.campaign c on c.id = p.id
join app.campaign_performance n on n.organization_id = c.organization_id and n.campaign_id = c.id
left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
left join app.client l on l.organization_id = c.organization_id and l.id = c.client_id
order by p.number;

-- ?sort_by=reply_rate&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @afterKey = '42', @afterId = '019c1363-49c0-7000-8000-000000000005',
--   @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId, @AgencyId, @ClientId = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select c.id, c.organization_id, c.agency_id, a.name as agency_name, c.client_id, l.name as client_name, c.name, c.description, c.status, c.source,
c.external_id, c.start_date, c.end_date, c.started_at, c.completed_at, c.settings, c.target_audience, c.created_by, c.version, c.created_at,
c.updated_at, n.leads as leads_count, n.contacted as contacted_count, n.opened as opened_count, n.clicked as clicked_count, n.replied as replied_count,
n.bounced as bounced_count, n.unsubscribed as unsubscribed_count, n.interested as interested_count, n.contacted_leads, n.opened_leads,
n.clicked_leads, n.replied_leads, n.bounced_leads, n.unsubscribed_leads, n.interested_leads, n.qualified_leads, n.converted_leads,
n.contact_rate, n.open_rate, n.reply_rate, n.interest_rate, n.qualification_rate, n.conversion_rate, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, s.reply_rate as key, 1 as part
            from app.campaign t
            join lateral (
                select coalesce(sum(k.leads), 0)::integer as leads_count,
                    round(1000000 * sum(k.replied_leads)::numeric / nullif(sum(k.contacted_leads), 0))::integer as reply_rate
                from app.campaign_counter k
                where k.organization_id = t.organization_id and k.campaign_id = t.id
            ) s on true
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and s.reply_rate is not null
                and s.reply_rate <= @afterKey::integer
                and (s.reply_rate, t.id) < (@afterKey::integer, @afterId::uuid)
            order by s.reply_rate desc, t.id desc
            limit @pageReach
        )
        union all
        (
            select t.id, s.reply_rate as key, 2 as part
            from app.campaign t
            join lateral (
                select coalesce(sum(k.leads), 0)::integer as leads_count,
                    round(1000000 * sum(k.replied_leads)::numeric / nullif(sum(k.contacted_leads), 0))::integer as reply_rate
                from app.campaign_counter k
                where k.organization_id = t.organization_id and k.campaign_id = t.id
            ) s on true
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and s.reply_rate is null
            order by t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.campaign c on c.id = p.id
join app.campaign_performance n on n.organization_id = c.organization_id and n.campaign_id = c.id
left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
left join app.client l on l.organization_id = c.organization_id and l.id = c.client_id
order by p.number;

-- ?sort_by=reply_rate&cursor=…, after a row without the key, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @afterId = '019c1363-49c0-7000-8000-000000000005', @pageReach = 51,
--   @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId, @AgencyId, @ClientId = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select c.id, c.organization_id, c.agency_id, a.name as agency_name, c.client_id, l.name as client_name, c.name, c.description, c.status, c.source,
c.external_id, c.start_date, c.end_date, c.started_at, c.completed_at, c.settings, c.target_audience, c.created_by, c.version, c.created_at,
c.updated_at, n.leads as leads_count, n.contacted as contacted_count, n.opened as opened_count, n.clicked as clicked_count, n.replied as replied_count,
n.bounced as bounced_count, n.unsubscribed as unsubscribed_count, n.interested as interested_count, n.contacted_leads, n.opened_leads,
n.clicked_leads, n.replied_leads, n.bounced_leads, n.unsubscribed_leads, n.interested_leads, n.qualified_leads, n.converted_leads,
n.contact_rate, n.open_rate, n.reply_rate, n.interest_rate, n.qualification_rate, n.conversion_rate, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, s.reply_rate as key, 2 as part
            from app.campaign t
            join lateral (
                select coalesce(sum(k.leads), 0)::integer as leads_count,
                    round(1000000 * sum(k.replied_leads)::numeric / nullif(sum(k.contacted_leads), 0))::integer as reply_rate
                from app.campaign_counter k
                where k.organization_id = t.organization_id and k.campaign_id = t.id
            ) s on true
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and s.reply_rate is null
                and t.id < @afterId::uuid
            order by t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.campaign c on c.id = p.id
join app.campaign_performance n on n.organization_id = c.organization_id and n.campaign_id = c.id
left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
left join app.client l on l.organization_id = c.organization_id and l.id = c.client_id
order by p.number;

-- ?search=acme, a user of an organization
-- @searchOrganizationId = '019c1363-49c0-7000-8000-000000000001', @searchPattern = '%acme%', @org = '019c1363-49c0-7000-8000-000000000001',
--   @statuses = '{}', @pageReach = 51, @searchTerm = 'acme', @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId,
--   @AgencyId, @ClientId = null
-- Statement 1 of 3: as for "First page, a user of an organization"
with found as materialized (select s.id from app.search_rows('campaign', @searchOrganizationId, @searchPattern, 1001) s)
select c.id, c.organization_id, c.agency_id, a.name as agency_name, c.client_id, l.name as client_name, c.name, c.description, c.status, c.source,
c.external_id, c.start_date, c.end_date, c.started_at, c.completed_at, c.settings, c.target_audience, c.created_by, c.version, c.created_at,
c.updated_at, n.leads as leads_count, n.contacted as contacted_count, n.opened as opened_count, n.clicked as clicked_count, n.replied as replied_count,
n.bounced as bounced_count, n.unsubscribed as unsubscribed_count, n.interested as interested_count, n.contacted_leads, n.opened_leads,
n.clicked_leads, n.replied_leads, n.bounced_leads, n.unsubscribed_leads, n.interested_leads, n.qualified_leads, n.converted_leads,
n.contact_rate, n.open_rate, n.reply_rate, n.interest_rate, n.qualification_rate, n.conversion_rate, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.campaign t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
        union all
        (
            select t.id, t.created_at as key, 1 as part
            from app.campaign t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.campaign c on c.id = p.id
join app.campaign_performance n on n.organization_id = c.organization_id and n.campaign_id = c.id
left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
left join app.client l on l.organization_id = c.organization_id and l.id = c.client_id
order by p.number;

with found as materialized (select s.id from app.search_rows('campaign', @searchOrganizationId, @searchPattern, 1001) s)
select count(*)
from (
    select
    from (
        (
            select
            from app.campaign t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            limit 10001
        )
        union all
        (
            select
            from app.campaign t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?search=acme, a platform operator
-- @searchPattern = '%acme%', @statuses = '{}', @pageReach = 51, @searchTerm = 'acme', @pageLimit = 51, @pageOffset = 0,
--   @searchOrganizationId, @org, @agency, @client, @OrganizationId, @AgencyId, @ClientId = null
-- Statement 1 of 3: as for "First page, a user of an organization"
-- Statement 3 of 3: as for "?search=acme, a user of an organization"
with found as materialized (select s.id from app.search_rows('campaign', @searchOrganizationId, @searchPattern, 1001) s)
select c.id, c.organization_id, c.agency_id, a.name as agency_name, c.client_id, l.name as client_name, c.name, c.description, c.status, c.source,
c.external_id, c.start_date, c.end_date, c.started_at, c.completed_at, c.settings, c.target_audience, c.created_by, c.version, c.created_at,
c.updated_at, n.leads as leads_count, n.contacted as contacted_count, n.opened as opened_count, n.clicked as clicked_count, n.replied as replied_count,
n.bounced as bounced_count, n.unsubscribed as unsubscribed_count, n.interested as interested_count, n.contacted_leads, n.opened_leads,
n.clicked_leads, n.replied_leads, n.bounced_leads, n.unsubscribed_leads, n.interested_leads, n.qualified_leads, n.converted_leads,
n.contact_rate, n.open_rate, n.reply_rate, n.interest_rate, n.qualification_rate, n.conversion_rate, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.created_at as key, 1 as part
                from app.campaign t
                where t.deleted_at is null
                    and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                    and (@client::uuid is null or t.client_id = @client)
                    and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                    and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                    and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
                    and t.organization_id = o.id
                order by t.created_at desc, t.id desc
                limit @pageReach
            ) e
        )
        union all
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.created_at as key, 1 as part
                from app.campaign t
                where t.deleted_at is null
                    and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                    and (@client::uuid is null or t.client_id = @client)
                    and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
                    and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                    and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
                    and t.organization_id = o.id
                order by t.created_at desc, t.id desc
                limit @pageReach
            ) e
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.campaign c on c.id = p.id
join app.campaign_performance n on n.organization_id = c.organization_id and n.campaign_id = c.id
left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
left join app.client l on l.organization_id = c.organization_id and l.id = c.client_id
order by p.number;


-- =========================================================================================================================================
-- ListLeads: GET /api/v1/leads
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @priorities = '{}', @interests = '{}', @Unassigned = false, @tags =
--   '{}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId, @CampaignId, @ClientId, @AssignedTo,
--   @PracticeArea = null
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true);

select l.id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, l.campaign_id, g.name as campaign_name, l.agency_id,
l.client_id, c.name as client_name, l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.practice_area, l.source, l.tags,
l.score, l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name, l.created_by, l.deal_amount,
l.deal_currency, l.deal_entered_by, l.expected_close_date, l.closed_at, l.sent_count, l.opened_count, l.clicked_count, l.replied_count,
l.last_activity_at, l.version, l.created_at, l.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.lead t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.lead l on l.id = p.id
left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.lead t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- First page, a platform operator
-- @statuses = '{}', @priorities = '{}', @interests = '{}', @Unassigned = false, @tags = '{}', @pageReach = 51, @pageLimit = 51, @pageOffset
--   = 0, @org, @agency, @client, @OrganizationId, @CampaignId, @ClientId, @AssignedTo, @PracticeArea = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select l.id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, l.campaign_id, g.name as campaign_name, l.agency_id,
l.client_id, c.name as client_name, l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.practice_area, l.source, l.tags,
l.score, l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name, l.created_by, l.deal_amount,
l.deal_currency, l.deal_entered_by, l.expected_close_date, l.closed_at, l.sent_count, l.opened_count, l.clicked_count, l.replied_count,
l.last_activity_at, l.version, l.created_at, l.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.created_at as key, 1 as part
                from app.lead t
                where t.deleted_at is null
                    and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                    and (@client::uuid is null or t.client_id = @client)
                    and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                    and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                    and (cardinality(@interests) = 0 or t.interest = any (@interests))
                    and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                    and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                    and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                    and t.organization_id = o.id
                order by t.created_at desc, t.id desc
                limit @pageReach
            ) e
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.lead l on l.id = p.id
left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
order by p.number;

-- ?sort_by=created_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @priorities = '{}', @interests = '{}', @Unassigned = false, @tags =
--   '{}', @afterKey = '2026-01-31 09:30:00+00', @afterId = '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51,
--   @pageOffset = 0, @agency, @client, @OrganizationId, @CampaignId, @ClientId, @AssignedTo, @PracticeArea = null
-- The same for "?sort_by=priority&cursor=…, a user of an organization", with t.sort_priority (integer) instead of t.created_at
--   (timestamptz), @afterKey = '42'
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select l.id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, l.campaign_id, g.name as campaign_name, l.agency_id,
l.client_id, c.name as client_name, l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.practice_area, l.source, l.tags,
l.score, l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name, l.created_by, l.deal_amount,
l.deal_currency, l.deal_entered_by, l.expected_close_date, l.closed_at, l.sent_count, l.opened_count, l.clicked_count, l.replied_count,
l.last_activity_at, l.version, l.created_at, l.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.lead t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (t.created_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.lead l on l.id = p.id
left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
order by p.number;

-- ?sort_by=updated_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @priorities = '{}', @interests = '{}', @Unassigned = false, @tags =
--   '{}', @afterKey = '2026-01-31 09:30:00+00', @afterId = '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51,
--   @pageOffset = 0, @agency, @client, @OrganizationId, @CampaignId, @ClientId, @AssignedTo, @PracticeArea = null
-- The same for "?sort_by=score&cursor=…, a user of an organization", with r.score (integer) instead of r.updated_at (timestamptz),
--   @afterKey = '42'
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select l.id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, l.campaign_id, g.name as campaign_name, l.agency_id,
l.client_id, c.name as client_name, l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.practice_area, l.source, l.tags,
l.score, l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name, l.created_by, l.deal_amount,
l.deal_currency, l.deal_entered_by, l.expected_close_date, l.closed_at, l.sent_count, l.opened_count, l.clicked_count, l.replied_count,
l.last_activity_at, l.version, l.created_at, l.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, r.updated_at as key, 1 as part
            from app.lead t
            join app.lead_recency r on r.organization_id = t.organization_id and r.lead_id = t.id
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (r.updated_at, r.lead_id) < (@afterKey::timestamptz, @afterId::uuid)
            order by r.updated_at desc, r.lead_id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.lead l on l.id = p.id
left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
order by p.number;

-- ?sort_by=status&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @priorities = '{}', @interests = '{}', @Unassigned = false, @tags =
--   '{}', @afterKey = '42', @afterId = '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency,
--   @client, @OrganizationId, @CampaignId, @ClientId, @AssignedTo, @PracticeArea = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select l.id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, l.campaign_id, g.name as campaign_name, l.agency_id,
l.client_id, c.name as client_name, l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.practice_area, l.source, l.tags,
l.score, l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name, l.created_by, l.deal_amount,
l.deal_currency, l.deal_entered_by, l.expected_close_date, l.closed_at, l.sent_count, l.opened_count, l.clicked_count, l.replied_count,
l.last_activity_at, l.version, l.created_at, l.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select t.id, t.sort_status as key, 1 as part
            from app.lead t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (t.sort_status, t.id) > (@afterKey::integer, @afterId::uuid)
            order by t.sort_status asc, t.id asc
            limit @pageReach
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.lead l on l.id = p.id
left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
order by p.number;

-- ?sort_by=last_activity_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @priorities = '{}', @interests = '{}', @Unassigned = false, @tags =
--   '{}', @afterKey = '2026-01-31 09:30:00+00', @afterId = '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51,
--   @pageOffset = 0, @agency, @client, @OrganizationId, @CampaignId, @ClientId, @AssignedTo, @PracticeArea = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select l.id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, l.campaign_id, g.name as campaign_name, l.agency_id,
l.client_id, c.name as client_name, l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.practice_area, l.source, l.tags,
l.score, l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name, l.created_by, l.deal_amount,
l.deal_currency, l.deal_entered_by, l.expected_close_date, l.closed_at, l.sent_count, l.opened_count, l.clicked_count, l.replied_count,
l.last_activity_at, l.version, l.created_at, l.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, r.last_activity_at as key, 1 as part
            from app.lead t
            join app.lead_recency r on r.organization_id = t.organization_id and r.lead_id = t.id
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and r.last_activity_at is not null
                and (r.last_activity_at, r.lead_id) < (@afterKey::timestamptz, @afterId::uuid)
            order by r.last_activity_at desc, r.lead_id desc
            limit @pageReach
        )
        union all
        (
            select t.id, r.last_activity_at as key, 2 as part
            from app.lead t
            join app.lead_recency r on r.organization_id = t.organization_id and r.lead_id = t.id
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and r.last_activity_at is null
            order by r.last_activity_at desc, r.lead_id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.lead l on l.id = p.id
left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
order by p.number;

-- ?sort_by=last_name&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @priorities = '{}', @interests = '{}', @Unassigned = false, @tags =
--   '{}', @afterKey = 'example', @afterId = '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0,
--   @agency, @client, @OrganizationId, @CampaignId, @ClientId, @AssignedTo, @PracticeArea = null
-- The same for "?sort_by=company&cursor=…, a user of an organization", with k.sort_company (text) instead of k.sort_last_name (text)
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select l.id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, l.campaign_id, g.name as campaign_name, l.agency_id,
l.client_id, c.name as client_name, l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.practice_area, l.source, l.tags,
l.score, l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name, l.created_by, l.deal_amount,
l.deal_currency, l.deal_entered_by, l.expected_close_date, l.closed_at, l.sent_count, l.opened_count, l.clicked_count, l.replied_count,
l.last_activity_at, l.version, l.created_at, l.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select t.id, k.sort_last_name as key, 1 as part
            from app.lead t
            join app.contact k on k.organization_id = t.organization_id and k.id = t.contact_id
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and k.sort_last_name is not null
                and k.sort_last_name >= @afterKey::text
                and (k.sort_last_name, t.id) > (@afterKey::text, @afterId::uuid)
            order by k.sort_last_name asc, t.id asc
            limit @pageReach
        )
        union all
        (
            select t.id, k.sort_last_name as key, 2 as part
            from app.lead t
            join app.contact k on k.organization_id = t.organization_id and k.id = t.contact_id
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and k.sort_last_name is null
            order by t.id asc
            limit @pageReach
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.lead l on l.id = p.id
left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
order by p.number;

-- ?sort_by=company&cursor=…, after a row without the key, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @priorities = '{}', @interests = '{}', @Unassigned = false, @tags =
--   '{}', @afterId = '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client,
--   @OrganizationId, @CampaignId, @ClientId, @AssignedTo, @PracticeArea = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select l.id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, l.campaign_id, g.name as campaign_name, l.agency_id,
l.client_id, c.name as client_name, l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.practice_area, l.source, l.tags,
l.score, l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name, l.created_by, l.deal_amount,
l.deal_currency, l.deal_entered_by, l.expected_close_date, l.closed_at, l.sent_count, l.opened_count, l.clicked_count, l.replied_count,
l.last_activity_at, l.version, l.created_at, l.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select t.id, k.sort_company as key, 2 as part
            from app.lead t
            join app.contact k on k.organization_id = t.organization_id and k.id = t.contact_id
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and k.sort_company is null
                and t.id > @afterId::uuid
            order by t.id asc
            limit @pageReach
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.lead l on l.id = p.id
left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
order by p.number;

-- ?search=acme, a user of an organization
-- @searchOrganizationId = '019c1363-49c0-7000-8000-000000000001', @searchPattern = '%acme%', @org = '019c1363-49c0-7000-8000-000000000001',
--   @statuses = '{}', @priorities = '{}', @interests = '{}', @Unassigned = false, @tags = '{}', @pageReach = 51, @searchTerm = 'acme',
--   @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId, @CampaignId, @ClientId, @AssignedTo, @PracticeArea = null
-- The same for "?search=acme, a user of an agency", @agency = '019c1363-49c0-7000-8000-000000000002'
-- Statement 1 of 3: as for "First page, a user of an organization"
with found as materialized (select s.id from app.search_leads(@searchOrganizationId, @searchPattern, 1001) s)
select l.id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, l.campaign_id, g.name as campaign_name, l.agency_id,
l.client_id, c.name as client_name, l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.practice_area, l.source, l.tags,
l.score, l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name, l.created_by, l.deal_amount,
l.deal_currency, l.deal_entered_by, l.expected_close_date, l.closed_at, l.sent_count, l.opened_count, l.clicked_count, l.replied_count,
l.last_activity_at, l.version, l.created_at, l.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.lead t
            join app.contact k on k.organization_id = t.organization_id and k.id = t.contact_id
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
        union all
        (
            select t.id, t.created_at as key, 1 as part
            from app.lead t
            join app.contact k on k.organization_id = t.organization_id and k.id = t.contact_id
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) > 1000 and strpos(k.search_text, @searchTerm) > 0
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.lead l on l.id = p.id
left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
order by p.number;

with found as materialized (select s.id from app.search_leads(@searchOrganizationId, @searchPattern, 1001) s)
select count(*)
from (
    select
    from (
        (
            select
            from app.lead t
            join app.contact k on k.organization_id = t.organization_id and k.id = t.contact_id
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            limit 10001
        )
        union all
        (
            select
            from app.lead t
            join app.contact k on k.organization_id = t.organization_id and k.id = t.contact_id
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) > 1000 and strpos(k.search_text, @searchTerm) > 0
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?search=acme, a platform operator
-- @searchPattern = '%acme%', @statuses = '{}', @priorities = '{}', @interests = '{}', @Unassigned = false, @tags = '{}', @pageReach = 51,
--   @searchTerm = 'acme', @pageLimit = 51, @pageOffset = 0, @searchOrganizationId, @org, @agency, @client, @OrganizationId, @CampaignId,
--   @ClientId, @AssignedTo, @PracticeArea = null
-- Statement 1 of 3: as for "First page, a user of an organization"
-- Statement 3 of 3: as for "?search=acme, a user of an organization"
with found as materialized (select s.id from app.search_leads(@searchOrganizationId, @searchPattern, 1001) s)
select l.id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, l.campaign_id, g.name as campaign_name, l.agency_id,
l.client_id, c.name as client_name, l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.practice_area, l.source, l.tags,
l.score, l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name, l.created_by, l.deal_amount,
l.deal_currency, l.deal_entered_by, l.expected_close_date, l.closed_at, l.sent_count, l.opened_count, l.clicked_count, l.replied_count,
l.last_activity_at, l.version, l.created_at, l.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.created_at as key, 1 as part
                from app.lead t
                join app.contact k on k.organization_id = t.organization_id and k.id = t.contact_id
                where t.deleted_at is null
                    and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                    and (@client::uuid is null or t.client_id = @client)
                    and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                    and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                    and (cardinality(@interests) = 0 or t.interest = any (@interests))
                    and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                    and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                    and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                    and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
                    and t.organization_id = o.id
                order by t.created_at desc, t.id desc
                limit @pageReach
            ) e
        )
        union all
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.created_at as key, 1 as part
                from app.lead t
                join app.contact k on k.organization_id = t.organization_id and k.id = t.contact_id
                where t.deleted_at is null
                    and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                    and (@client::uuid is null or t.client_id = @client)
                    and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                    and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                    and (cardinality(@interests) = 0 or t.interest = any (@interests))
                    and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                    and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                    and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                    and (select count(*) from found) > 1000 and strpos(k.search_text, @searchTerm) > 0
                    and t.organization_id = o.id
                order by t.created_at desc, t.id desc
                limit @pageReach
            ) e
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.lead l on l.id = p.id
left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
order by p.number;

-- ?tags=warm, a user of an organization
-- @searchOrganizationId = '019c1363-49c0-7000-8000-000000000001', @tags = '{warm}', @org = '019c1363-49c0-7000-8000-000000000001',
--   @statuses = '{}', @priorities = '{}', @interests = '{}', @Unassigned = false, @pageReach = 51, @pageLimit = 51, @pageOffset = 0,
--   @agency, @client, @OrganizationId, @CampaignId, @ClientId, @AssignedTo, @PracticeArea = null
-- Statement 1 of 3: as for "First page, a user of an organization"
with found as materialized (select s.id from app.find_tagged_leads(@searchOrganizationId, @tags, 1001) s)
select l.id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, l.campaign_id, g.name as campaign_name, l.agency_id,
l.client_id, c.name as client_name, l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.practice_area, l.source, l.tags,
l.score, l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name, l.created_by, l.deal_amount,
l.deal_currency, l.deal_entered_by, l.expected_close_date, l.closed_at, l.sent_count, l.opened_count, l.clicked_count, l.replied_count,
l.last_activity_at, l.version, l.created_at, l.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.lead t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
        union all
        (
            select t.id, t.created_at as key, 1 as part
            from app.lead t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) > 1000 and true
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.lead l on l.id = p.id
left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
order by p.number;

with found as materialized (select s.id from app.find_tagged_leads(@searchOrganizationId, @tags, 1001) s)
select count(*)
from (
    select
    from (
        (
            select
            from app.lead t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            limit 10001
        )
        union all
        (
            select
            from app.lead t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) > 1000 and true
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?min_score=60, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @priorities = '{}', @interests = '{}', @Unassigned = false, @tags =
--   '{}', @MinScore = 60, @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId, @CampaignId, @ClientId,
--   @AssignedTo, @PracticeArea = null
-- Statement 1 of 3: as for "First page, a user of an organization"
select l.id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, l.campaign_id, g.name as campaign_name, l.agency_id,
l.client_id, c.name as client_name, l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.practice_area, l.source, l.tags,
l.score, l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name, l.created_by, l.deal_amount,
l.deal_currency, l.deal_entered_by, l.expected_close_date, l.closed_at, l.sent_count, l.opened_count, l.clicked_count, l.replied_count,
l.last_activity_at, l.version, l.created_at, l.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.lead t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and exists (
                    select from app.lead_recency r where r.organization_id = t.organization_id and r.lead_id = t.id and r.score >= @MinScore)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.lead l on l.id = p.id
left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.lead t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and exists (
                    select from app.lead_recency r where r.organization_id = t.organization_id and r.lead_id = t.id and r.score >= @MinScore)
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?custom.size=50, a user of an organization
-- @searchOrganizationId = '019c1363-49c0-7000-8000-000000000001', @customFilters = '[[{"size":"50"},{"size":50}]]', @org =
--   '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @priorities = '{}', @interests = '{}', @Unassigned = false, @tags = '{}',
--   @custom0 = '{{"size":"50"},{"size":50}}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @client, @OrganizationId,
--   @CampaignId, @ClientId, @AssignedTo, @PracticeArea = null
-- Statement 1 of 3: as for "First page, a user of an organization"
with found as materialized (select s.id from app.find_leads_by_custom_fields(@searchOrganizationId, @customFilters::jsonb, 1001) s)
select l.id, l.organization_id, l.contact_id, k.email, k.first_name, k.last_name, k.company, l.campaign_id, g.name as campaign_name, l.agency_id,
l.client_id, c.name as client_name, l.status, l.interest, l.interest_label, l.priority, l.qualification_score, l.practice_area, l.source, l.tags,
l.score, l.assigned_to, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as assignee_name, l.created_by, l.deal_amount,
l.deal_currency, l.deal_entered_by, l.expected_close_date, l.closed_at, l.sent_count, l.opened_count, l.clicked_count, l.replied_count,
l.last_activity_at, l.version, l.created_at, l.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.lead t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and coalesce(t.custom_fields @> any (@custom0::text[]::jsonb[]), false)
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
        union all
        (
            select t.id, t.created_at as key, 1 as part
            from app.lead t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and coalesce(t.custom_fields @> any (@custom0::text[]::jsonb[]), false)
                and (select count(*) from found) > 1000 and true
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.lead l on l.id = p.id
left join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
left join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
left join app.client c on c.organization_id = l.organization_id and c.id = l.client_id
left join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
order by p.number;

with found as materialized (select s.id from app.find_leads_by_custom_fields(@searchOrganizationId, @customFilters::jsonb, 1001) s)
select count(*)
from (
    select
    from (
        (
            select
            from app.lead t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and coalesce(t.custom_fields @> any (@custom0::text[]::jsonb[]), false)
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            limit 10001
        )
        union all
        (
            select
            from app.lead t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@client::uuid is null or t.client_id = @client)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@statuses) = 0 or t.sort_status = any (@statuses)) and (cardinality(@priorities) = 0 or t.sort_priority = any (@priorities))
                and (cardinality(@interests) = 0 or t.interest = any (@interests))
                and (@CampaignId::uuid is null or t.campaign_id = @CampaignId) and (@ClientId::uuid is null or t.client_id = @ClientId)
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @Unassigned or t.assigned_to is null)
                and (@PracticeArea::text is null or t.practice_area = @PracticeArea) and (cardinality(@tags) = 0 or t.tags @> @tags)
                and coalesce(t.custom_fields @> any (@custom0::text[]::jsonb[]), false)
                and (select count(*) from found) > 1000 and true
            limit 10001
        )
    ) f
    limit 10001
) counted;


-- =========================================================================================================================================
-- ListDataSources: GET /api/v1/data-sources
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @types = '{}', @statuses = '{}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0,
--   @agency, @OrganizationId = null
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true);

select s.id, s.organization_id, s.agency_id, s.name, s.type, s.status, s.config, s.credentials_sealed is not null as has_credentials, s.credentials_last4,
s.requests_per_minute, s.file_id, s.tested_at, s.test_ok, s.test_code, s.test_message, s.test_latency_ms, s.jobs_total, s.jobs_completed,
s.jobs_failed, s.leads_created, s.leads_updated, s.last_job_at, s.created_by, s.version, s.created_at, s.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select t.id, t.sort_name as key, 1 as part
            from app.data_source t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@types) = 0 or t.type = any (@types)) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
            order by t.sort_name asc, t.id asc
            limit @pageReach
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.data_source s on s.id = p.id
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.data_source t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@types) = 0 or t.type = any (@types)) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- First page, a platform operator
-- @types = '{}', @statuses = '{}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @org, @agency, @OrganizationId = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select s.id, s.organization_id, s.agency_id, s.name, s.type, s.status, s.config, s.credentials_sealed is not null as has_credentials, s.credentials_last4,
s.requests_per_minute, s.file_id, s.tested_at, s.test_ok, s.test_code, s.test_message, s.test_latency_ms, s.jobs_total, s.jobs_completed,
s.jobs_failed, s.leads_created, s.leads_updated, s.last_job_at, s.created_by, s.version, s.created_at, s.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.sort_name as key, 1 as part
                from app.data_source t
                where t.deleted_at is null
                    and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id is null or t.agency_id = @agency)
                    and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                    and (cardinality(@types) = 0 or t.type = any (@types)) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                    and t.organization_id = o.id
                order by t.sort_name asc, t.id asc
                limit @pageReach
            ) e
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.data_source s on s.id = p.id
order by p.number;

-- ?sort_by=name&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @types = '{}', @statuses = '{}', @afterKey = 'example', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @OrganizationId = null
-- The same for "?sort_by=type&cursor=…, a user of an organization", with t.type (text) instead of t.sort_name (text)
-- The same for "?sort_by=status&cursor=…, a user of an organization", with t.status (text) instead of t.sort_name (text)
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select s.id, s.organization_id, s.agency_id, s.name, s.type, s.status, s.config, s.credentials_sealed is not null as has_credentials, s.credentials_last4,
s.requests_per_minute, s.file_id, s.tested_at, s.test_ok, s.test_code, s.test_message, s.test_latency_ms, s.jobs_total, s.jobs_completed,
s.jobs_failed, s.leads_created, s.leads_updated, s.last_job_at, s.created_by, s.version, s.created_at, s.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select t.id, t.sort_name as key, 1 as part
            from app.data_source t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@types) = 0 or t.type = any (@types)) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (t.sort_name, t.id) > (@afterKey::text, @afterId::uuid)
            order by t.sort_name asc, t.id asc
            limit @pageReach
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.data_source s on s.id = p.id
order by p.number;

-- ?sort_by=created_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @types = '{}', @statuses = '{}', @afterKey = '2026-01-31 09:30:00+00', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @OrganizationId = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select s.id, s.organization_id, s.agency_id, s.name, s.type, s.status, s.config, s.credentials_sealed is not null as has_credentials, s.credentials_last4,
s.requests_per_minute, s.file_id, s.tested_at, s.test_ok, s.test_code, s.test_message, s.test_latency_ms, s.jobs_total, s.jobs_completed,
s.jobs_failed, s.leads_created, s.leads_updated, s.last_job_at, s.created_by, s.version, s.created_at, s.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.data_source t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@types) = 0 or t.type = any (@types)) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (t.created_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.data_source s on s.id = p.id
order by p.number;

-- ?sort_by=last_job_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @types = '{}', @statuses = '{}', @afterKey = '2026-01-31 09:30:00+00', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @OrganizationId = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select s.id, s.organization_id, s.agency_id, s.name, s.type, s.status, s.config, s.credentials_sealed is not null as has_credentials, s.credentials_last4,
s.requests_per_minute, s.file_id, s.tested_at, s.test_ok, s.test_code, s.test_message, s.test_latency_ms, s.jobs_total, s.jobs_completed,
s.jobs_failed, s.leads_created, s.leads_updated, s.last_job_at, s.created_by, s.version, s.created_at, s.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.last_job_at as key, 1 as part
            from app.data_source t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@types) = 0 or t.type = any (@types)) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and t.last_job_at is not null
                and (t.last_job_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.last_job_at desc, t.id desc
            limit @pageReach
        )
        union all
        (
            select t.id, t.last_job_at as key, 2 as part
            from app.data_source t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@types) = 0 or t.type = any (@types)) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and t.last_job_at is null
            order by t.last_job_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.data_source s on s.id = p.id
order by p.number;

-- ?sort_by=last_job_at&cursor=…, after a row without the key, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @types = '{}', @statuses = '{}', @afterId = '019c1363-49c0-7000-8000-000000000005',
--   @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @OrganizationId = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select s.id, s.organization_id, s.agency_id, s.name, s.type, s.status, s.config, s.credentials_sealed is not null as has_credentials, s.credentials_last4,
s.requests_per_minute, s.file_id, s.tested_at, s.test_ok, s.test_code, s.test_message, s.test_latency_ms, s.jobs_total, s.jobs_completed,
s.jobs_failed, s.leads_created, s.leads_updated, s.last_job_at, s.created_by, s.version, s.created_at, s.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.last_job_at as key, 2 as part
            from app.data_source t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@types) = 0 or t.type = any (@types)) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and t.last_job_at is null
                and t.id < @afterId::uuid
            order by t.last_job_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.data_source s on s.id = p.id
order by p.number;

-- ?search=acme, a user of an organization
-- @searchOrganizationId = '019c1363-49c0-7000-8000-000000000001', @searchPattern = '%acme%', @org = '019c1363-49c0-7000-8000-000000000001',
--   @types = '{}', @statuses = '{}', @pageReach = 51, @searchTerm = 'acme', @pageLimit = 51, @pageOffset = 0, @agency, @OrganizationId =
--   null
-- Statement 1 of 3: as for "First page, a user of an organization"
with found as materialized (select s.id from app.search_rows('data_source', @searchOrganizationId, @searchPattern, 1001) s)
select s.id, s.organization_id, s.agency_id, s.name, s.type, s.status, s.config, s.credentials_sealed is not null as has_credentials, s.credentials_last4,
s.requests_per_minute, s.file_id, s.tested_at, s.test_ok, s.test_code, s.test_message, s.test_latency_ms, s.jobs_total, s.jobs_completed,
s.jobs_failed, s.leads_created, s.leads_updated, s.last_job_at, s.created_by, s.version, s.created_at, s.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select t.id, t.sort_name as key, 1 as part
            from app.data_source t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@types) = 0 or t.type = any (@types)) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            order by t.sort_name asc, t.id asc
            limit @pageReach
        )
        union all
        (
            select t.id, t.sort_name as key, 1 as part
            from app.data_source t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@types) = 0 or t.type = any (@types)) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
            order by t.sort_name asc, t.id asc
            limit @pageReach
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.data_source s on s.id = p.id
order by p.number;

with found as materialized (select s.id from app.search_rows('data_source', @searchOrganizationId, @searchPattern, 1001) s)
select count(*)
from (
    select
    from (
        (
            select
            from app.data_source t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@types) = 0 or t.type = any (@types)) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            limit 10001
        )
        union all
        (
            select
            from app.data_source t
            where t.deleted_at is null
                and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@types) = 0 or t.type = any (@types)) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?search=acme, a platform operator
-- @searchPattern = '%acme%', @types = '{}', @statuses = '{}', @pageReach = 51, @searchTerm = 'acme', @pageLimit = 51, @pageOffset = 0,
--   @searchOrganizationId, @org, @agency, @OrganizationId = null
-- Statement 1 of 3: as for "First page, a user of an organization"
-- Statement 3 of 3: as for "?search=acme, a user of an organization"
with found as materialized (select s.id from app.search_rows('data_source', @searchOrganizationId, @searchPattern, 1001) s)
select s.id, s.organization_id, s.agency_id, s.name, s.type, s.status, s.config, s.credentials_sealed is not null as has_credentials, s.credentials_last4,
s.requests_per_minute, s.file_id, s.tested_at, s.test_ok, s.test_code, s.test_message, s.test_latency_ms, s.jobs_total, s.jobs_completed,
s.jobs_failed, s.leads_created, s.leads_updated, s.last_job_at, s.created_by, s.version, s.created_at, s.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.sort_name as key, 1 as part
                from app.data_source t
                where t.deleted_at is null
                    and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id is null or t.agency_id = @agency)
                    and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                    and (cardinality(@types) = 0 or t.type = any (@types)) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                    and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
                    and t.organization_id = o.id
                order by t.sort_name asc, t.id asc
                limit @pageReach
            ) e
        )
        union all
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.sort_name as key, 1 as part
                from app.data_source t
                where t.deleted_at is null
                    and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id is null or t.agency_id = @agency)
                    and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                    and (cardinality(@types) = 0 or t.type = any (@types)) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                    and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
                    and t.organization_id = o.id
                order by t.sort_name asc, t.id asc
                limit @pageReach
            ) e
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.data_source s on s.id = p.id
order by p.number;


-- =========================================================================================================================================
-- ListJobs: GET /api/v1/jobs
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency,
--   @OrganizationId, @DataSourceId, @CampaignId, @CreatedFrom, @CreatedTo = null
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true);

select j.id, j.organization_id, j.data_source_id, s.name as data_source_name, s.type as data_source_type, j.campaign_id, c.name as campaign_name,
j.agency_id, j.client_id, j.name, j.parameters, j.status, j.requested, j.attempt, j.processed, j.total, j.created, j.updated, j.skipped, j.failed,
j.credits, j.worked_ms, j.error_code, j.error_message, j.next_run_at, j.created_by, j.started_by, j.started_at, j.paused_at, j.completed_at,
j.failed_at, j.cancelled_at, j.undo_started_at, j.undone_at, j.version, j.created_at, j.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.import_job t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (@DataSourceId::uuid is null or t.data_source_id = @DataSourceId) and (@CampaignId::uuid is null or t.campaign_id = @CampaignId)
                and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (@CreatedFrom::timestamptz is null or t.created_at >= @CreatedFrom) and (@CreatedTo::timestamptz is null or t.created_at < @CreatedTo)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.import_job j on j.id = p.id
left join app.data_source s on s.organization_id = j.organization_id and s.id = j.data_source_id
left join app.campaign c on c.organization_id = j.organization_id and c.id = j.campaign_id
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.import_job t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (@DataSourceId::uuid is null or t.data_source_id = @DataSourceId) and (@CampaignId::uuid is null or t.campaign_id = @CampaignId)
                and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (@CreatedFrom::timestamptz is null or t.created_at >= @CreatedFrom) and (@CreatedTo::timestamptz is null or t.created_at < @CreatedTo)
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- First page, a platform operator
-- @statuses = '{}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @org, @agency, @OrganizationId, @DataSourceId, @CampaignId,
--   @CreatedFrom, @CreatedTo = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select j.id, j.organization_id, j.data_source_id, s.name as data_source_name, s.type as data_source_type, j.campaign_id, c.name as campaign_name,
j.agency_id, j.client_id, j.name, j.parameters, j.status, j.requested, j.attempt, j.processed, j.total, j.created, j.updated, j.skipped, j.failed,
j.credits, j.worked_ms, j.error_code, j.error_message, j.next_run_at, j.created_by, j.started_by, j.started_at, j.paused_at, j.completed_at,
j.failed_at, j.cancelled_at, j.undo_started_at, j.undone_at, j.version, j.created_at, j.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.created_at as key, 1 as part
                from app.import_job t
                where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                    and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                    and (@DataSourceId::uuid is null or t.data_source_id = @DataSourceId) and (@CampaignId::uuid is null or t.campaign_id = @CampaignId)
                    and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                    and (@CreatedFrom::timestamptz is null or t.created_at >= @CreatedFrom) and (@CreatedTo::timestamptz is null or t.created_at < @CreatedTo)
                    and t.organization_id = o.id
                order by t.created_at desc, t.id desc
                limit @pageReach
            ) e
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.import_job j on j.id = p.id
left join app.data_source s on s.organization_id = j.organization_id and s.id = j.data_source_id
left join app.campaign c on c.organization_id = j.organization_id and c.id = j.campaign_id
order by p.number;

-- ?sort_by=created_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @afterKey = '2026-01-31 09:30:00+00', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @OrganizationId, @DataSourceId,
--   @CampaignId, @CreatedFrom, @CreatedTo = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select j.id, j.organization_id, j.data_source_id, s.name as data_source_name, s.type as data_source_type, j.campaign_id, c.name as campaign_name,
j.agency_id, j.client_id, j.name, j.parameters, j.status, j.requested, j.attempt, j.processed, j.total, j.created, j.updated, j.skipped, j.failed,
j.credits, j.worked_ms, j.error_code, j.error_message, j.next_run_at, j.created_by, j.started_by, j.started_at, j.paused_at, j.completed_at,
j.failed_at, j.cancelled_at, j.undo_started_at, j.undone_at, j.version, j.created_at, j.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.import_job t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (@DataSourceId::uuid is null or t.data_source_id = @DataSourceId) and (@CampaignId::uuid is null or t.campaign_id = @CampaignId)
                and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (@CreatedFrom::timestamptz is null or t.created_at >= @CreatedFrom) and (@CreatedTo::timestamptz is null or t.created_at < @CreatedTo)
                and (t.created_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.import_job j on j.id = p.id
left join app.data_source s on s.organization_id = j.organization_id and s.id = j.data_source_id
left join app.campaign c on c.organization_id = j.organization_id and c.id = j.campaign_id
order by p.number;

-- ?sort_by=updated_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @afterKey = '2026-01-31 09:30:00+00', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @agency, @OrganizationId, @DataSourceId,
--   @CampaignId, @CreatedFrom, @CreatedTo = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select j.id, j.organization_id, j.data_source_id, s.name as data_source_name, s.type as data_source_type, j.campaign_id, c.name as campaign_name,
j.agency_id, j.client_id, j.name, j.parameters, j.status, j.requested, j.attempt, j.processed, j.total, j.created, j.updated, j.skipped, j.failed,
j.credits, j.worked_ms, j.error_code, j.error_message, j.next_run_at, j.created_by, j.started_by, j.started_at, j.paused_at, j.completed_at,
j.failed_at, j.cancelled_at, j.undo_started_at, j.undone_at, j.version, j.created_at, j.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.updated_at as key, 1 as part
            from app.import_job t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (@DataSourceId::uuid is null or t.data_source_id = @DataSourceId) and (@CampaignId::uuid is null or t.campaign_id = @CampaignId)
                and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (@CreatedFrom::timestamptz is null or t.created_at >= @CreatedFrom) and (@CreatedTo::timestamptz is null or t.created_at < @CreatedTo)
                and (t.updated_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.updated_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.import_job j on j.id = p.id
left join app.data_source s on s.organization_id = j.organization_id and s.id = j.data_source_id
left join app.campaign c on c.organization_id = j.organization_id and c.id = j.campaign_id
order by p.number;


-- =========================================================================================================================================
-- ListSourceJobs: GET /api/v1/data-sources/{data_source_id}/jobs
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @DataSourceId = '019c1363-49c0-7000-8000-000000000005', @statuses = '{}', @pageReach = 51,
--   @pageLimit = 51, @pageOffset = 0, @agency, @OrganizationId, @CampaignId, @CreatedFrom, @CreatedTo = null
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true);

select j.id, j.organization_id, j.data_source_id, s.name as data_source_name, s.type as data_source_type, j.campaign_id, c.name as campaign_name,
j.agency_id, j.client_id, j.name, j.parameters, j.status, j.requested, j.attempt, j.processed, j.total, j.created, j.updated, j.skipped, j.failed,
j.credits, j.worked_ms, j.error_code, j.error_message, j.next_run_at, j.created_by, j.started_by, j.started_at, j.paused_at, j.completed_at,
j.failed_at, j.cancelled_at, j.undo_started_at, j.undone_at, j.version, j.created_at, j.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.import_job t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (@DataSourceId::uuid is null or t.data_source_id = @DataSourceId) and (@CampaignId::uuid is null or t.campaign_id = @CampaignId)
                and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (@CreatedFrom::timestamptz is null or t.created_at >= @CreatedFrom) and (@CreatedTo::timestamptz is null or t.created_at < @CreatedTo)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.import_job j on j.id = p.id
left join app.data_source s on s.organization_id = j.organization_id and s.id = j.data_source_id
left join app.campaign c on c.organization_id = j.organization_id and c.id = j.campaign_id
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.import_job t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (@DataSourceId::uuid is null or t.data_source_id = @DataSourceId) and (@CampaignId::uuid is null or t.campaign_id = @CampaignId)
                and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (@CreatedFrom::timestamptz is null or t.created_at >= @CreatedFrom) and (@CreatedTo::timestamptz is null or t.created_at < @CreatedTo)
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- First page, a platform operator
-- @DataSourceId = '019c1363-49c0-7000-8000-000000000005', @statuses = '{}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @org,
--   @agency, @OrganizationId, @CampaignId, @CreatedFrom, @CreatedTo = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select j.id, j.organization_id, j.data_source_id, s.name as data_source_name, s.type as data_source_type, j.campaign_id, c.name as campaign_name,
j.agency_id, j.client_id, j.name, j.parameters, j.status, j.requested, j.attempt, j.processed, j.total, j.created, j.updated, j.skipped, j.failed,
j.credits, j.worked_ms, j.error_code, j.error_message, j.next_run_at, j.created_by, j.started_by, j.started_at, j.paused_at, j.completed_at,
j.failed_at, j.cancelled_at, j.undo_started_at, j.undone_at, j.version, j.created_at, j.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.created_at as key, 1 as part
                from app.import_job t
                where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                    and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                    and (@DataSourceId::uuid is null or t.data_source_id = @DataSourceId) and (@CampaignId::uuid is null or t.campaign_id = @CampaignId)
                    and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                    and (@CreatedFrom::timestamptz is null or t.created_at >= @CreatedFrom) and (@CreatedTo::timestamptz is null or t.created_at < @CreatedTo)
                    and t.organization_id = o.id
                order by t.created_at desc, t.id desc
                limit @pageReach
            ) e
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.import_job j on j.id = p.id
left join app.data_source s on s.organization_id = j.organization_id and s.id = j.data_source_id
left join app.campaign c on c.organization_id = j.organization_id and c.id = j.campaign_id
order by p.number;

-- ?sort_by=created_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @DataSourceId = '019c1363-49c0-7000-8000-000000000005', @statuses = '{}', @afterKey =
--   '2026-01-31 09:30:00+00', @afterId = '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0,
--   @agency, @OrganizationId, @CampaignId, @CreatedFrom, @CreatedTo = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select j.id, j.organization_id, j.data_source_id, s.name as data_source_name, s.type as data_source_type, j.campaign_id, c.name as campaign_name,
j.agency_id, j.client_id, j.name, j.parameters, j.status, j.requested, j.attempt, j.processed, j.total, j.created, j.updated, j.skipped, j.failed,
j.credits, j.worked_ms, j.error_code, j.error_message, j.next_run_at, j.created_by, j.started_by, j.started_at, j.paused_at, j.completed_at,
j.failed_at, j.cancelled_at, j.undo_started_at, j.undone_at, j.version, j.created_at, j.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.import_job t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (@DataSourceId::uuid is null or t.data_source_id = @DataSourceId) and (@CampaignId::uuid is null or t.campaign_id = @CampaignId)
                and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (@CreatedFrom::timestamptz is null or t.created_at >= @CreatedFrom) and (@CreatedTo::timestamptz is null or t.created_at < @CreatedTo)
                and (t.created_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.import_job j on j.id = p.id
left join app.data_source s on s.organization_id = j.organization_id and s.id = j.data_source_id
left join app.campaign c on c.organization_id = j.organization_id and c.id = j.campaign_id
order by p.number;

-- ?sort_by=updated_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @DataSourceId = '019c1363-49c0-7000-8000-000000000005', @statuses = '{}', @afterKey =
--   '2026-01-31 09:30:00+00', @afterId = '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0,
--   @agency, @OrganizationId, @CampaignId, @CreatedFrom, @CreatedTo = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select j.id, j.organization_id, j.data_source_id, s.name as data_source_name, s.type as data_source_type, j.campaign_id, c.name as campaign_name,
j.agency_id, j.client_id, j.name, j.parameters, j.status, j.requested, j.attempt, j.processed, j.total, j.created, j.updated, j.skipped, j.failed,
j.credits, j.worked_ms, j.error_code, j.error_message, j.next_run_at, j.created_by, j.started_by, j.started_at, j.paused_at, j.completed_at,
j.failed_at, j.cancelled_at, j.undo_started_at, j.undone_at, j.version, j.created_at, j.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.updated_at as key, 1 as part
            from app.import_job t
            where (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
                and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (@DataSourceId::uuid is null or t.data_source_id = @DataSourceId) and (@CampaignId::uuid is null or t.campaign_id = @CampaignId)
                and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (@CreatedFrom::timestamptz is null or t.created_at >= @CreatedFrom) and (@CreatedTo::timestamptz is null or t.created_at < @CreatedTo)
                and (t.updated_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.updated_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.import_job j on j.id = p.id
left join app.data_source s on s.organization_id = j.organization_id and s.id = j.data_source_id
left join app.campaign c on c.organization_id = j.organization_id and c.id = j.campaign_id
order by p.number;


-- =========================================================================================================================================
-- ListNotifications: GET /api/v1/notifications
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @userId = '019c1363-49c0-7000-8000-000000000003', @unread = true, @pageReach = 51,
--   @pageLimit = 51, @pageOffset = 0
-- The same for "First page, a platform operator", @org = null
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true);

select n.id, n.type, n.title, n.body, n.link_entity, n.link_id, n.data, n.count, n.read_at, n.created_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.notification t
            where (@org::uuid is null or t.organization_id = @org) and t.user_id = @userId and (not @unread or t.read_at is null)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.notification n on n.id = p.id
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.notification t
            where (@org::uuid is null or t.organization_id = @org) and t.user_id = @userId and (not @unread or t.read_at is null)
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?sort_by=created_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @userId = '019c1363-49c0-7000-8000-000000000003', @unread = true, @afterKey = '2026-01-31
--   09:30:00+00', @afterId = '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select n.id, n.type, n.title, n.body, n.link_entity, n.link_id, n.data, n.count, n.read_at, n.created_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.notification t
            where (@org::uuid is null or t.organization_id = @org) and t.user_id = @userId and (not @unread or t.read_at is null)
                and (t.created_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.notification n on n.id = p.id
order by p.number;


-- =========================================================================================================================================
-- ListContacts: GET /api/v1/contacts
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Suppressions = '{}', @tags = '{}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0,
--   @OrganizationId, @Country = null
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true);

select k.id, k.organization_id, k.email, k.first_name, k.last_name, k.company, k.title, k.phone, k.website, k.linkedin_url, k.city, k.region, k.country,
app.contact_lead_score(k.organization_id, k.id) as lead_score, k.suppression, k.suppressed_at, k.tags, o.user_id as owner_id,
coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as owner_name, k.version, k.created_at, k.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.contact k on k.id = p.id
left join app.user_contact_assignment o
    on o.organization_id = k.organization_id and o.contact_id = k.id and o.status = 'active' and o.is_primary_owner
left join app.user u on u.organization_id = o.organization_id and u.id = o.user_id
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- First page, a platform operator
-- @Suppressions = '{}', @tags = '{}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @org, @OrganizationId, @Country = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select k.id, k.organization_id, k.email, k.first_name, k.last_name, k.company, k.title, k.phone, k.website, k.linkedin_url, k.city, k.region, k.country,
app.contact_lead_score(k.organization_id, k.id) as lead_score, k.suppression, k.suppressed_at, k.tags, o.user_id as owner_id,
coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as owner_name, k.version, k.created_at, k.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.created_at as key, 1 as part
                from app.contact t
                where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                    and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                    and (cardinality(@tags) = 0 or t.tags @> @tags)
                    and t.organization_id = o.id
                order by t.created_at desc, t.id desc
                limit @pageReach
            ) e
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.contact k on k.id = p.id
left join app.user_contact_assignment o
    on o.organization_id = k.organization_id and o.contact_id = k.id and o.status = 'active' and o.is_primary_owner
left join app.user u on u.organization_id = o.organization_id and u.id = o.user_id
order by p.number;

-- ?sort_by=created_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Suppressions = '{}', @tags = '{}', @afterKey = '2026-01-31 09:30:00+00', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @OrganizationId, @Country = null
-- The same for "?sort_by=updated_at&cursor=…, a user of an organization", with t.updated_at (timestamptz) instead of t.created_at
--   (timestamptz)
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select k.id, k.organization_id, k.email, k.first_name, k.last_name, k.company, k.title, k.phone, k.website, k.linkedin_url, k.city, k.region, k.country,
app.contact_lead_score(k.organization_id, k.id) as lead_score, k.suppression, k.suppressed_at, k.tags, o.user_id as owner_id,
coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as owner_name, k.version, k.created_at, k.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (t.created_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.contact k on k.id = p.id
left join app.user_contact_assignment o
    on o.organization_id = k.organization_id and o.contact_id = k.id and o.status = 'active' and o.is_primary_owner
left join app.user u on u.organization_id = o.organization_id and u.id = o.user_id
order by p.number;

-- ?sort_by=last_name&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Suppressions = '{}', @tags = '{}', @afterKey = 'example', @afterId =
--   '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @OrganizationId, @Country = null
-- The same for "?sort_by=company&cursor=…, a user of an organization", with t.sort_company (text) instead of t.sort_last_name (text)
-- The same for "?sort_by=email&cursor=…, a user of an organization", with t.email_norm (text) instead of t.sort_last_name (text)
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select k.id, k.organization_id, k.email, k.first_name, k.last_name, k.company, k.title, k.phone, k.website, k.linkedin_url, k.city, k.region, k.country,
app.contact_lead_score(k.organization_id, k.id) as lead_score, k.suppression, k.suppressed_at, k.tags, o.user_id as owner_id,
coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as owner_name, k.version, k.created_at, k.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select t.id, t.sort_last_name as key, 1 as part
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and t.sort_last_name is not null
                and (t.sort_last_name, t.id) > (@afterKey::text, @afterId::uuid)
            order by t.sort_last_name asc, t.id asc
            limit @pageReach
        )
        union all
        (
            select t.id, t.sort_last_name as key, 2 as part
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and t.sort_last_name is null
            order by t.sort_last_name asc, t.id asc
            limit @pageReach
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.contact k on k.id = p.id
left join app.user_contact_assignment o
    on o.organization_id = k.organization_id and o.contact_id = k.id and o.status = 'active' and o.is_primary_owner
left join app.user u on u.organization_id = o.organization_id and u.id = o.user_id
order by p.number;

-- ?sort_by=email&cursor=…, after a row without the key, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Suppressions = '{}', @tags = '{}', @afterId = '019c1363-49c0-7000-8000-000000000005',
--   @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @OrganizationId, @Country = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select k.id, k.organization_id, k.email, k.first_name, k.last_name, k.company, k.title, k.phone, k.website, k.linkedin_url, k.city, k.region, k.country,
app.contact_lead_score(k.organization_id, k.id) as lead_score, k.suppression, k.suppressed_at, k.tags, o.user_id as owner_id,
coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as owner_name, k.version, k.created_at, k.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key asc, r.id asc) as number
    from (
        (
            select t.id, t.email_norm as key, 2 as part
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and t.email_norm is null
                and t.id > @afterId::uuid
            order by t.email_norm asc, t.id asc
            limit @pageReach
        )
    ) r
    order by r.part, r.key asc, r.id asc
    limit @pageLimit offset @pageOffset
) p
join app.contact k on k.id = p.id
left join app.user_contact_assignment o
    on o.organization_id = k.organization_id and o.contact_id = k.id and o.status = 'active' and o.is_primary_owner
left join app.user u on u.organization_id = o.organization_id and u.id = o.user_id
order by p.number;

-- ?search=acme, a user of an organization
-- @searchOrganizationId = '019c1363-49c0-7000-8000-000000000001', @searchPattern = '%acme%', @org = '019c1363-49c0-7000-8000-000000000001',
--   @Suppressions = '{}', @tags = '{}', @pageReach = 51, @searchTerm = 'acme', @pageLimit = 51, @pageOffset = 0, @OrganizationId, @Country
--   = null
-- Statement 1 of 3: as for "First page, a user of an organization"
with found as materialized (select s.id from app.search_contacts(@searchOrganizationId, @searchPattern, 1001) s)
select k.id, k.organization_id, k.email, k.first_name, k.last_name, k.company, k.title, k.phone, k.website, k.linkedin_url, k.city, k.region, k.country,
app.contact_lead_score(k.organization_id, k.id) as lead_score, k.suppression, k.suppressed_at, k.tags, o.user_id as owner_id,
coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as owner_name, k.version, k.created_at, k.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
        union all
        (
            select t.id, t.created_at as key, 1 as part
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.contact k on k.id = p.id
left join app.user_contact_assignment o
    on o.organization_id = k.organization_id and o.contact_id = k.id and o.status = 'active' and o.is_primary_owner
left join app.user u on u.organization_id = o.organization_id and u.id = o.user_id
order by p.number;

with found as materialized (select s.id from app.search_contacts(@searchOrganizationId, @searchPattern, 1001) s)
select count(*)
from (
    select
    from (
        (
            select
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            limit 10001
        )
        union all
        (
            select
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?search=acme, a platform operator
-- @searchPattern = '%acme%', @Suppressions = '{}', @tags = '{}', @pageReach = 51, @searchTerm = 'acme', @pageLimit = 51, @pageOffset = 0,
--   @searchOrganizationId, @org, @OrganizationId, @Country = null
-- Statement 1 of 3: as for "First page, a user of an organization"
-- Statement 3 of 3: as for "?search=acme, a user of an organization"
with found as materialized (select s.id from app.search_contacts(@searchOrganizationId, @searchPattern, 1001) s)
select k.id, k.organization_id, k.email, k.first_name, k.last_name, k.company, k.title, k.phone, k.website, k.linkedin_url, k.city, k.region, k.country,
app.contact_lead_score(k.organization_id, k.id) as lead_score, k.suppression, k.suppressed_at, k.tags, o.user_id as owner_id,
coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as owner_name, k.version, k.created_at, k.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.created_at as key, 1 as part
                from app.contact t
                where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                    and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                    and (cardinality(@tags) = 0 or t.tags @> @tags)
                    and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
                    and t.organization_id = o.id
                order by t.created_at desc, t.id desc
                limit @pageReach
            ) e
        )
        union all
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.created_at as key, 1 as part
                from app.contact t
                where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                    and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                    and (cardinality(@tags) = 0 or t.tags @> @tags)
                    and (select count(*) from found) > 1000 and strpos(t.search_text, @searchTerm) > 0
                    and t.organization_id = o.id
                order by t.created_at desc, t.id desc
                limit @pageReach
            ) e
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.contact k on k.id = p.id
left join app.user_contact_assignment o
    on o.organization_id = k.organization_id and o.contact_id = k.id and o.status = 'active' and o.is_primary_owner
left join app.user u on u.organization_id = o.organization_id and u.id = o.user_id
order by p.number;

-- First page, a user of an agency
-- @org = '019c1363-49c0-7000-8000-000000000001', @Suppressions = '{}', @tags = '{}', @agency = '019c1363-49c0-7000-8000-000000000002',
--   @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @OrganizationId, @Country = null
-- Statement 1 of 3: as for "First page, a user of an organization"
select k.id, k.organization_id, k.email, k.first_name, k.last_name, k.company, k.title, k.phone, k.website, k.linkedin_url, k.city, k.region, k.country,
app.contact_lead_score(k.organization_id, k.id) as lead_score, k.suppression, k.suppressed_at, k.tags, o.user_id as owner_id,
coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as owner_name, k.version, k.created_at, k.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and exists (select from app.lead l where l.organization_id = t.organization_id and l.contact_id = t.id and l.deleted_at is null and l.agency_id = @agency)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.contact k on k.id = p.id
left join app.user_contact_assignment o
    on o.organization_id = k.organization_id and o.contact_id = k.id and o.status = 'active' and o.is_primary_owner
left join app.user u on u.organization_id = o.organization_id and u.id = o.user_id
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and exists (select from app.lead l where l.organization_id = t.organization_id and l.contact_id = t.id and l.deleted_at is null and l.agency_id = @agency)
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?tags=warm, a user of an organization
-- @searchOrganizationId = '019c1363-49c0-7000-8000-000000000001', @tags = '{warm}', @org = '019c1363-49c0-7000-8000-000000000001',
--   @Suppressions = '{}', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @OrganizationId, @Country = null
-- Statement 1 of 3: as for "First page, a user of an organization"
with found as materialized (select s.id from app.find_tagged_contacts(@searchOrganizationId, @tags, 1001) s)
select k.id, k.organization_id, k.email, k.first_name, k.last_name, k.company, k.title, k.phone, k.website, k.linkedin_url, k.city, k.region, k.country,
app.contact_lead_score(k.organization_id, k.id) as lead_score, k.suppression, k.suppressed_at, k.tags, o.user_id as owner_id,
coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as owner_name, k.version, k.created_at, k.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
        union all
        (
            select t.id, t.created_at as key, 1 as part
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) > 1000 and true
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.contact k on k.id = p.id
left join app.user_contact_assignment o
    on o.organization_id = k.organization_id and o.contact_id = k.id and o.status = 'active' and o.is_primary_owner
left join app.user u on u.organization_id = o.organization_id and u.id = o.user_id
order by p.number;

with found as materialized (select s.id from app.find_tagged_contacts(@searchOrganizationId, @tags, 1001) s)
select count(*)
from (
    select
    from (
        (
            select
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            limit 10001
        )
        union all
        (
            select
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and (select count(*) from found) > 1000 and true
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?campaign_id=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Suppressions = '{}', @tags = '{}', @CampaignId = '019c1363-49c0-7000-8000-000000000004',
--   @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @OrganizationId, @Country = null
-- Statement 1 of 3: as for "First page, a user of an organization"
select k.id, k.organization_id, k.email, k.first_name, k.last_name, k.company, k.title, k.phone, k.website, k.linkedin_url, k.city, k.region, k.country,
app.contact_lead_score(k.organization_id, k.id) as lead_score, k.suppression, k.suppressed_at, k.tags, o.user_id as owner_id,
coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as owner_name, k.version, k.created_at, k.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and exists (select from app.lead l where l.organization_id = t.organization_id and l.contact_id = t.id and l.deleted_at is null and l.campaign_id = @CampaignId)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.contact k on k.id = p.id
left join app.user_contact_assignment o
    on o.organization_id = k.organization_id and o.contact_id = k.id and o.status = 'active' and o.is_primary_owner
left join app.user u on u.organization_id = o.organization_id and u.id = o.user_id
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and exists (select from app.lead l where l.organization_id = t.organization_id and l.contact_id = t.id and l.deleted_at is null and l.campaign_id = @CampaignId)
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?custom.size=50, a user of an organization
-- @searchOrganizationId = '019c1363-49c0-7000-8000-000000000001', @customFilters = '[[{"size":"50"},{"size":50}]]', @org =
--   '019c1363-49c0-7000-8000-000000000001', @Suppressions = '{}', @tags = '{}', @custom0 = '{{"size":"50"},{"size":50}}', @pageReach = 51,
--   @pageLimit = 51, @pageOffset = 0, @OrganizationId, @Country = null
-- Statement 1 of 3: as for "First page, a user of an organization"
with found as materialized (select s.id from app.find_contacts_by_custom_fields(@searchOrganizationId, @customFilters::jsonb, 1001) s)
select k.id, k.organization_id, k.email, k.first_name, k.last_name, k.company, k.title, k.phone, k.website, k.linkedin_url, k.city, k.region, k.country,
app.contact_lead_score(k.organization_id, k.id) as lead_score, k.suppression, k.suppressed_at, k.tags, o.user_id as owner_id,
coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as owner_name, k.version, k.created_at, k.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and t.custom_fields @> any (@custom0::text[]::jsonb[])
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
        union all
        (
            select t.id, t.created_at as key, 1 as part
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and t.custom_fields @> any (@custom0::text[]::jsonb[])
                and (select count(*) from found) > 1000 and true
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.contact k on k.id = p.id
left join app.user_contact_assignment o
    on o.organization_id = k.organization_id and o.contact_id = k.id and o.status = 'active' and o.is_primary_owner
left join app.user u on u.organization_id = o.organization_id and u.id = o.user_id
order by p.number;

with found as materialized (select s.id from app.find_contacts_by_custom_fields(@searchOrganizationId, @customFilters::jsonb, 1001) s)
select count(*)
from (
    select
    from (
        (
            select
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and t.custom_fields @> any (@custom0::text[]::jsonb[])
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            limit 10001
        )
        union all
        (
            select
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and t.custom_fields @> any (@custom0::text[]::jsonb[])
                and (select count(*) from found) > 1000 and true
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?owner=me, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Suppressions = '{}', @tags = '{}', @OwnerId = '019c1363-49c0-7000-8000-000000000003',
--   @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @OrganizationId, @Country = null
-- Statement 1 of 3: as for "First page, a user of an organization"
select k.id, k.organization_id, k.email, k.first_name, k.last_name, k.company, k.title, k.phone, k.website, k.linkedin_url, k.city, k.region, k.country,
app.contact_lead_score(k.organization_id, k.id) as lead_score, k.suppression, k.suppressed_at, k.tags, o.user_id as owner_id,
coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as owner_name, k.version, k.created_at, k.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.created_at as key, 1 as part
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and exists (
                    select from app.user_contact_assignment a
                    where a.organization_id = t.organization_id and a.contact_id = t.id and a.user_id = @OwnerId and a.status = 'active'
                        and a.is_primary_owner)
            order by t.created_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.contact k on k.id = p.id
left join app.user_contact_assignment o
    on o.organization_id = k.organization_id and o.contact_id = k.id and o.status = 'active' and o.is_primary_owner
left join app.user u on u.organization_id = o.organization_id and u.id = o.user_id
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.contact t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
                and (cardinality(@tags) = 0 or t.tags @> @tags)
                and exists (
                    select from app.user_contact_assignment a
                    where a.organization_id = t.organization_id and a.contact_id = t.id and a.user_id = @OwnerId and a.status = 'active'
                        and a.is_primary_owner)
            limit 10001
        )
    ) f
    limit 10001
) counted;


-- =========================================================================================================================================
-- ListConversations: GET /api/conversations
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @IsUnassigned = false, @IsUnread = false, @pageReach = 51, @pageLimit =
--   51, @pageOffset = 0, @AssignedTo = null
-- The same for "?assigned_to=me, a user of an organization", @AssignedTo = '019c1363-49c0-7000-8000-000000000003'
-- The same for "?status=open&assigned_to=none, a user of an organization", @statuses = '{open}', @IsUnassigned = true
-- The same for "?unread=true, a user of an organization", @IsUnread = true
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true);

select c.id, c.organization_id, c.contact_id, nullif(concat_ws(' ', k.first_name, k.last_name), '') as contact_name, c.channel, c.peer_id, c.peer_name, c.status,
c.assigned_to, app.agent_name(c.organization_id, c.assigned_to) as assigned_to_name, c.unread_count, c.last_inbound_at, c.window_expires_at,
c.undeliverable_at, c.last_message_at, c.last_message_direction, c.last_message_preview, c.activity_at, c.closed_at, c.version, c.created_at, c.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.activity_at as key, 1 as part
            from app.conversation t
            where (@org::uuid is null or t.organization_id = @org) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @IsUnassigned or t.assigned_to is null)
                and (not @IsUnread or t.unread_count > 0)
            order by t.activity_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.conversation c on c.id = p.id
join app.contact k on k.organization_id = c.organization_id and k.id = c.contact_id
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.conversation t
            where (@org::uuid is null or t.organization_id = @org) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @IsUnassigned or t.assigned_to is null)
                and (not @IsUnread or t.unread_count > 0)
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- First page, a platform operator
-- @statuses = '{}', @IsUnassigned = false, @IsUnread = false, @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @org, @AssignedTo = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select c.id, c.organization_id, c.contact_id, nullif(concat_ws(' ', k.first_name, k.last_name), '') as contact_name, c.channel, c.peer_id, c.peer_name, c.status,
c.assigned_to, app.agent_name(c.organization_id, c.assigned_to) as assigned_to_name, c.unread_count, c.last_inbound_at, c.window_expires_at,
c.undeliverable_at, c.last_message_at, c.last_message_direction, c.last_message_preview, c.activity_at, c.closed_at, c.version, c.created_at, c.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.activity_at as key, 1 as part
                from app.conversation t
                where (@org::uuid is null or t.organization_id = @org) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                    and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @IsUnassigned or t.assigned_to is null)
                    and (not @IsUnread or t.unread_count > 0)
                    and t.organization_id = o.id
                order by t.activity_at desc, t.id desc
                limit @pageReach
            ) e
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.conversation c on c.id = p.id
join app.contact k on k.organization_id = c.organization_id and k.id = c.contact_id
order by p.number;

-- ?sort_by=activity_at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @statuses = '{}', @IsUnassigned = false, @IsUnread = false, @afterKey = '2026-01-31
--   09:30:00+00', @afterId = '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @AssignedTo = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select c.id, c.organization_id, c.contact_id, nullif(concat_ws(' ', k.first_name, k.last_name), '') as contact_name, c.channel, c.peer_id, c.peer_name, c.status,
c.assigned_to, app.agent_name(c.organization_id, c.assigned_to) as assigned_to_name, c.unread_count, c.last_inbound_at, c.window_expires_at,
c.undeliverable_at, c.last_message_at, c.last_message_direction, c.last_message_preview, c.activity_at, c.closed_at, c.version, c.created_at, c.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.activity_at as key, 1 as part
            from app.conversation t
            where (@org::uuid is null or t.organization_id = @org) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @IsUnassigned or t.assigned_to is null)
                and (not @IsUnread or t.unread_count > 0)
                and (t.activity_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.activity_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.conversation c on c.id = p.id
join app.contact k on k.organization_id = c.organization_id and k.id = c.contact_id
order by p.number;

-- ?search=acme, a user of an organization
-- @searchOrganizationId = '019c1363-49c0-7000-8000-000000000001', @searchPattern = '%acme%', @org = '019c1363-49c0-7000-8000-000000000001',
--   @statuses = '{}', @IsUnassigned = false, @IsUnread = false, @pageReach = 51, @searchTerm = 'acme', @pageLimit = 51, @pageOffset = 0,
--   @AssignedTo = null
-- Statement 1 of 3: as for "First page, a user of an organization"
with found as materialized (select s.id from app.search_conversations(@searchOrganizationId, @searchPattern, 1001) s)
select c.id, c.organization_id, c.contact_id, nullif(concat_ws(' ', k.first_name, k.last_name), '') as contact_name, c.channel, c.peer_id, c.peer_name, c.status,
c.assigned_to, app.agent_name(c.organization_id, c.assigned_to) as assigned_to_name, c.unread_count, c.last_inbound_at, c.window_expires_at,
c.undeliverable_at, c.last_message_at, c.last_message_direction, c.last_message_preview, c.activity_at, c.closed_at, c.version, c.created_at, c.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.activity_at as key, 1 as part
            from app.conversation t
            where (@org::uuid is null or t.organization_id = @org) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @IsUnassigned or t.assigned_to is null)
                and (not @IsUnread or t.unread_count > 0)
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            order by t.activity_at desc, t.id desc
            limit @pageReach
        )
        union all
        (
            select t.id, t.activity_at as key, 1 as part
            from app.conversation t
            where (@org::uuid is null or t.organization_id = @org) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @IsUnassigned or t.assigned_to is null)
                and (not @IsUnread or t.unread_count > 0)
                and (select count(*) from found) > 1000 and (strpos(t.search_text, @searchTerm) > 0 or exists (
                select from app.contact s where s.organization_id = t.organization_id and s.id = t.contact_id and strpos(s.search_text, @searchTerm) > 0))
            order by t.activity_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.conversation c on c.id = p.id
join app.contact k on k.organization_id = c.organization_id and k.id = c.contact_id
order by p.number;

with found as materialized (select s.id from app.search_conversations(@searchOrganizationId, @searchPattern, 1001) s)
select count(*)
from (
    select
    from (
        (
            select
            from app.conversation t
            where (@org::uuid is null or t.organization_id = @org) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @IsUnassigned or t.assigned_to is null)
                and (not @IsUnread or t.unread_count > 0)
                and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
            limit 10001
        )
        union all
        (
            select
            from app.conversation t
            where (@org::uuid is null or t.organization_id = @org) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @IsUnassigned or t.assigned_to is null)
                and (not @IsUnread or t.unread_count > 0)
                and (select count(*) from found) > 1000 and (strpos(t.search_text, @searchTerm) > 0 or exists (
                select from app.contact s where s.organization_id = t.organization_id and s.id = t.contact_id and strpos(s.search_text, @searchTerm) > 0))
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?search=acme, a platform operator
-- @searchPattern = '%acme%', @statuses = '{}', @IsUnassigned = false, @IsUnread = false, @pageReach = 51, @searchTerm = 'acme', @pageLimit
--   = 51, @pageOffset = 0, @searchOrganizationId, @org, @AssignedTo = null
-- Statement 1 of 3: as for "First page, a user of an organization"
-- Statement 3 of 3: as for "?search=acme, a user of an organization"
with found as materialized (select s.id from app.search_conversations(@searchOrganizationId, @searchPattern, 1001) s)
select c.id, c.organization_id, c.contact_id, nullif(concat_ws(' ', k.first_name, k.last_name), '') as contact_name, c.channel, c.peer_id, c.peer_name, c.status,
c.assigned_to, app.agent_name(c.organization_id, c.assigned_to) as assigned_to_name, c.unread_count, c.last_inbound_at, c.window_expires_at,
c.undeliverable_at, c.last_message_at, c.last_message_direction, c.last_message_preview, c.activity_at, c.closed_at, c.version, c.created_at, c.updated_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.activity_at as key, 1 as part
                from app.conversation t
                where (@org::uuid is null or t.organization_id = @org) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                    and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @IsUnassigned or t.assigned_to is null)
                    and (not @IsUnread or t.unread_count > 0)
                    and (select count(*) from found) <= 1000 and t.id in (select f.id from found f)
                    and t.organization_id = o.id
                order by t.activity_at desc, t.id desc
                limit @pageReach
            ) e
        )
        union all
        (
            select e.*
            from app.organization o
            cross join lateral (
                select t.id, t.activity_at as key, 1 as part
                from app.conversation t
                where (@org::uuid is null or t.organization_id = @org) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
                    and (@AssignedTo::uuid is null or t.assigned_to = @AssignedTo) and (not @IsUnassigned or t.assigned_to is null)
                    and (not @IsUnread or t.unread_count > 0)
                    and (select count(*) from found) > 1000 and (strpos(t.search_text, @searchTerm) > 0 or exists (
                    select from app.contact s where s.organization_id = t.organization_id and s.id = t.contact_id and strpos(s.search_text, @searchTerm) > 0))
                    and t.organization_id = o.id
                order by t.activity_at desc, t.id desc
                limit @pageReach
            ) e
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.conversation c on c.id = p.id
join app.contact k on k.organization_id = c.organization_id and k.id = c.contact_id
order by p.number;


-- =========================================================================================================================================
-- ListMessages: GET /api/conversations/{conversation_id}/messages
-- =========================================================================================================================================

-- First page, a user of an organization
-- @organizationId = '019c1363-49c0-7000-8000-000000000001', @conversationId = '019c1363-49c0-7000-8000-000000000005', @pageReach = 51,
--   @pageLimit = 51, @pageOffset = 0
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true);

select m.id, m.conversation_id, m.direction, m.type, m.text, m.payload, m.wamid, m.status, m.error_code, m.error_message, m.sent_by,
app.agent_name(m.organization_id, m.sent_by) as sent_by_name, m.client_message_id, m.reply_to_wamid, m.occurred_at, m.sent_at, m.delivered_at,
m.read_at, m.failed_at, m.created_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.occurred_at as key, 1 as part
            from app.message t
            where t.organization_id = @organizationId and t.conversation_id = @conversationId
            order by t.occurred_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.message m
    on m.organization_id = @organizationId and m.conversation_id = @conversationId and m.occurred_at = p.position::timestamptz and m.id = p.id
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.message t
            where t.organization_id = @organizationId and t.conversation_id = @conversationId
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?sort_by=occurred_at&cursor=…, a user of an organization
-- @organizationId = '019c1363-49c0-7000-8000-000000000001', @conversationId = '019c1363-49c0-7000-8000-000000000005', @afterKey =
--   '2026-01-31 09:30:00+00', @afterId = '019c1363-49c0-7000-8000-000000000005', @pageReach = 51, @pageLimit = 51, @pageOffset = 0
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select m.id, m.conversation_id, m.direction, m.type, m.text, m.payload, m.wamid, m.status, m.error_code, m.error_message, m.sent_by,
app.agent_name(m.organization_id, m.sent_by) as sent_by_name, m.client_message_id, m.reply_to_wamid, m.occurred_at, m.sent_at, m.delivered_at,
m.read_at, m.failed_at, m.created_at, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.occurred_at as key, 1 as part
            from app.message t
            where t.organization_id = @organizationId and t.conversation_id = @conversationId
                and (t.occurred_at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.occurred_at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.message m
    on m.organization_id = @organizationId and m.conversation_id = @conversationId and m.occurred_at = p.position::timestamptz and m.id = p.id
order by p.number;


-- =========================================================================================================================================
-- ListContactDuplicates: GET /api/v1/contacts/duplicates
-- =========================================================================================================================================

-- First page, a user of an organization
-- @organizationId = '019c1363-49c0-7000-8000-000000000001', @reason = 0, @shared = '', @reach = 51, @limit = 51, @offset = 0
-- The same for "?sort_by=reason&cursor=…, a user of an organization"
select d.contact_ids[1] as id, d.reason || ' ' || d.shared as position, d.reasons, d.members, d.contact_ids
from app.find_duplicate_contacts(@organizationId, @reason::integer, @shared, @reach) d
order by d.reason, d.shared
limit @limit offset @offset;

select count(*) from app.find_duplicate_contacts(@organizationId, 0, '', 10001) d;

select k.id, k.email, k.first_name, k.last_name, k.company, k.phone, k.linkedin_url, k.suppression, k.created_at,
    (select count(*) from app.lead l where l.organization_id = k.organization_id and l.contact_id = k.id and l.deleted_at is null) as leads
from (
    select d.contact_ids
    from app.find_duplicate_contacts(@organizationId, @reason::integer, @shared, @reach) d
    order by d.reason, d.shared
    limit @limit offset @offset) g
cross join unnest(g.contact_ids) as m (id)
join app.contact k on k.organization_id = @organizationId and k.id = m.id;


-- =========================================================================================================================================
-- ListAuditLog: GET /api/v1/audit-log
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @OrganizationId, @ActorId, @Action,
--   @Entity, @EntityId, @DateFrom, @DateTo = null
-- The same for "First page, a platform operator", @org = null
select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true);

select l.id, l.organization_id, l.at, l.action, l.entity, l.entity_id, l.actor_id, l.actor_role,
coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as actor_name, l.changes, host(l.ip) as ip, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.at as key, 1 as part
            from app.audit_log t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (@ActorId::uuid is null or t.actor_id = @ActorId) and (@Action::text is null or t.action = @Action)
                and (@Entity::text is null or t.entity = @Entity) and (@EntityId::uuid is null or t.entity_id = @EntityId)
                and (@DateFrom::timestamptz is null or t.at >= @DateFrom) and (@DateTo::timestamptz is null or t.at < @DateTo)
            order by t.at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.audit_log l on l.id = p.id
left join app.user u on u.id = l.actor_id
order by p.number;

select count(*)
from (
    select
    from (
        (
            select
            from app.audit_log t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (@ActorId::uuid is null or t.actor_id = @ActorId) and (@Action::text is null or t.action = @Action)
                and (@Entity::text is null or t.entity = @Entity) and (@EntityId::uuid is null or t.entity_id = @EntityId)
                and (@DateFrom::timestamptz is null or t.at >= @DateFrom) and (@DateTo::timestamptz is null or t.at < @DateTo)
            limit 10001
        )
    ) f
    limit 10001
) counted;

-- ?sort_by=at&cursor=…, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @afterKey = '2026-01-31 09:30:00+00', @afterId = '019c1363-49c0-7000-8000-000000000005',
--   @pageReach = 51, @pageLimit = 51, @pageOffset = 0, @OrganizationId, @ActorId, @Action, @Entity, @EntityId, @DateFrom, @DateTo = null
-- Statement 1, 3 of 3: as for "First page, a user of an organization"
select l.id, l.organization_id, l.at, l.action, l.entity, l.entity_id, l.actor_id, l.actor_role,
coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as actor_name, l.changes, host(l.ip) as ip, p.position
from (
    select r.id, r.key::text as position, row_number() over (order by r.part, r.key desc, r.id desc) as number
    from (
        (
            select t.id, t.at as key, 1 as part
            from app.audit_log t
            where (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
                and (@ActorId::uuid is null or t.actor_id = @ActorId) and (@Action::text is null or t.action = @Action)
                and (@Entity::text is null or t.entity = @Entity) and (@EntityId::uuid is null or t.entity_id = @EntityId)
                and (@DateFrom::timestamptz is null or t.at >= @DateFrom) and (@DateTo::timestamptz is null or t.at < @DateTo)
                and (t.at, t.id) < (@afterKey::timestamptz, @afterId::uuid)
            order by t.at desc, t.id desc
            limit @pageReach
        )
    ) r
    order by r.part, r.key desc, r.id desc
    limit @pageLimit offset @pageOffset
) p
join app.audit_log l on l.id = p.id
left join app.user u on u.id = l.actor_id
order by p.number;


-- =========================================================================================================================================
-- ListOnboardingLinks: GET /api/admin/onboarding/links
-- =========================================================================================================================================

-- First page, a user of an organization
-- @now = '2026-01-31T09:30:00Z', @org = '019c1363-49c0-7000-8000-000000000001', @limit = 51, @offset = 0, @OrganizationId, @Status,
--   @CreatedBy, @search, @afterId, @afterAt = null
-- The same for "?cursor=…, a user of an organization", @afterId = '019c1363-49c0-7000-8000-000000000005', @afterAt = '2026-01-31T09:30:00Z'
-- The same for "First page, a platform operator", @org = null
select l.id, l.organization_id, o.name as organization_name, l.token_sealed, l.template_id, l.template_name, l.welcome_message, app.onboarding_link_status(l.status, l.expires_at, @now) as status, l.expires_at, l.clicks_count, l.first_accessed_at, l.last_accessed_at, l.completed_at, l.current_step, l.total_steps, l.progress_percentage, l.revoked_at, l.revoked_by, l.revoked_reason, l.created_by, u.email as created_by_email, u.first_name as created_by_first_name, u.last_name as created_by_last_name, l.created_at, l.updated_at
from app.onboarding_link l
join app.organization o on o.id = l.organization_id
left join app.user u on u.id = l.created_by
where (@org::uuid is null or l.organization_id = @org) and (@OrganizationId::uuid is null or l.organization_id = @OrganizationId)
and (@Status::text is null or app.onboarding_link_status(l.status, l.expires_at, @now) = @Status) and (@CreatedBy::uuid is null or l.created_by = @CreatedBy)
and (@search::text is null or strpos(
    app.search_text(concat_ws(e'\n', o.name, l.template_name, u.email, concat_ws(' ', u.first_name, u.last_name))), @search) > 0)
and (@afterId::uuid is null or (l.created_at, l.id) < (@afterAt, @afterId))
order by l.created_at desc, l.id desc
limit @limit offset @offset;

select count(*) from (select from app.onboarding_link l
join app.organization o on o.id = l.organization_id
left join app.user u on u.id = l.created_by where (@org::uuid is null or l.organization_id = @org) and (@OrganizationId::uuid is null or l.organization_id = @OrganizationId)
and (@Status::text is null or app.onboarding_link_status(l.status, l.expires_at, @now) = @Status) and (@CreatedBy::uuid is null or l.created_by = @CreatedBy)
and (@search::text is null or strpos(
    app.search_text(concat_ws(e'\n', o.name, l.template_name, u.email, concat_ws(' ', u.first_name, u.last_name))), @search) > 0) limit 10001) counted;


-- =========================================================================================================================================
-- ListAssignees: GET /api/admin/users
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @limit = 51, @offset = 0, @OrganizationId, @Role, @Status, @search, @afterId, @afterAt =
--   null
-- The same for "?cursor=…, a user of an organization", @afterId = '019c1363-49c0-7000-8000-000000000005', @afterAt = '2026-01-31T09:30:00Z'
-- The same for "First page, a platform operator", @org = null
select u.*, app.get_user_campaign_count(u.id) as campaigns_count, app.get_user_contact_count(u.id) as contacts_count
from (
    select u.id, u.organization_id, u.email, u.first_name, u.last_name, u.role, u.agency_id, u.client_id, u.status, u.last_sign_in_at,
        u.created_at
    from app.user u
    where (@org::uuid is null or u.organization_id = @org) and (@OrganizationId::uuid is null or u.organization_id = @OrganizationId)
and (@Role::text is null or u.role = @Role) and (@Status::text is null or u.status = @Status)
and (@search::text is null or strpos(u.search_text, @search) > 0)
    and (@afterId::uuid is null or (u.created_at, u.id) < (@afterAt, @afterId))
    order by u.created_at desc, u.id desc
    limit @limit offset @offset
) u
order by u.created_at desc, u.id desc;

select count(*) from (select from app.user u where (@org::uuid is null or u.organization_id = @org) and (@OrganizationId::uuid is null or u.organization_id = @OrganizationId)
and (@Role::text is null or u.role = @Role) and (@Status::text is null or u.status = @Status)
and (@search::text is null or strpos(u.search_text, @search) > 0) limit 10001) counted;


-- =========================================================================================================================================
-- ListUserAssignments: GET /api/admin/users/{user_id}/assignments
-- =========================================================================================================================================

-- First page
-- @OrganizationId = '019c1363-49c0-7000-8000-000000000001', @Id = '019c1363-49c0-7000-8000-000000000003', @campaigns_limit = 51,
--   @campaigns_offset = 0, @contacts_limit = 51, @contacts_offset = 0, @campaigns_afterId, @campaigns_afterAt, @contacts_afterId,
--   @contacts_afterAt = null
-- The same for "?campaigns_cursor=…", @campaigns_afterId = '019c1363-49c0-7000-8000-000000000005', @campaigns_afterAt =
--   '2026-01-31T09:30:00Z'
select a.id as assignment_id, a.campaign_id, c.name as campaign_name, c.status as campaign_status, a.role, a.can_edit, a.can_view_stats,
    a.can_manage_contacts, a.assigned_by, a.assigned_at
from app.user_campaign_assignment a
left join app.campaign c on c.organization_id = a.organization_id and c.id = a.campaign_id
where a.organization_id = @OrganizationId and a.user_id = @Id and a.status = 'active' and c.deleted_at is null
    and (@campaigns_afterId::uuid is null or (a.assigned_at, a.id) < (@campaigns_afterAt, @campaigns_afterId))
order by a.assigned_at desc, a.id desc
limit @campaigns_limit offset @campaigns_offset;

select a.id as assignment_id, a.contact_id, k.email as contact_email, k.first_name, k.last_name, k.company,
    case when k.id is not null then app.contact_lead_score(k.organization_id, k.id) end as lead_score, a.assignment_type, a.is_primary_owner, a.ownership_percentage, a.last_contacted_at, a.next_followup_at, a.interactions_count, a.assigned_by, a.assigned_at,
    a.reason
from app.user_contact_assignment a
left join app.contact k on k.organization_id = a.organization_id and k.id = a.contact_id
where a.organization_id = @OrganizationId and a.user_id = @Id and a.status = 'active'
    and (@contacts_afterId::uuid is null or (a.assigned_at, a.id) < (@contacts_afterAt, @contacts_afterId))
order by a.assigned_at desc, a.id desc
limit @contacts_limit offset @contacts_offset;

select app.get_user_campaign_count(@Id);

select app.get_user_contact_count(@Id);


-- =========================================================================================================================================
-- ListWebhookEndpoints: GET /api/admin/webhooks/endpoints
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @limit = 51, @offset = 0, @OrganizationId, @Source, @Status, @afterId, @afterAt = null
-- The same for "?cursor=…, a user of an organization", @afterId = '019c1363-49c0-7000-8000-000000000005', @afterAt = '2026-01-31T09:30:00Z'
-- The same for "First page, a platform operator", @org = null
select e.id, e.organization_id, e.source, e.name, e.token_last4, e.previous_token_expires_at, e.auth_mode, e.auth_settings, e.secret_last4, e.previous_secret_expires_at, e.status, e.expect_every_seconds, e.type_aliases, e.field_paths, e.silent_since, e.version, e.created_by, e.created_at, e.updated_at, (select max(l.created_at) from app.webhook_log l where l.endpoint_id = e.id and l.organization_id = e.organization_id) as last_received_at
from app.webhook_endpoint e
where e.deleted_at is null and (@org::uuid is null or e.organization_id = @org)
and (@OrganizationId::uuid is null or e.organization_id = @OrganizationId)
and (@Source::text is null or e.source = @Source) and (@Status::text is null or e.status = @Status)
and (@afterId::uuid is null or (e.created_at, e.id) < (@afterAt, @afterId))
order by e.created_at desc, e.id desc
limit @limit offset @offset;

select count(*) from (select from app.webhook_endpoint e where e.deleted_at is null and (@org::uuid is null or e.organization_id = @org)
and (@OrganizationId::uuid is null or e.organization_id = @OrganizationId)
and (@Source::text is null or e.source = @Source) and (@Status::text is null or e.status = @Status) limit 10001) counted;


-- =========================================================================================================================================
-- ListWebhookRejections: GET /api/admin/webhooks/rejections
-- =========================================================================================================================================

-- First page, a user of an organization
-- @org = '019c1363-49c0-7000-8000-000000000001', @Causes = '{}', @limit = 51, @offset = 0, @OrganizationId, @EndpointId, @DateFrom,
--   @DateTo, @Readmitted, @afterId, @afterAt = null
-- The same for "?cursor=…, a user of an organization", @afterId = '019c1363-49c0-7000-8000-000000000005', @afterAt = '2026-01-31T09:30:00Z'
-- The same for "First page, a platform operator", @org = null
select r.id, r.organization_id, r.endpoint_id, r.event_source, r.cause, r.diagnosis, r.content_type, r.body_size, octet_length(r.body) as kept_size, host(r.remote_ip) as remote_ip, r.created_at, r.is_summary, r.delivery_count, coalesce(r.last_delivered_at, r.created_at) as last_delivered_at, r.readmitted_at, r.readmitted_by, r.readmitted_log_ids
from app.webhook_rejection r
where (@org::uuid is null or r.organization_id = @org) and (@OrganizationId::uuid is null or r.organization_id = @OrganizationId)
and (@EndpointId::uuid is null or r.endpoint_id = @EndpointId) and (cardinality(@Causes) = 0 or r.cause = any (@Causes))
and (@DateFrom::timestamptz is null or r.created_at >= @DateFrom) and (@DateTo::timestamptz is null or r.created_at < @DateTo)
and (@Readmitted::boolean is null or (r.readmitted_at is not null) = @Readmitted)
and (@afterId::uuid is null or (r.created_at, r.id) < (@afterAt, @afterId))
order by r.created_at desc, r.id desc
limit @limit offset @offset;

select count(*) from (select from app.webhook_rejection r where (@org::uuid is null or r.organization_id = @org) and (@OrganizationId::uuid is null or r.organization_id = @OrganizationId)
and (@EndpointId::uuid is null or r.endpoint_id = @EndpointId) and (cardinality(@Causes) = 0 or r.cause = any (@Causes))
and (@DateFrom::timestamptz is null or r.created_at >= @DateFrom) and (@DateTo::timestamptz is null or r.created_at < @DateTo)
and (@Readmitted::boolean is null or (r.readmitted_at is not null) = @Readmitted) limit 10001) counted;


-- =========================================================================================================================================
-- ListWebhookLogs: GET /api/admin/webhooks/logs
-- =========================================================================================================================================

-- First page, a user of an organization
-- @organizationId = '019c1363-49c0-7000-8000-000000000001', @reach = 51, @limit = 51, @offset = 0
select set_config('plan_cache_mode', 'force_custom_plan', true);

select coalesce(sum(version), 0)::bigint from app.webhook_log_version where organization_id = @organizationId;

select l.id, l.organization_id, l.endpoint_id, l.event_source, l.event_type, l.raw_event_type, l.campaign_id, l.campaign_external_id,
coalesce(c.name, l.campaign_name) as campaign_name, l.contact_id, l.contact_email, l.status, l.error_code, l.error_message,
l.retry_count, case when l.status = 'failed' then l.due_at end as next_retry_at, l.last_retry_at, l.occurred_at, l.created_at,
l.processed_at, l.processing_ms, l.delivery_count, l.last_delivered_at, l.id_reused
from (
    select m.organization_id, m.created_at, m.id
    from (
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where l.organization_id = @organizationId and true
            order by l.created_at desc, l.id desc
            limit @reach
        )
    ) m
    order by m.created_at desc, m.id desc
    limit @limit offset @offset
) k
join app.webhook_log l on l.organization_id = k.organization_id and l.created_at = k.created_at and l.id = k.id
left join app.campaign c on c.organization_id = l.organization_id and c.id = l.campaign_id
order by l.created_at desc, l.id desc;

select count(*)
from (
    select
    from (
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where l.organization_id = @organizationId and true
            order by l.created_at desc, l.id desc
            limit 10001
        )
    ) m
    limit 10001
) counted;

-- First page, a platform operator
-- @reach = 51, @limit = 51, @offset = 0
-- Statement 1 of 4: as for "First page, a user of an organization"
select coalesce(sum(version), 0)::bigint from app.webhook_log_version;

select l.id, l.organization_id, l.endpoint_id, l.event_source, l.event_type, l.raw_event_type, l.campaign_id, l.campaign_external_id,
coalesce(c.name, l.campaign_name) as campaign_name, l.contact_id, l.contact_email, l.status, l.error_code, l.error_message,
l.retry_count, case when l.status = 'failed' then l.due_at end as next_retry_at, l.last_retry_at, l.occurred_at, l.created_at,
l.processed_at, l.processing_ms, l.delivery_count, l.last_delivered_at, l.id_reused
from (
    select m.organization_id, m.created_at, m.id
    from (
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where true
            order by l.created_at desc, l.id desc
            limit @reach
        )
    ) m
    order by m.created_at desc, m.id desc
    limit @limit offset @offset
) k
join app.webhook_log l on l.organization_id = k.organization_id and l.created_at = k.created_at and l.id = k.id
left join app.campaign c on c.organization_id = l.organization_id and c.id = l.campaign_id
order by l.created_at desc, l.id desc;

select count(*)
from (
    select
    from (
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where true
            order by l.created_at desc, l.id desc
            limit 10001
        )
    ) m
    limit 10001
) counted;

-- ?cursor=…&date_from=…&date_to=…, a user of an organization
-- @organizationId = '019c1363-49c0-7000-8000-000000000001', @dateFrom = '2026-01-01T09:30:00Z', @dateTo = '2026-02-01T09:30:00Z',
--   @afterCreatedAt = '2026-01-31T09:30:00Z', @afterId = '019c1363-49c0-7000-8000-000000000005', @reach = 51, @limit = 51, @offset = 0
-- Statement 1, 2 of 4: as for "First page, a user of an organization"
select l.id, l.organization_id, l.endpoint_id, l.event_source, l.event_type, l.raw_event_type, l.campaign_id, l.campaign_external_id,
coalesce(c.name, l.campaign_name) as campaign_name, l.contact_id, l.contact_email, l.status, l.error_code, l.error_message,
l.retry_count, case when l.status = 'failed' then l.due_at end as next_retry_at, l.last_retry_at, l.occurred_at, l.created_at,
l.processed_at, l.processing_ms, l.delivery_count, l.last_delivered_at, l.id_reused
from (
    select m.organization_id, m.created_at, m.id
    from (
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where l.organization_id = @organizationId and l.created_at >= @dateFrom and l.created_at < @dateTo and (l.created_at, l.id) < (@afterCreatedAt, @afterId) and true
            order by l.created_at desc, l.id desc
            limit @reach
        )
    ) m
    order by m.created_at desc, m.id desc
    limit @limit offset @offset
) k
join app.webhook_log l on l.organization_id = k.organization_id and l.created_at = k.created_at and l.id = k.id
left join app.campaign c on c.organization_id = l.organization_id and c.id = l.campaign_id
order by l.created_at desc, l.id desc;

select count(*)
from (
    select
    from (
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where l.organization_id = @organizationId and l.created_at >= @dateFrom and l.created_at < @dateTo and true
            order by l.created_at desc, l.id desc
            limit 10001
        )
    ) m
    limit 10001
) counted;

-- ?event_type=email.replied, a platform operator
-- @eventTypes = 'email.replied', @reach = 51, @limit = 51, @offset = 0
-- Statement 1 of 4: as for "First page, a user of an organization"
-- Statement 2 of 4: as for "First page, a platform operator"
select l.id, l.organization_id, l.endpoint_id, l.event_source, l.event_type, l.raw_event_type, l.campaign_id, l.campaign_external_id,
coalesce(c.name, l.campaign_name) as campaign_name, l.contact_id, l.contact_email, l.status, l.error_code, l.error_message,
l.retry_count, case when l.status = 'failed' then l.due_at end as next_retry_at, l.last_retry_at, l.occurred_at, l.created_at,
l.processed_at, l.processing_ms, l.delivery_count, l.last_delivered_at, l.id_reused
from (
    select m.organization_id, m.created_at, m.id
    from (
        (
            select a.*
            from app.organization o
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.event_type = @eventTypes and l.organization_id = o.id and true
                order by l.created_at desc, l.id desc
                limit @reach
            ) a
        )
    ) m
    order by m.created_at desc, m.id desc
    limit @limit offset @offset
) k
join app.webhook_log l on l.organization_id = k.organization_id and l.created_at = k.created_at and l.id = k.id
left join app.campaign c on c.organization_id = l.organization_id and c.id = l.campaign_id
order by l.created_at desc, l.id desc;

select count(*)
from (
    select
    from (
        (
            select a.*
            from app.organization o
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.event_type = @eventTypes and l.organization_id = o.id and true
                order by l.created_at desc, l.id desc
                limit 10001
            ) a
            limit 10001
        )
    ) m
    limit 10001
) counted;

-- ?event_type=email.replied&event_type=email.bounced, a user of an organization
-- @organizationId = '019c1363-49c0-7000-8000-000000000001', @spread = '{email.replied,email.bounced}', @reach = 51, @limit = 51, @offset =
--   0
-- Statement 1, 2 of 4: as for "First page, a user of an organization"
select l.id, l.organization_id, l.endpoint_id, l.event_source, l.event_type, l.raw_event_type, l.campaign_id, l.campaign_external_id,
coalesce(c.name, l.campaign_name) as campaign_name, l.contact_id, l.contact_email, l.status, l.error_code, l.error_message,
l.retry_count, case when l.status = 'failed' then l.due_at end as next_retry_at, l.last_retry_at, l.occurred_at, l.created_at,
l.processed_at, l.processing_ms, l.delivery_count, l.last_delivered_at, l.id_reused
from (
    select m.organization_id, m.created_at, m.id
    from (
        (
            select a.*
            from unnest(@spread::text[]) s (value)
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = @organizationId and l.event_type = s.value
                order by l.created_at desc, l.id desc
                limit @reach
            ) a
        )
    ) m
    order by m.created_at desc, m.id desc
    limit @limit offset @offset
) k
join app.webhook_log l on l.organization_id = k.organization_id and l.created_at = k.created_at and l.id = k.id
left join app.campaign c on c.organization_id = l.organization_id and c.id = l.campaign_id
order by l.created_at desc, l.id desc;

select count(*)
from (
    select
    from (
        (
            select a.*
            from unnest(@spread::text[]) s (value)
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = @organizationId and l.event_type = s.value
                order by l.created_at desc, l.id desc
                limit 10001
            ) a
            limit 10001
        )
    ) m
    limit 10001
) counted;

-- ?status=failed&status=dead, a platform operator
-- @status0 = 'failed', @reach = 51, @status1 = 'dead', @limit = 51, @offset = 0
-- Statement 1 of 4: as for "First page, a user of an organization"
-- Statement 2 of 4: as for "First page, a platform operator"
select l.id, l.organization_id, l.endpoint_id, l.event_source, l.event_type, l.raw_event_type, l.campaign_id, l.campaign_external_id,
coalesce(c.name, l.campaign_name) as campaign_name, l.contact_id, l.contact_email, l.status, l.error_code, l.error_message,
l.retry_count, case when l.status = 'failed' then l.due_at end as next_retry_at, l.last_retry_at, l.occurred_at, l.created_at,
l.processed_at, l.processing_ms, l.delivery_count, l.last_delivered_at, l.id_reused
from (
    select m.organization_id, m.created_at, m.id
    from (
        (
            select a.*
            from app.organization o
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = o.id and l.status = @status0
                order by l.created_at desc, l.id desc
                limit @reach
            ) a
        )
        union
        (
            select a.*
            from app.organization o
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = o.id and l.status = @status1
                order by l.created_at desc, l.id desc
                limit @reach
            ) a
        )
    ) m
    order by m.created_at desc, m.id desc
    limit @limit offset @offset
) k
join app.webhook_log l on l.organization_id = k.organization_id and l.created_at = k.created_at and l.id = k.id
left join app.campaign c on c.organization_id = l.organization_id and c.id = l.campaign_id
order by l.created_at desc, l.id desc;

select count(*)
from (
    select
    from (
        (
            select a.*
            from app.organization o
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = o.id and l.status = @status0
                order by l.created_at desc, l.id desc
                limit 10001
            ) a
            limit 10001
        )
        union
        (
            select a.*
            from app.organization o
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = o.id and l.status = @status1
                order by l.created_at desc, l.id desc
                limit 10001
            ) a
            limit 10001
        )
    ) m
    limit 10001
) counted;

-- ?campaign_id=…&contact_email=…&event_source=instantly, a user of an organization
-- @organizationId = '019c1363-49c0-7000-8000-000000000001', @campaignId = '019c1363-49c0-7000-8000-000000000004', @contactEmail =
--   'lead@prospect.example', @eventSources = 'instantly', @reach = 51, @limit = 51, @offset = 0
-- Statement 1, 2 of 4: as for "First page, a user of an organization"
select l.id, l.organization_id, l.endpoint_id, l.event_source, l.event_type, l.raw_event_type, l.campaign_id, l.campaign_external_id,
coalesce(c.name, l.campaign_name) as campaign_name, l.contact_id, l.contact_email, l.status, l.error_code, l.error_message,
l.retry_count, case when l.status = 'failed' then l.due_at end as next_retry_at, l.last_retry_at, l.occurred_at, l.created_at,
l.processed_at, l.processing_ms, l.delivery_count, l.last_delivered_at, l.id_reused
from (
    select m.organization_id, m.created_at, m.id
    from (
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where l.organization_id = @organizationId and l.campaign_id = @campaignId and l.contact_email_norm = @contactEmail and l.event_source = @eventSources and true
            order by l.created_at desc, l.id desc
            limit @reach
        )
    ) m
    order by m.created_at desc, m.id desc
    limit @limit offset @offset
) k
join app.webhook_log l on l.organization_id = k.organization_id and l.created_at = k.created_at and l.id = k.id
left join app.campaign c on c.organization_id = l.organization_id and c.id = l.campaign_id
order by l.created_at desc, l.id desc;

select count(*)
from (
    select
    from (
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where l.organization_id = @organizationId and l.campaign_id = @campaignId and l.contact_email_norm = @contactEmail and l.event_source = @eventSources and true
            order by l.created_at desc, l.id desc
            limit 10001
        )
    ) m
    limit 10001
) counted;

-- ?search=acme, the first of two statements: what the term leads to, a user of an organization
-- @organizationId = '019c1363-49c0-7000-8000-000000000001', @pattern = '%acme%', @most = 1001
select organization_id, email_norm from app.search_contact_emails(@organizationId, @pattern, @most);

select c.organization_id, c.id
from app.campaign c
where c.organization_id = @organizationId and app.search_text(c.name) like @pattern;

select organization_id, created_at, id from app.search_webhook_logs_without_effect(@organizationId, @pattern, @most);

-- ?search=acme, the first of two statements: what the term leads to, a platform operator
-- @pattern = '%acme%', @most = 1001, @organizationId = null
-- Statement 1, 3 of 3: as for "?search=acme, the first of two statements: what the term leads to, a user of an organization"
select c.organization_id, c.id
from app.campaign c
where true and app.search_text(c.name) like @pattern;

-- ?search=acme, the second: a rare term, a user of an organization
-- @organizationId = '019c1363-49c0-7000-8000-000000000001', @emailOrganizationIds = '{019c1363-49c0-7000-8000-000000000001}', @emails =
--   '{lead@acme.example}', @reach = 51, @campaignOrganizationIds = '{019c1363-49c0-7000-8000-000000000001}', @campaignIds =
--   '{019c1363-49c0-7000-8000-000000000004}', @types = '{email.replied}', @foundOrganizationIds = '{019c1363-49c0-7000-8000-000000000001}',
--   @foundCreatedAts = '{2026-01-31T09:30:00Z}', @foundIds = '{019c1363-49c0-7000-8000-000000000005}', @term = 'acme', @limit = 51, @offset
--   = 0
-- Statement 1, 2 of 4: as for "First page, a user of an organization"
select l.id, l.organization_id, l.endpoint_id, l.event_source, l.event_type, l.raw_event_type, l.campaign_id, l.campaign_external_id,
coalesce(c.name, l.campaign_name) as campaign_name, l.contact_id, l.contact_email, l.status, l.error_code, l.error_message,
l.retry_count, case when l.status = 'failed' then l.due_at end as next_retry_at, l.last_retry_at, l.occurred_at, l.created_at,
l.processed_at, l.processing_ms, l.delivery_count, l.last_delivered_at, l.id_reused
from (
    select m.organization_id, m.created_at, m.id
    from (
        (
            select a.*
            from (select e.organization_id, array_agg(e.email) as emails
            from unnest(@emailOrganizationIds::uuid[], @emails::text[]) e (organization_id, email)
            group by e.organization_id) e
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = @organizationId and l.organization_id = e.organization_id and l.contact_email_norm = any (e.emails)
                order by l.created_at desc, l.id desc
                limit @reach
            ) a
        )
        union
        (
            select a.*
            from unnest(@campaignOrganizationIds::uuid[], @campaignIds::uuid[]) p (organization_id, id)
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = @organizationId and l.organization_id = p.organization_id and l.campaign_id = p.id
                order by l.created_at desc, l.id desc
                limit @reach
            ) a
        )
        union
        (
            select a.*
            from unnest(@types::text[]) t (value)
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = @organizationId and l.event_type = t.value
                order by l.created_at desc, l.id desc
                limit @reach
            ) a
        )
        union
        (
            select a.*
            from unnest(@foundOrganizationIds::uuid[], @foundCreatedAts::timestamptz[], @foundIds::uuid[]) f (organization_id, created_at, id)
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = @organizationId and l.organization_id = f.organization_id and l.created_at = f.created_at and l.id = f.id
                order by l.created_at desc, l.id desc
                limit @reach
            ) a
        )
        union
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where l.organization_id = @organizationId and l.status = 'pending' and strpos(app.search_text(concat_ws(e'\n', l.contact_email_norm, l.campaign_name, l.event_type, l.error_code, l.error_message)), @term) > 0
            order by l.created_at desc, l.id desc
            limit @reach
        )
    ) m
    order by m.created_at desc, m.id desc
    limit @limit offset @offset
) k
join app.webhook_log l on l.organization_id = k.organization_id and l.created_at = k.created_at and l.id = k.id
left join app.campaign c on c.organization_id = l.organization_id and c.id = l.campaign_id
order by l.created_at desc, l.id desc;

select count(*)
from (
    select
    from (
        (
            select a.*
            from (select e.organization_id, array_agg(e.email) as emails
            from unnest(@emailOrganizationIds::uuid[], @emails::text[]) e (organization_id, email)
            group by e.organization_id) e
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = @organizationId and l.organization_id = e.organization_id and l.contact_email_norm = any (e.emails)
                limit 10001
            ) a
            limit 10001
        )
        union
        (
            select a.*
            from unnest(@campaignOrganizationIds::uuid[], @campaignIds::uuid[]) p (organization_id, id)
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = @organizationId and l.organization_id = p.organization_id and l.campaign_id = p.id
                order by l.created_at desc, l.id desc
                limit 10001
            ) a
            limit 10001
        )
        union
        (
            select a.*
            from unnest(@types::text[]) t (value)
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = @organizationId and l.event_type = t.value
                order by l.created_at desc, l.id desc
                limit 10001
            ) a
            limit 10001
        )
        union
        (
            select a.*
            from unnest(@foundOrganizationIds::uuid[], @foundCreatedAts::timestamptz[], @foundIds::uuid[]) f (organization_id, created_at, id)
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = @organizationId and l.organization_id = f.organization_id and l.created_at = f.created_at and l.id = f.id
                order by l.created_at desc, l.id desc
                limit 10001
            ) a
            limit 10001
        )
        union
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where l.organization_id = @organizationId and l.status = 'pending' and strpos(app.search_text(concat_ws(e'\n', l.contact_email_norm, l.campaign_name, l.event_type, l.error_code, l.error_message)), @term) > 0
            order by l.created_at desc, l.id desc
            limit 10001
        )
    ) m
    limit 10001
) counted;

-- ?search=acme, a common term: the time that a page is searched back to, a user of an organization
-- @organizationId = '019c1363-49c0-7000-8000-000000000001', @last = 19999
select max(n.created_at)
from (
    select l.created_at
    from app.webhook_log l
    where l.organization_id = @organizationId
    order by l.created_at desc, l.id desc
    limit 2 offset @last
) n
having count(*) = 2;

-- ?search=acme, a common term: the time that a page is searched back to, a platform operator
-- @last = 19999
select max(n.created_at)
from (
    select l.created_at
    from app.webhook_log l
    where true
    order by l.created_at desc, l.id desc
    limit 2 offset @last
) n
having count(*) = 2;

-- ?search=acme, the last: a common term, a platform operator
-- @searchedFrom = '2026-01-31T09:30:00Z', @term = 'acme', @reach = 51, @campaignOrganizationIds = '{019c1363-49c0-7000-8000-000000000001}',
--   @campaignIds = '{019c1363-49c0-7000-8000-000000000004}', @types = '{email.replied}', @limit = 51, @offset = 0, @emailOrganizationIds =
--   '{019c1363-49c0-7000-8000-000000000001}', @emails = '{lead@acme.example}', @foundOrganizationIds =
--   '{019c1363-49c0-7000-8000-000000000001}', @foundCreatedAts = '{2026-01-31T09:30:00Z}', @foundIds =
--   '{019c1363-49c0-7000-8000-000000000005}'
-- Statement 1 of 4: as for "First page, a user of an organization"
-- Statement 2 of 4: as for "First page, a platform operator"
select l.id, l.organization_id, l.endpoint_id, l.event_source, l.event_type, l.raw_event_type, l.campaign_id, l.campaign_external_id,
coalesce(c.name, l.campaign_name) as campaign_name, l.contact_id, l.contact_email, l.status, l.error_code, l.error_message,
l.retry_count, case when l.status = 'failed' then l.due_at end as next_retry_at, l.last_retry_at, l.occurred_at, l.created_at,
l.processed_at, l.processing_ms, l.delivery_count, l.last_delivered_at, l.id_reused
from (
    select m.organization_id, m.created_at, m.id
    from (
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where l.created_at >= @searchedFrom and strpos(app.search_text(l.contact_email_norm), @term) > 0
            order by l.created_at desc, l.id desc
            limit @reach
        )
        union
        (
            select a.*
            from unnest(@campaignOrganizationIds::uuid[], @campaignIds::uuid[]) p (organization_id, id)
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.created_at >= @searchedFrom and l.organization_id = p.organization_id and l.campaign_id = p.id
                order by l.created_at desc, l.id desc
                limit @reach
            ) a
        )
        union
        (
            select a.*
            from app.organization o cross join unnest(@types::text[]) t (value)
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.created_at >= @searchedFrom and l.organization_id = o.id and l.event_type = t.value
                order by l.created_at desc, l.id desc
                limit @reach
            ) a
        )
        union
        (
            select a.*
            from app.organization o cross join unnest(array['ignored', 'failed', 'dead']) w (status)
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.created_at >= @searchedFrom and l.organization_id = o.id and l.status = w.status and l.status <> 'processed' and strpos(app.search_text(concat_ws(e'\n', l.contact_email_norm, l.campaign_name, l.event_type, l.error_code, l.error_message)), @term) > 0
                order by l.created_at desc, l.id desc
                limit @reach
            ) a
        )
        union
        (
            select a.*
            from app.organization o
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.created_at >= @searchedFrom and l.organization_id = o.id and l.status = 'pending' and strpos(app.search_text(concat_ws(e'\n', l.contact_email_norm, l.campaign_name, l.event_type, l.error_code, l.error_message)), @term) > 0
                order by l.created_at desc, l.id desc
                limit @reach
            ) a
        )
    ) m
    order by m.created_at desc, m.id desc
    limit @limit offset @offset
) k
join app.webhook_log l on l.organization_id = k.organization_id and l.created_at = k.created_at and l.id = k.id
left join app.campaign c on c.organization_id = l.organization_id and c.id = l.campaign_id
order by l.created_at desc, l.id desc;

select count(*)
from (
    select
    from (
        (
            select a.*
            from (select e.organization_id, array_agg(e.email) as emails
            from unnest(@emailOrganizationIds::uuid[], @emails::text[]) e (organization_id, email)
            group by e.organization_id) e
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = e.organization_id and l.contact_email_norm = any (e.emails)
                limit 10001
            ) a
            limit 10001
        )
        union
        (
            select a.*
            from unnest(@campaignOrganizationIds::uuid[], @campaignIds::uuid[]) p (organization_id, id)
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = p.organization_id and l.campaign_id = p.id
                order by l.created_at desc, l.id desc
                limit 10001
            ) a
            limit 10001
        )
        union
        (
            select a.*
            from app.organization o cross join unnest(@types::text[]) t (value)
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = o.id and l.event_type = t.value
                order by l.created_at desc, l.id desc
                limit 10001
            ) a
            limit 10001
        )
        union
        (
            select a.*
            from unnest(@foundOrganizationIds::uuid[], @foundCreatedAts::timestamptz[], @foundIds::uuid[]) f (organization_id, created_at, id)
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = f.organization_id and l.created_at = f.created_at and l.id = f.id
                order by l.created_at desc, l.id desc
                limit 10001
            ) a
            limit 10001
        )
        union
        (
            select a.*
            from app.organization o
            cross join lateral (
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where l.organization_id = o.id and l.status = 'pending' and strpos(app.search_text(concat_ws(e'\n', l.contact_email_norm, l.campaign_name, l.event_type, l.error_code, l.error_message)), @term) > 0
                order by l.created_at desc, l.id desc
                limit 10001
            ) a
            limit 10001
        )
    ) m
    limit 10001
) counted;

-- ?search=…, the second: a term that leads to nothing, a user of an organization
-- @organizationId = '019c1363-49c0-7000-8000-000000000001', @term = 'acme', @reach = 51, @limit = 51, @offset = 0
-- Statement 1, 2 of 4: as for "First page, a user of an organization"
select l.id, l.organization_id, l.endpoint_id, l.event_source, l.event_type, l.raw_event_type, l.campaign_id, l.campaign_external_id,
coalesce(c.name, l.campaign_name) as campaign_name, l.contact_id, l.contact_email, l.status, l.error_code, l.error_message,
l.retry_count, case when l.status = 'failed' then l.due_at end as next_retry_at, l.last_retry_at, l.occurred_at, l.created_at,
l.processed_at, l.processing_ms, l.delivery_count, l.last_delivered_at, l.id_reused
from (
    select m.organization_id, m.created_at, m.id
    from (
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where l.organization_id = @organizationId and l.status = 'pending' and strpos(app.search_text(concat_ws(e'\n', l.contact_email_norm, l.campaign_name, l.event_type, l.error_code, l.error_message)), @term) > 0
            order by l.created_at desc, l.id desc
            limit @reach
        )
    ) m
    order by m.created_at desc, m.id desc
    limit @limit offset @offset
) k
join app.webhook_log l on l.organization_id = k.organization_id and l.created_at = k.created_at and l.id = k.id
left join app.campaign c on c.organization_id = l.organization_id and c.id = l.campaign_id
order by l.created_at desc, l.id desc;

select count(*)
from (
    select
    from (
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where l.organization_id = @organizationId and l.status = 'pending' and strpos(app.search_text(concat_ws(e'\n', l.contact_email_norm, l.campaign_name, l.event_type, l.error_code, l.error_message)), @term) > 0
            order by l.created_at desc, l.id desc
            limit 10001
        )
    ) m
    limit 10001
) counted;

-- ?search=…, the second: an e-mail address that leads to nothing else, a user of an organization
-- @organizationId = '019c1363-49c0-7000-8000-000000000001', @address = 'lead@prospect.example', @reach = 51, @term =
--   'lead@prospect.example', @limit = 51, @offset = 0
-- Statement 1, 2 of 4: as for "First page, a user of an organization"
select l.id, l.organization_id, l.endpoint_id, l.event_source, l.event_type, l.raw_event_type, l.campaign_id, l.campaign_external_id,
coalesce(c.name, l.campaign_name) as campaign_name, l.contact_id, l.contact_email, l.status, l.error_code, l.error_message,
l.retry_count, case when l.status = 'failed' then l.due_at end as next_retry_at, l.last_retry_at, l.occurred_at, l.created_at,
l.processed_at, l.processing_ms, l.delivery_count, l.last_delivered_at, l.id_reused
from (
    select m.organization_id, m.created_at, m.id
    from (
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where l.organization_id = @organizationId and l.contact_email_norm = @address
            order by l.created_at desc, l.id desc
            limit @reach
        )
        union
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where l.organization_id = @organizationId and l.status = 'pending' and strpos(app.search_text(concat_ws(e'\n', l.contact_email_norm, l.campaign_name, l.event_type, l.error_code, l.error_message)), @term) > 0
            order by l.created_at desc, l.id desc
            limit @reach
        )
    ) m
    order by m.created_at desc, m.id desc
    limit @limit offset @offset
) k
join app.webhook_log l on l.organization_id = k.organization_id and l.created_at = k.created_at and l.id = k.id
left join app.campaign c on c.organization_id = l.organization_id and c.id = l.campaign_id
order by l.created_at desc, l.id desc;

select count(*)
from (
    select
    from (
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where l.organization_id = @organizationId and l.contact_email_norm = @address
            order by l.created_at desc, l.id desc
            limit 10001
        )
        union
        (
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where l.organization_id = @organizationId and l.status = 'pending' and strpos(app.search_text(concat_ws(e'\n', l.contact_email_norm, l.campaign_name, l.event_type, l.error_code, l.error_message)), @term) > 0
            order by l.created_at desc, l.id desc
            limit 10001
        )
    ) m
    limit 10001
) counted;
