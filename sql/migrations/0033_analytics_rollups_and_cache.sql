-- What analytics read instead of counting millions of activities, and their cache. Two ids mean something that is not an id:
-- 00000000-0000-0000-0000-000000000000 is "none", ffffffff-ffff-ffff-ffff-ffffffffffff "every agency and client of the organization".

-- What changed and app.fold_analytics has not added up yet. Writers append; nobody updates. The number of a scope's changes, folded or not, is the
-- version of its data. No foreign keys: they would be checked on the way of every webhook, and the rows that changed have them.
create table app.analytics_change (
    id bigint generated always as identity,
    organization_id uuid not null,
    agency_id uuid not null,
    client_id uuid not null,
    -- Leads whose numbers changed; empty if only the version rises.
    lead_ids uuid[] not null,
    constraint analytics_change_pkey primary key (organization_id, id)
) with (
    -- Rows live for seconds: vacuum by how many have died, however large the table once was.
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000
);

-- What each lead contributes to app.analytics_day: how many events of a kind on a local day. A change replaces it. No foreign key to the lead: what a
-- deleted lead contributed is subtracted after it is gone.
create table app.analytics_lead (
    organization_id uuid not null references app.organization (id),
    lead_id uuid not null,
    campaign_id uuid,
    agency_id uuid not null,
    client_id uuid not null,
    source text not null,
    kinds smallint[] not null,
    days date[] not null,
    events integer[] not null,
    constraint analytics_lead_pkey primary key (organization_id, lead_id)
);

-- Events by day, kind (app.analytics_kinds) and previous day: `leads` had events on the day, and had their last event of the kind before that on
-- previous_day (-infinity: it is their first). So the distinct leads of any window are the sum of the rows whose day is in the window and whose
-- previous day is before it. Days are local days of the organization's time zone (app.analytics_organization). The same lead counts in four rows:
-- those of its organization, agency, client and campaign.
create table app.analytics_day (
    organization_id uuid not null references app.organization (id),
    level text not null,
    scope_id uuid not null,
    agency_id uuid not null,
    client_id uuid not null,
    kind smallint not null,
    day date not null,
    previous_day date not null,
    -- Of created leads; empty for other kinds.
    source text not null,
    leads bigint not null,
    events bigint not null,
    constraint analytics_day_pkey primary key (organization_id, level, scope_id, agency_id, client_id, kind, day, previous_day, source),
    constraint analytics_day_level_check check (level in ('organization', 'agency', 'client', 'campaign'))
) with (fillfactor = 70);

-- The number of folded changes of each agency and client.
create table app.analytics_version (
    organization_id uuid not null references app.organization (id),
    agency_id uuid not null,
    client_id uuid not null,
    changes bigint not null,
    constraint analytics_version_pkey primary key (organization_id, agency_id, client_id)
) with (fillfactor = 50);

-- The time zone whose days the rows have. A row is missing, or has another zone than the organization, until app.fold_analytics makes the rows anew.
create table app.analytics_organization (
    organization_id uuid not null references app.organization (id),
    timezone text not null,
    constraint analytics_organization_pkey primary key (organization_id)
);

-- Answers. They are valid while the version of the scope's data is the same.
create table app.analytics_cache (
    organization_id uuid not null references app.organization (id),
    -- Whose answer it is: organization, agency and client of the caller's session.
    scope text not null,
    -- SHA-256 of all that the answer depends on: endpoint, filters, the period as instants, the time zone, and today there.
    parameters text not null,
    data_version text not null,
    answer text not null,
    computed_at timestamptz not null,
    constraint analytics_cache_pkey primary key (organization_id, scope, parameters)
);

create index analytics_cache_computed_at_idx on app.analytics_cache (computed_at);

-- Leads with a deal are few.
create index lead_deal_idx on app.lead (organization_id, campaign_id) where deal_amount is not null and deleted_at is null;

-- Replies and booked meetings are few: their hours, and how fast they are answered, are counted from the activities.
create index activity_reply_idx on app.activity (organization_id, occurred_at) include (lead_id)
    where activity_type in ('email.replied', 'lead.meeting_booked');
