-- Daily rows are kept for each time zone that reports are asked for, and are made from the times of the events of each lead.

-- The zones whose days app.analytics_day has: the organization's own, and others that reports are asked for. Their number is limited
-- (app.ask_analytics_zone).
create table app.analytics_zone (
    organization_id uuid not null references app.organization (id),
    timezone text not null,
    -- When a report was last computed in the zone, to the day. The organization's own zone stays, asked for or not.
    asked_at timestamptz not null,
    -- When its rows were made. Null: app.fold_analytics has yet to make them.
    made_at timestamptz,
    constraint analytics_zone_pkey primary key (organization_id, timezone)
);

drop table app.analytics_organization;

-- What each lead contributes: when something of a kind (app.analytics_kinds) happened to it, sorted by kind and time. Counted from these rows, an answer
-- is exact for any zone and any bounds.
truncate app.analytics_lead;
alter table app.analytics_lead
    drop column days,
    drop column events,
    add column created_at timestamptz not null,
    add column last_at timestamptz not null,
    add column times timestamptz[] not null;

truncate app.analytics_day;
alter table app.analytics_day drop constraint analytics_day_pkey;
alter table app.analytics_day add column timezone text not null;
alter table app.analytics_day add constraint analytics_day_pkey
    primary key (organization_id, timezone, level, scope_id, agency_id, client_id, kind, day, previous_day, source);

-- All leads are counted anew by app.fold_analytics. Until then reports count these leads from their activities.
insert into app.analytics_change (organization_id, agency_id, client_id, lead_ids)
select l.organization_id, l.agency_id, l.client_id, array_agg(l.id)
from (
    select l.organization_id, coalesce(l.agency_id, '00000000-0000-0000-0000-000000000000') as agency_id,
        coalesce(l.client_id, '00000000-0000-0000-0000-000000000000') as client_id, l.id,
        row_number() over (partition by l.organization_id, l.agency_id, l.client_id order by l.id) / 50 as batch
    from app.lead l
    where l.deleted_at is null
) l
group by l.organization_id, l.agency_id, l.client_id, l.batch;

-- Replaced by app.analytics_lead_events.
drop function if exists app.analytics_lead_days(uuid, text, uuid[]);
