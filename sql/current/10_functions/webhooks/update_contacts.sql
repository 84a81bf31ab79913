-- Fills gaps in what is known about the contacts of effects, never overwriting what somebody entered, and suppresses the contacts that
-- bounced or unsubscribed. Both in one statement: each contact is locked once, in the order of ids, and only if it changes.
drop function if exists app.update_contacts(app.webhook_effect[], timestamptz);
create or replace function app.update_contacts(effects app.webhook_effect[], targets app.webhook_target[], applied_at timestamptz) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    with facts as (
        select e.organization_id, e.contact_id,
            (array_agg(e.first_name order by e.occurred_at desc) filter (where e.first_name is not null))[1] as first_name,
            (array_agg(e.last_name order by e.occurred_at desc) filter (where e.last_name is not null))[1] as last_name,
            (array_agg(e.company order by e.occurred_at desc) filter (where e.company is not null))[1] as company,
            (array_agg(e.title order by e.occurred_at desc) filter (where e.title is not null))[1] as title,
            (array_agg(e.phone order by e.occurred_at desc) filter (where e.phone is not null))[1] as phone,
            (array_agg(e.website order by e.occurred_at desc) filter (where e.website is not null))[1] as website,
            (array_agg(e.linkedin_url order by e.occurred_at desc) filter (where e.linkedin_url is not null))[1] as linkedin_url,
            (array_agg(e.city order by e.occurred_at desc) filter (where e.city is not null))[1] as city,
            (array_agg(e.region order by e.occurred_at desc) filter (where e.region is not null))[1] as region,
            (array_agg(e.country order by e.occurred_at desc) filter (where e.country is not null))[1] as country,
            max(e.suppression) filter (where e.suppression = 'unsubscribed') as unsubscribed,
            max(e.suppression) filter (where e.suppression = 'bounced') as bounced,
            min(e.occurred_at) filter (where e.suppression is not null) as suppressed_at
        from unnest(effects, targets) as e
        where e.contact_id is not null
        group by e.organization_id, e.contact_id
    ), locked as (
        select k.id, f.*
        from facts f
        join app.contact k on k.organization_id = f.organization_id and k.id = f.contact_id
        where (k.first_name is null and f.first_name is not null) or (k.last_name is null and f.last_name is not null)
            or (k.company is null and f.company is not null) or (k.title is null and f.title is not null)
            or (k.phone is null and f.phone is not null) or (k.website is null and f.website is not null)
            or (k.linkedin_url is null and f.linkedin_url is not null) or (k.city is null and f.city is not null)
            or (k.region is null and f.region is not null) or (k.country is null and f.country is not null)
            or (k.suppression = 'none' and f.suppressed_at is not null)
            or (k.suppression = 'bounced' and f.unsubscribed is not null)
        order by k.id
        for no key update of k
    )
    update app.contact k set
        first_name = coalesce(k.first_name, f.first_name),
        last_name = coalesce(k.last_name, f.last_name),
        company = coalesce(k.company, f.company),
        title = coalesce(k.title, f.title),
        phone = coalesce(k.phone, f.phone),
        website = coalesce(k.website, f.website),
        linkedin_url = coalesce(k.linkedin_url, f.linkedin_url),
        city = coalesce(k.city, f.city),
        region = coalesce(k.region, f.region),
        country = coalesce(k.country, f.country),
        -- A person's own wish outweighs a bounce; what a user of SalesBrain set stays.
        suppression = case
            when k.suppression = 'none' then coalesce(f.unsubscribed, f.bounced, 'none')
            when k.suppression = 'bounced' then coalesce(f.unsubscribed, 'bounced')
            else k.suppression end,
        suppressed_at = case when k.suppression = 'none' then f.suppressed_at else k.suppressed_at end,
        updated_at = applied_at
    from locked f
    where k.organization_id = f.organization_id and k.id = f.id;
end
$$;

revoke all on function app.update_contacts(app.webhook_effect[], app.webhook_target[], timestamptz) from public;
grant execute on function app.update_contacts(app.webhook_effect[], app.webhook_target[], timestamptz) to salesbrain_platform;
