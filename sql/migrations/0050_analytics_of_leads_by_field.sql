-- The report of leads reads sums by field instead of every lead.

-- What each lead contributes to app.analytics_group. Null in rows that were written before this migration: they contribute nothing to it.
alter table app.analytics_lead
    add column status text,
    add column priority text,
    add column interest text,
    add column practice_area text,
    add column assigned_to uuid,
    add column score integer,
    add column qualification_score integer,
    add column deal_amount numeric(14, 2),
    add column deal_currency text;

-- Leads by the value of a field, as they are now. A lead counts in one row for each field, and if it has an open deal in one more that has the deal's
-- currency; and it counts in the rows of its organization, agency, client and campaign.
create table app.analytics_group (
    organization_id uuid not null references app.organization (id),
    level text not null,
    scope_id uuid not null,
    agency_id uuid not null,
    client_id uuid not null,
    -- status, priority, interest, source, practice_area, assignee, campaign, score_band or qualification; total for deals of all leads.
    field text not null,
    -- Empty: the lead has no value.
    key text not null,
    -- Empty: the row counts leads. Otherwise it counts leads with an open deal (neither converted nor rejected) and adds their amounts up.
    currency text not null,
    leads bigint not null,
    scores bigint not null,
    amount numeric not null,
    constraint analytics_group_pkey primary key (organization_id, level, scope_id, agency_id, client_id, field, key, currency),
    constraint analytics_group_level_check check (level in ('organization', 'agency', 'client', 'campaign'))
) with (fillfactor = 70);

-- All leads are counted anew by app.fold_analytics. Until then reports count these leads from their own rows.
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

-- It returns more columns now.
drop function if exists app.analytics_lead_events(uuid, uuid[]);
