-- When a receipt no longer makes a second delivery a duplicate. Null in receipts of the version before, whose keys have another form: no
-- delivery is compared with them any more. Ids of senders have receipts too, so that an id used for several events is noticed.
alter table app.webhook_receipt add column expires_at timestamptz;

-- Whether the sender used the event's id for another event before.
alter table app.webhook_log add column id_reused boolean not null default false;

-- The kept headers of a delivery of several events, once for all of them. A delivery of one event has them in its payload.
create table app.webhook_delivery (
    id uuid not null,
    organization_id uuid not null references app.organization (id),
    -- That of the delivery's payloads, in whose month it is.
    created_at timestamptz not null,
    headers jsonb not null,
    constraint webhook_delivery_pkey primary key (organization_id, created_at, id)
) partition by range (created_at);

-- Null where the headers are in the payload itself.
alter table app.webhook_payload add column delivery_id uuid;

-- How many deliveries to an endpoint were refused in an hour. Its row is what makes the limits below exact.
create table app.webhook_rejection_count (
    organization_id uuid not null references app.organization (id),
    endpoint_id uuid not null,
    hour timestamptz not null,
    deliveries bigint not null,
    constraint webhook_rejection_count_pkey primary key (organization_id, endpoint_id, hour),
    constraint webhook_rejection_count_endpoint_fkey foreign key (organization_id, endpoint_id) references app.webhook_endpoint (organization_id, id)
);

alter table app.webhook_rejection
    -- A row that stands for the deliveries beyond the limit of an endpoint and hour.
    add column is_summary boolean not null default false,
    add column delivery_count integer not null default 1,
    add column last_delivered_at timestamptz;
