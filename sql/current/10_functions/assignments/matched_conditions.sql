-- The values of a contact that matched a rule: one for each kind of condition of the rule.
create or replace function app.matched_conditions(rule app.assignment_rule, contact uuid) returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select jsonb_strip_nulls(jsonb_build_object(
            'country', case when rule.countries <> '{}' then k.country end,
            'region', case when rule.regions <> '{}' then k.region end,
            'city', case when rule.cities <> '{}' then k.city end,
            'company_domain', (
                select d.domain from unnest(app.company_domains(k.email_norm, k.website)) as d (domain)
                where d.domain in (select app.plain_domain(r.domain) from unnest(rule.company_domains) as r (domain))
                limit 1),
            'tag', (select t.tag from unnest(k.tags) as t (tag) where lower(t.tag) = any (lower(rule.tags::text)::text[]) limit 1),
            'campaign_id', (
                select l.campaign_id from app.lead l
                where l.organization_id = k.organization_id and l.contact_id = k.id and l.campaign_id = any (rule.campaign_ids)
                    and l.deleted_at is null
                limit 1)))
        from app.contact k
        where k.organization_id = rule.organization_id and k.id = contact);
end
$$;

revoke all on function app.matched_conditions(app.assignment_rule, uuid) from public;
