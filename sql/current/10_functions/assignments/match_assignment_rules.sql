-- The rule of each of these contacts, in the order given: the first rule that matches, or else the last rule. Contacts that the
-- organization does not have are omitted. The strategies round_robin and lead_score send all contacts to the last rule.
create or replace function app.match_assignment_rules(organization uuid, contacts uuid[], strategy text) returns setof app.assignment_match
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    has_rules boolean := exists (select from app.assignment_rule r where r.organization_id = organization and r.position > 0);
begin
    return query
    with rule as materialized (
        select r.id, r.position, lower(r.countries::text)::text[] as countries, lower(r.regions::text)::text[] as regions,
            lower(r.cities::text)::text[] as cities,
            array(select app.plain_domain(d.domain) from unnest(r.company_domains) as d (domain)) as company_domains,
            lower(r.tags::text)::text[] as tags, r.campaign_ids,
            row_number() over (order by r.position desc) = 1 as is_last
        from app.assignment_rule r
        where r.organization_id = organization and (r.position > 0) = has_rules
    )
    select w.id, w.number, m.id, app.contact_lead_score(organization, k.id)::smallint
    from (select u.id, min(u.number) as number from unnest(contacts) with ordinality as u (id, number) group by u.id) w
    join app.contact k on k.organization_id = organization and k.id = w.id
    cross join lateral (
        select r.id
        from rule r
        where r.is_last
            or (coalesce(strategy, 'territory') = 'territory'
                and (r.countries = '{}' or lower(btrim(k.country)) = any (r.countries))
                and (r.regions = '{}' or lower(btrim(k.region)) = any (r.regions))
                and (r.cities = '{}' or lower(btrim(k.city)) = any (r.cities))
                and (r.company_domains = '{}' or app.company_domains(k.email_norm, k.website) && r.company_domains)
                and (r.tags = '{}' or lower(k.tags::text)::text[] && r.tags)
                and (r.campaign_ids = '{}' or exists (
                    select from app.lead l
                    where l.organization_id = organization and l.contact_id = k.id and l.campaign_id = any (r.campaign_ids)
                        and l.deleted_at is null)))
        order by r.position
        limit 1
    ) m
    order by w.number;
end
$$;

revoke all on function app.match_assignment_rules(uuid, uuid[], text) from public;
grant execute on function app.match_assignment_rules(uuid, uuid[], text) to salesbrain_tenant, salesbrain_platform;
