-- What leads contribute to analytics (app.analytics_lead), read from their own rows: the values by which they are grouped, and when
-- something of a kind happened to each, sorted by kind and time. The kinds are those of app.analytics_kinds, and for the last change of the
-- status minus the position in app.analytics_statuses. Deleted leads contribute nothing.
create or replace function app.analytics_lead_events(organization uuid, leads uuid[])
returns table (
    lead_id uuid, campaign_id uuid, agency_id uuid, client_id uuid, source text, created_at timestamptz, last_at timestamptz,
    kinds smallint[], times timestamptz[], status text, priority text, interest text, practice_area text, assigned_to uuid, score integer,
    qualification_score integer, deal_amount numeric, deal_currency text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select l.id, l.campaign_id, coalesce(l.agency_id, '00000000-0000-0000-0000-000000000000'),
        coalesce(l.client_id, '00000000-0000-0000-0000-000000000000'), coalesce(l.source, ''), l.created_at, f.last_at, f.kinds, f.times,
        l.status, l.priority, l.interest, l.practice_area, l.assigned_to, l.score, l.qualification_score, l.deal_amount, l.deal_currency
    from (select distinct i.id from unnest(leads) i (id)) i
    join app.lead l on l.organization_id = organization and l.id = i.id and l.deleted_at is null
    cross join lateral (
        select array_agg(e.kind order by e.kind, e.at) as kinds, array_agg(e.at order by e.kind, e.at) as times, max(e.at) as last_at
        from (
            select coalesce(array_position(app.analytics_kinds(), a.activity_type), 4)::smallint as kind, a.occurred_at as at
            from app.activity a
            where a.organization_id = organization and a.lead_id = l.id
            union all
            select array_position(app.analytics_kinds(), s.status)::smallint, s.at
            from app.lead_status_change s
            where s.organization_id = organization and s.lead_id = l.id and s.status in ('qualified', 'converted')
            union all
            select c.kind, c.at
            from (
                select (-array_position(app.analytics_statuses(), l.status))::smallint as kind, s.at
                from app.lead_status_change s
                where s.organization_id = organization and s.lead_id = l.id
                order by s.number desc
                limit 1
            ) c
            union all
            select 1::smallint, l.created_at
        ) e
    ) f
$$;

revoke all on function app.analytics_lead_events(uuid, uuid[]) from public;
grant execute on function app.analytics_lead_events(uuid, uuid[]) to salesbrain_tenant, salesbrain_platform;
