-- Numbers that statistics and the dashboard read instead of counting millions of rows. The number in force is always the one in a tally
-- plus what app.tally_change holds for it.

-- Webhook logs by when they were received: a row for each hour and each day (UTC) that has any, and one for all of them.
create table app.webhook_log_tally (
    organization_id uuid not null references app.organization (id),
    period text not null,
    -- -infinity for period ever.
    starts_at timestamptz not null,
    pending bigint not null,
    processed bigint not null,
    ignored bigint not null,
    failed bigint not null,
    dead bigint not null,
    -- What → how many; only for hours and days. Any sender can invent types: beyond 200 the rest is counted together under ''.
    by_source jsonb not null default '{}',
    by_type jsonb not null default '{}',
    -- Processed logs by app.latency_bucket.
    by_latency jsonb not null default '{}',
    constraint webhook_log_tally_pkey primary key (organization_id, period, starts_at),
    constraint webhook_log_tally_period_check check (period in ('hour', 'day', 'ever')),
    constraint webhook_log_tally_starts_at_check check ((period = 'ever') = (starts_at = '-infinity'))
) with (fillfactor = 70);

-- Contacts, and leads that are not deleted.
create table app.organization_tally (
    organization_id uuid not null references app.organization (id),
    contacts bigint not null,
    leads_new bigint not null,
    leads_contacted bigint not null,
    leads_responded bigint not null,
    leads_qualified bigint not null,
    leads_converted bigint not null,
    leads_rejected bigint not null,
    constraint organization_tally_pkey primary key (organization_id)
) with (fillfactor = 50);

-- What statements changed and app.fold_tally_changes has not added up yet. Each appends its difference, so writers never wait for one
-- another as they would on shared counters. No foreign key: it would be checked row by row on the way of every webhook, and the rows
-- that are counted have one.
create table app.tally_change (
    id bigint generated always as identity,
    organization_id uuid not null,
    subject text not null,
    -- The hour webhook logs were received in.
    hour timestamptz,
    -- What the counted rows have in common; null = nothing is said about it.
    status text,
    event_source text,
    event_type text,
    latency smallint,
    change bigint not null,
    constraint tally_change_pkey primary key (organization_id, id),
    constraint tally_change_subject_check check (subject in ('webhook_log', 'contact', 'lead'))
) with (
    -- Rows live for seconds: vacuum by how many have died, however large the table once was.
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000
);

-- The dashboard's newest facts are few kinds of audit entries among many; RecentActivity repeats the condition.
create index audit_log_activity_idx on app.audit_log (organization_id, at desc, id desc)
    where starts_with(action, 'assignment.') or starts_with(action, 'onboarding_link.')
        or (action = 'user.signed_in' and actor_role in ('owner', 'admin', 'sb_admin', 'sb_operator'));
create index audit_log_platform_activity_idx on app.audit_log (at desc, id desc)
    where starts_with(action, 'assignment.') or starts_with(action, 'onboarding_link.')
        or (action = 'user.signed_in' and actor_role in ('owner', 'admin', 'sb_admin', 'sb_operator'));
