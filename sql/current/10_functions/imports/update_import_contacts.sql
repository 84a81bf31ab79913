-- Gives contacts that existed the values of the source, each contact those of the first person of the page. An empty value replaces none,
-- and an address is only added where there is none. Returns what was replaced, for undoing.
create or replace function app.update_import_contacts(
    organization uuid, people app.import_person[], contacts uuid[], created uuid[], applied_at timestamptz)
returns table (id uuid, before jsonb, after jsonb, version bigint)
language plpgsql
set search_path = pg_catalog, pg_temp
-- As app.find_import_contacts says.
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    return query
    with wanted as (
        select distinct on (contacts[p.ordinality]) contacts[p.ordinality] as contact_id, p.*
        from unnest(people) with ordinality as p
        where contacts[p.ordinality] <> all (created)
        order by contacts[p.ordinality], p.number
    ), locked as (
        select k.id, d.before, d.after, w.email_norm
        from wanted w
        join app.contact k on k.organization_id = organization and k.id = w.contact_id
        cross join lateral (
            select jsonb_object_agg(v.name, v.old) as before, jsonb_object_agg(v.name, v.new) as after
            from (values
                ('email', k.email, case when k.email is null
                    and not exists (select from app.contact o where o.organization_id = organization and o.email_norm = w.email_norm)
                    and not exists (select from app.contact_former_email o where o.organization_id = organization and o.email_norm = w.email_norm)
                    then w.email end),
                ('first_name', k.first_name, w.first_name), ('last_name', k.last_name, w.last_name), ('company', k.company, w.company),
                ('title', k.title, w.title), ('phone', k.phone, w.phone), ('linkedin_url', k.linkedin_url, w.linkedin_url),
                ('city', k.city, w.city), ('region', k.region, w.region), ('country', k.country, w.country)) as v (name, old, new)
            where v.new is not null and v.new is distinct from v.old
        ) d
        where d.after is not null
        order by k.id
        for no key update of k
    )
    update app.contact k set
        email = coalesce(l.after ->> 'email', k.email),
        email_norm = case when l.after ? 'email' then l.email_norm else k.email_norm end,
        first_name = coalesce(l.after ->> 'first_name', k.first_name),
        last_name = coalesce(l.after ->> 'last_name', k.last_name),
        company = coalesce(l.after ->> 'company', k.company),
        title = coalesce(l.after ->> 'title', k.title),
        phone = coalesce(l.after ->> 'phone', k.phone),
        linkedin_url = coalesce(l.after ->> 'linkedin_url', k.linkedin_url),
        city = coalesce(l.after ->> 'city', k.city),
        region = coalesce(l.after ->> 'region', k.region),
        country = coalesce(l.after ->> 'country', k.country),
        updated_at = applied_at
    from locked l
    where k.organization_id = organization and k.id = l.id
    returning k.id, l.before, l.after, k.version;
end
$$;

revoke all on function app.update_import_contacts(uuid, app.import_person[], uuid[], uuid[], timestamptz) from public;
grant execute on function app.update_import_contacts(uuid, app.import_person[], uuid[], uuid[], timestamptz) to salesbrain_platform;
