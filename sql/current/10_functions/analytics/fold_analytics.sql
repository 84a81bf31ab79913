-- Brings the rows of analytics up to date: makes those of time zones that are new, deletes those of zones that nobody asks for, and adds at
-- most `most` rows of app.analytics_change to the others and to the versions. Returns how many. A change is deleted and added up in one
-- statement: readers add both up and must find it in exactly one of them. What a lead contributed is replaced by what it contributes now,
-- so it does not matter how often or how late a change is folded. If another call is running, this one does nothing and returns 0.
create or replace function app.fold_analytics(most integer) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    none constant uuid := '00000000-0000-0000-0000-000000000000';
    wanted record;
    unused record;
    folded bigint;
begin
    if not pg_try_advisory_xact_lock(hashtext('app.fold_analytics')) then
        return 0;
    end if;
    for unused in
        delete from app.analytics_zone z
        using app.organization o
        where o.id = z.organization_id and z.timezone <> o.timezone and z.asked_at < now() - interval '30 days'
        returning z.organization_id, z.timezone
    loop
        delete from app.analytics_day d where d.organization_id = unused.organization_id and d.timezone = unused.timezone;
    end loop;
    for wanted in
        select o.id as organization_id, o.timezone
        from app.organization o
        left join app.analytics_zone z on z.organization_id = o.id and z.timezone = o.timezone
        where z.made_at is null
        union
        select z.organization_id, z.timezone
        from app.analytics_zone z
        where z.made_at is null
    loop
        if app.is_time_zone(wanted.timezone) then
            insert into app.analytics_day (
                organization_id, timezone, level, scope_id, agency_id, client_id, kind, day, previous_day, source, leads, events)
            select c.organization_id, wanted.timezone, v.level, v.scope_id, v.agency_id, v.client_id, c.kind, c.day, c.previous_day,
                c.source, sum(c.leads), sum(c.events)
            from (
                -- By campaign first: the levels multiply few rows.
                select a.organization_id, a.campaign_id, a.agency_id, a.client_id, d.kind, d.day, d.previous_day,
                    case when d.kind = 1 then a.source else '' end as source, count(*) as leads, sum(d.events)::bigint as events
                from app.analytics_lead a
                cross join lateral (
                    select k.kind, k.day, lag(k.day, 1, '-infinity') over (partition by k.kind order by k.day) as previous_day, k.events
                    from (
                        select e.kind, (e.at at time zone wanted.timezone)::date as day, count(*) as events
                        from unnest(a.kinds, a.times) e (kind, at)
                        group by 1, 2
                    ) k
                ) d
                where a.organization_id = wanted.organization_id
                group by 1, 2, 3, 4, 5, 6, 7, 8
            ) c
            cross join lateral (values
                ('organization', c.organization_id, none, none), ('agency', nullif(c.agency_id, none), c.agency_id, none),
                ('client', nullif(c.client_id, none), c.agency_id, c.client_id), ('campaign', c.campaign_id, c.agency_id, c.client_id))
                as v (level, scope_id, agency_id, client_id)
            where v.scope_id is not null
            group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;
            insert into app.analytics_zone as z (organization_id, timezone, asked_at, made_at)
            values (wanted.organization_id, wanted.timezone, now(), now())
            on conflict (organization_id, timezone) do update set made_at = excluded.made_at;
        end if;
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
        -- An organization may have been deleted.
        join app.organization o on o.id = x.organization_id
        cross join lateral app.analytics_lead_events(x.organization_id, x.leads) f
    ), stale as materialized (
        select a.*
        from dirty d
        -- The limit keeps it a look-up for each lead.
        cross join lateral (
            select a.* from app.analytics_lead a where a.organization_id = d.organization_id and a.lead_id = d.lead_id limit 1) a
    ), signed as (
        select 1 as sign, f.organization_id, f.campaign_id, f.agency_id, f.client_id, f.source, f.kinds, f.times, f.status, f.priority,
            f.interest, f.practice_area, f.assigned_to, f.score, f.qualification_score, f.deal_amount, f.deal_currency
        from fresh f
        union all
        select -1, s.organization_id, s.campaign_id, s.agency_id, s.client_id, s.source, s.kinds, s.times, s.status, s.priority,
            s.interest, s.practice_area, s.assigned_to, s.score, s.qualification_score, s.deal_amount, s.deal_currency
        from stale s
    ), changed_values as (
        -- Most changes are events, which leave the values as they are.
        select s.organization_id, s.campaign_id, s.agency_id, s.client_id, s.source, s.status, s.priority, s.interest, s.practice_area,
            s.assigned_to, s.score, s.qualification_score, s.deal_amount, s.deal_currency, sum(s.sign) as leads
        from signed s
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
        having sum(s.sign) <> 0
    ), grouped as (
        select c.organization_id, c.campaign_id, c.agency_id, c.client_id, g.field, g.key, g.currency, sum(c.leads * g.leads) as leads,
            sum(c.leads * g.scores) as scores, sum(c.leads * g.amount) as amount
        from changed_values c
        cross join lateral app.analytics_lead_groups(
            c.status, c.priority, c.interest, c.source, c.practice_area, c.assigned_to, c.campaign_id, c.score, c.qualification_score,
            c.deal_amount, c.deal_currency) g
        group by 1, 2, 3, 4, 5, 6, 7
    ), group_delta as (
        select g.organization_id, v.level, v.scope_id, v.agency_id, v.client_id, g.field, g.key, g.currency, sum(g.leads) as leads,
            sum(g.scores) as scores, sum(g.amount) as amount
        from grouped g
        cross join lateral (values
            ('organization', g.organization_id, none, none), ('agency', nullif(g.agency_id, none), g.agency_id, none),
            ('client', nullif(g.client_id, none), g.agency_id, g.client_id), ('campaign', g.campaign_id, g.agency_id, g.client_id))
            as v (level, scope_id, agency_id, client_id)
        where v.scope_id is not null
        group by 1, 2, 3, 4, 5, 6, 7, 8
        having sum(g.leads) <> 0 or sum(g.scores) <> 0 or sum(g.amount) <> 0
    ), groups as (
        merge into app.analytics_group t
        using group_delta d on t.organization_id = d.organization_id and t.level = d.level and t.scope_id = d.scope_id
            and t.agency_id = d.agency_id and t.client_id = d.client_id and t.field = d.field and t.key = d.key and t.currency = d.currency
        when matched and t.leads + d.leads = 0 then delete
        when matched then update set leads = t.leads + d.leads, scores = t.scores + d.scores, amount = t.amount + d.amount
        when not matched then insert (
            organization_id, level, scope_id, agency_id, client_id, field, key, currency, leads, scores, amount)
        values (
            d.organization_id, d.level, d.scope_id, d.agency_id, d.client_id, d.field, d.key, d.currency, d.leads, d.scores, d.amount)
    ), summed as (
        select s.organization_id, z.timezone, s.campaign_id, s.agency_id, s.client_id, d.kind, d.day, d.previous_day,
            case when d.kind = 1 then s.source else '' end as source, sum(s.sign) as leads, sum(s.sign * d.events::integer) as events
        from signed s
        join app.analytics_zone z on z.organization_id = s.organization_id and z.made_at is not null
        cross join lateral (
            select k.kind, k.day, lag(k.day, 1, '-infinity') over (partition by k.kind order by k.day) as previous_day, k.events
            from (
                select e.kind, (e.at at time zone z.timezone)::date as day, count(*) as events
                from unnest(s.kinds, s.times) e (kind, at)
                group by 1, 2
            ) k
        ) d
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9
        having sum(s.sign) <> 0 or sum(s.sign * d.events::integer) <> 0
    ), delta as (
        select s.organization_id, s.timezone, v.level, v.scope_id, v.agency_id, v.client_id, s.kind, s.day, s.previous_day, s.source,
            sum(s.leads) as leads, sum(s.events) as events
        from summed s
        cross join lateral (values
            ('organization', s.organization_id, none, none), ('agency', nullif(s.agency_id, none), s.agency_id, none),
            ('client', nullif(s.client_id, none), s.agency_id, s.client_id), ('campaign', s.campaign_id, s.agency_id, s.client_id))
            as v (level, scope_id, agency_id, client_id)
        where v.scope_id is not null
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
        having sum(s.leads) <> 0 or sum(s.events) <> 0
    ), days as (
        merge into app.analytics_day t
        using delta d on t.organization_id = d.organization_id and t.timezone = d.timezone and t.level = d.level and t.scope_id = d.scope_id
            and t.agency_id = d.agency_id and t.client_id = d.client_id and t.kind = d.kind and t.day = d.day
            and t.previous_day = d.previous_day
            and t.source = d.source
        when matched and t.leads + d.leads = 0 and t.events + d.events = 0 then delete
        when matched then update set leads = t.leads + d.leads, events = t.events + d.events
        when not matched then insert (
            organization_id, timezone, level, scope_id, agency_id, client_id, kind, day, previous_day, source, leads, events)
        values (
            d.organization_id, d.timezone, d.level, d.scope_id, d.agency_id, d.client_id, d.kind, d.day, d.previous_day, d.source, d.leads,
            d.events)
    ), gone as (
        delete from app.analytics_lead a
        using dirty d
        where a.organization_id = d.organization_id and a.lead_id = d.lead_id
            and not exists (select from fresh f where f.organization_id = d.organization_id and f.lead_id = d.lead_id)
    ), kept as (
        insert into app.analytics_lead as a (
            organization_id, lead_id, campaign_id, agency_id, client_id, source, created_at, last_at, kinds, times, status, priority, interest,
            practice_area, assigned_to, score, qualification_score, deal_amount, deal_currency)
        select f.organization_id, f.lead_id, f.campaign_id, f.agency_id, f.client_id, f.source, f.created_at, f.last_at, f.kinds, f.times,
            f.status, f.priority, f.interest, f.practice_area, f.assigned_to, f.score, f.qualification_score, f.deal_amount, f.deal_currency
        from fresh f
        on conflict (organization_id, lead_id) do update set
            campaign_id = excluded.campaign_id, agency_id = excluded.agency_id, client_id = excluded.client_id, source = excluded.source,
            created_at = excluded.created_at, last_at = excluded.last_at, kinds = excluded.kinds, times = excluded.times,
            status = excluded.status, priority = excluded.priority, interest = excluded.interest, practice_area = excluded.practice_area,
            assigned_to = excluded.assigned_to, score = excluded.score, qualification_score = excluded.qualification_score,
            deal_amount = excluded.deal_amount, deal_currency = excluded.deal_currency
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
