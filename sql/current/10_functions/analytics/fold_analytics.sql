-- Adds at most `most` rows of app.analytics_change to the daily rows and the versions, deletes them, and returns their number. All in one statement:
-- readers add both up and must find a change in exactly one of them. What a lead contributed is replaced by what it contributes now, so it does not
-- matter how often or how late a change is folded. If another call is running, this one does nothing and returns 0.
create or replace function app.fold_analytics(most integer) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    none constant uuid := '00000000-0000-0000-0000-000000000000';
    changed record;
    folded bigint;
begin
    if not pg_try_advisory_xact_lock(hashtext('app.fold_analytics')) then
        return 0;
    end if;
    -- Organizations without rows, and those whose time zone changed: all their leads are counted anew, a batch at a time.
    for changed in
        select g.id, g.timezone
        from app.organization g
        left join app.analytics_organization z on z.organization_id = g.id
        where z.timezone is distinct from g.timezone and app.is_time_zone(g.timezone)
    loop
        delete from app.analytics_day d where d.organization_id = changed.id;
        delete from app.analytics_lead a where a.organization_id = changed.id;
        insert into app.analytics_change (organization_id, agency_id, client_id, lead_ids)
        select changed.id, l.agency_id, l.client_id, array_agg(l.id)
        from (
            select coalesce(l.agency_id, none) as agency_id, coalesce(l.client_id, none) as client_id, l.id,
                row_number() over (partition by l.agency_id, l.client_id order by l.id) / 50 as batch
            from app.lead l
            where l.organization_id = changed.id and l.deleted_at is null
        ) l
        group by l.agency_id, l.client_id, l.batch;
        insert into app.analytics_organization as z (organization_id, timezone) values (changed.id, changed.timezone)
        on conflict (organization_id) do update set timezone = excluded.timezone;
    end loop;

    with taken as (
        delete from app.analytics_change c
        where c.ctid = any (array(select ctid from app.analytics_change order by organization_id, id limit most))
        returning c.organization_id, c.agency_id, c.client_id, c.lead_ids
    ), dirty as materialized (
        select distinct t.organization_id, i.lead_id
        from taken t
        cross join lateral unnest(t.lead_ids) i (lead_id)
    ), listed as (
        select d.organization_id, array_agg(d.lead_id) as leads
        from dirty d
        group by d.organization_id
    ), fresh as materialized (
        select x.organization_id, f.*
        from listed x
        join app.analytics_organization z on z.organization_id = x.organization_id
        cross join lateral app.analytics_lead_days(x.organization_id, z.timezone, x.leads) f
    ), stale as materialized (
        select a.*
        from dirty d
        -- The limit keeps it a look-up for each lead.
        cross join lateral (
            select a.* from app.analytics_lead a where a.organization_id = d.organization_id and a.lead_id = d.lead_id limit 1) a
    ), signed as (
        select 1 as sign, f.organization_id, f.lead_id, f.campaign_id, f.agency_id, f.client_id, f.source, f.kind, f.day, f.events
        from fresh f
        union all
        select -1, s.organization_id, s.lead_id, s.campaign_id, s.agency_id, s.client_id, s.source, e.kind, e.day, e.events
        from stale s
        cross join lateral unnest(s.kinds, s.days, s.events) e (kind, day, events)
    ), placed as (
        select s.*, lag(s.day, 1, '-infinity') over (partition by s.sign, s.organization_id, s.lead_id, s.kind order by s.day) as previous_day
        from signed s
    ), delta as (
        select p.organization_id, v.level, v.scope_id, v.agency_id, v.client_id, p.kind, p.day, p.previous_day,
            case when p.kind = 1 then p.source else '' end as source, sum(p.sign) as leads, sum(p.sign * p.events) as events
        from placed p
        cross join lateral (values
            ('organization', p.organization_id, none, none), ('agency', nullif(p.agency_id, none), p.agency_id, none),
            ('client', nullif(p.client_id, none), p.agency_id, p.client_id), ('campaign', p.campaign_id, p.agency_id, p.client_id))
            as v (level, scope_id, agency_id, client_id)
        where v.scope_id is not null
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9
        having sum(p.sign) <> 0 or sum(p.sign * p.events) <> 0
    ), days as (
        merge into app.analytics_day t
        using delta d on t.organization_id = d.organization_id and t.level = d.level and t.scope_id = d.scope_id and t.agency_id = d.agency_id
            and t.client_id = d.client_id and t.kind = d.kind and t.day = d.day and t.previous_day = d.previous_day and t.source = d.source
        when matched and t.leads + d.leads = 0 and t.events + d.events = 0 then delete
        when matched then update set leads = t.leads + d.leads, events = t.events + d.events
        when not matched then insert (
            organization_id, level, scope_id, agency_id, client_id, kind, day, previous_day, source, leads, events)
        values (
            d.organization_id, d.level, d.scope_id, d.agency_id, d.client_id, d.kind, d.day, d.previous_day, d.source, d.leads, d.events)
    ), gone as (
        delete from app.analytics_lead a
        using dirty d
        where a.organization_id = d.organization_id and a.lead_id = d.lead_id
            and not exists (select from fresh f where f.organization_id = d.organization_id and f.lead_id = d.lead_id)
    ), kept as (
        insert into app.analytics_lead as a (organization_id, lead_id, campaign_id, agency_id, client_id, source, kinds, days, events)
        select f.organization_id, f.lead_id, f.campaign_id, f.agency_id, f.client_id, f.source, array_agg(f.kind), array_agg(f.day), array_agg(f.events)
        from fresh f
        group by 1, 2, 3, 4, 5, 6
        on conflict (organization_id, lead_id) do update set
            campaign_id = excluded.campaign_id, agency_id = excluded.agency_id, client_id = excluded.client_id, source = excluded.source,
            kinds = excluded.kinds, days = excluded.days, events = excluded.events
    ), versions as (
        insert into app.analytics_version as v (organization_id, agency_id, client_id, changes)
        select t.organization_id, t.agency_id, t.client_id, count(*)
        from taken t
        -- An organization may have been deleted.
        join app.organization o on o.id = t.organization_id
        group by 1, 2, 3
        on conflict (organization_id, agency_id, client_id) do update set changes = v.changes + excluded.changes
    )
    select count(*) into folded from taken;
    return folded;
end
$$;

revoke all on function app.fold_analytics(integer) from public;
grant execute on function app.fold_analytics(integer) to salesbrain_platform;
